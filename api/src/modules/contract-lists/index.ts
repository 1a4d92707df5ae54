import type { Module } from '../../context.ts';
import { foldChanges } from './jobs.ts';
import { mountContractLists } from './routes.ts';

export { makeItem } from './service.ts';

export const contractLists: Module = {
  name: 'contract-lists',
  routes: mountContractLists,
  sweepers: [foldChanges],
};
