import type { Module } from '../../context.ts';

export { importLedger } from './service-import.ts';

export const ledger: Module = { name: 'ledger', routes: () => undefined };
