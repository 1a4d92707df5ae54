import type { Module } from '../../context.ts';
import { routes } from './routes.ts';

export const serviceModule: Module = { name: 'service', routes };
