import type { Module } from '../../context.ts';
import { endedHolds } from './jobs.ts';
import { mountStock } from './routes.ts';

export { requireRentable, requireRoom, returnUnit, takeUnit, useHold } from './service.ts';
export { findAnyRentable } from './repo.ts';

export const stock: Module = { name: 'stock', routes: mountStock, due: [endedHolds] };
