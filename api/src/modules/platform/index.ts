import type { Module } from '../../context.ts';
import { routes } from './routes.ts';

export const platformModule: Module = { name: 'platform', routes };
