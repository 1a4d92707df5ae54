import type { Module } from '../../context.ts';
import { fetchRates, wantRates } from './jobs.ts';
import { mountRates } from './routes.ts';

export const rates: Module = {
  name: 'rates',
  routes: mountRates,
  effects: [fetchRates],
  sweepers: [wantRates],
};
