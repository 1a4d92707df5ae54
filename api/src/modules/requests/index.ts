import type { Module } from '../../context.ts';
import { paidRequests } from './jobs.ts';
import { mountRequests } from './routes.ts';

export const requests: Module = {
  name: 'requests',
  routes: mountRequests,
  consumers: [paidRequests],
};
