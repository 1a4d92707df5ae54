import type { Module } from '../../context.ts';
import { erasePassed, keepPoint, keepRecord } from './jobs.ts';

export const market: Module = {
  name: 'market',
  routes: () => undefined,
  handlers: { 'offering.changed': keepPoint, 'contract.moved': keepRecord },
  sweepers: [erasePassed],
};
