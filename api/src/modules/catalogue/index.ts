import type { Module } from '../../context.ts';
import { mountCatalogue } from './routes.ts';

export {
  countListed,
  findAnyOffering,
  getAnyTerms,
  giveBack,
  insertTerms,
  listAllOwn,
  listOwnMatching,
  mapAnyOf,
  mapAnyTerms,
  takeOne,
} from './repo.ts';
export {
  getOffering,
  getOwnRow,
  getOwnView,
  insertNew,
  listViews,
  saveMany,
  saverOf,
  tellPublic,
  type Saver,
} from './service.ts';

export const catalogue: Module = { name: 'catalogue', routes: mountCatalogue };
