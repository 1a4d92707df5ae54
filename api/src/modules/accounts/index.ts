import type { Module } from '../../context.ts';
import { mountAccounts } from './routes.ts';

export { findProvider } from './repo.ts';
export { listKeyEvents } from './service.ts';
export { describeAccount, ensureAccount, isKeyRemoved, knowsKey } from './service-unclaimed.ts';

export const accounts: Module = { name: 'accounts', routes: mountAccounts };
