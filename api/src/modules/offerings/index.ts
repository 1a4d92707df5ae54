import type { Module } from '../../context.ts';
import { mountOfferings } from './routes.ts';

export { countListed, findRentable, getTerms } from './repo-rent.ts';
export type { OfferingNews } from './service-news.ts';
export { returnUnit, takeUnit } from './service-stock.ts';

export const offerings: Module = { name: 'offerings', routes: mountOfferings };
