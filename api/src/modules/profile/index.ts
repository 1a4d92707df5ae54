import type { Module } from '../../context.ts';
import { mountProfile } from './routes.ts';

export { makeAccountView } from './service.ts';

export const profile: Module = { name: 'profile', routes: mountProfile };
