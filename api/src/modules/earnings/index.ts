import type { Module } from '../../context.ts';
import { mountEarnings } from './routes.ts';

export { countEarned } from './service.ts';

export const earnings: Module = { name: 'earnings', routes: mountEarnings };
