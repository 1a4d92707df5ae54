import type { Module } from '../../context.ts';
import { mountIcp } from './routes.ts';

export { followIcp } from './jobs.ts';

export const icp: Module = { name: 'icp', routes: mountIcp };
