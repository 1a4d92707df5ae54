import type { Module } from '../../context.ts';
import { mountRequests } from './routes.ts';

export const requests: Module = { name: 'requests', routes: mountRequests };
