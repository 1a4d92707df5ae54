import type { Module } from '../../context.ts';
import { mountOfferings } from './routes.ts';

export { countListed, findRentable, getTerms, returnUnit, takeUnit } from './repo-rent.ts';

export const offerings: Module = { name: 'offerings', routes: mountOfferings };
