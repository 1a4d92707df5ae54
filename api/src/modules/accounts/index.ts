import type { Module } from '../../context.ts';
import { tellOfKeys } from './jobs.ts';
import { mountAccounts } from './routes.ts';

export { findAnyAccount, findPublicProvider, listAnyAdmins, markAdmin } from './repo.ts';
export { listKeyEvents, listRevocations } from './service-keys.ts';
export { describeAccount, ensureAccount, isKeyRemoved, knowsKey } from './service-unclaimed.ts';

export const accounts: Module = {
  name: 'accounts',
  routes: mountAccounts,
  consumers: [{ name: 'accounts.notices', handlers: { 'account.keys': tellOfKeys } }],
};
