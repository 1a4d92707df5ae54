import type { Module } from '../../context.ts';
import { eraseOldViews, keepViews } from './jobs.ts';
import { mountStatistics } from './routes.ts';

export const statistics: Module = {
  name: 'statistics',
  routes: mountStatistics,
  sweepers: [keepViews, eraseOldViews],
};
