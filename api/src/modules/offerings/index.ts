import type { Module } from '../../context.ts';
import { endedHolds, eraseOldChanges, eraseOldViews, keepViews } from './jobs.ts';
import { mountOfferings } from './routes.ts';

export { importIcpOfferings, keepIcpTerms, type IcpPlace } from './service-icp.ts';
export { countListed, findAnyRentable, getAnyTerms } from './repo-rent.ts';
export { requireRentable, useHold } from './service-hold.ts';
export { listViews } from './service-list.ts';
export { requireRoom } from './service-room.ts';
export { returnUnit, takeUnit } from './service-stock.ts';

export const offerings: Module = {
  name: 'offerings',
  routes: mountOfferings,
  due: [endedHolds],
  sweepers: [keepViews, eraseOldChanges, eraseOldViews],
};
