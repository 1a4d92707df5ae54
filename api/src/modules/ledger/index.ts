import type { Module } from '../../context.ts';
import { checkBalances } from './jobs.ts';
import { mountLedger } from './routes.ts';

export { missingFunds, post, postTransfer } from './service.ts';
export { getAnyBalance, holdAnyBalance, listAnyBalances, listAnyPostings } from './repo.ts';

export const ledger: Module = {
  name: 'ledger',
  routes: mountLedger,
  sweepers: [checkBalances],
};
