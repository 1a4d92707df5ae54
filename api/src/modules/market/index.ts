import type { Module } from '../../context.ts';
import { erasePassed, keepPoint, keepRecord } from './jobs.ts';
import { mountMarket } from './routes.ts';

export { listAnyEnded, listPublicRecords } from './repo.ts';
export { meantBy, queryOf } from './service.ts';

export const market: Module = {
  name: 'market',
  routes: mountMarket,
  consumers: [
    { name: 'market.points', handlers: { 'offering.changed': keepPoint } },
    { name: 'market.records', handlers: { 'contract.moved': keepRecord } },
  ],
  sweepers: [erasePassed],
};
