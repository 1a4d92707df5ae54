import type { Module } from '../../context.ts';
import { mountAccounts } from './routes.ts';

export { listKeyLinks } from './service.ts';

export const accounts: Module = { name: 'accounts', routes: mountAccounts };
