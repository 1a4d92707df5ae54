import type { Module } from '../../context.ts';
import { tellOfMoney } from './jobs.ts';
import { mountBilling } from './routes.ts';

export { earn, fundEscrow, holdEscrow, holdMore, openEscrow, settle } from './service.ts';
export { EARNING, listAnyEarning, findAnyEscrow, listAnyUnpaid } from './repo.ts';

export const billing: Module = {
  name: 'billing',
  routes: mountBilling,
  consumers: [{ name: 'billing.notices', handlers: { 'money.posted': tellOfMoney } }],
};
