import type { Module } from '../../context.ts';
import { eraseOldChanges } from './jobs.ts';
import { mountBulk } from './routes.ts';

export const bulk: Module = { name: 'bulk', routes: mountBulk, sweepers: [eraseOldChanges] };
