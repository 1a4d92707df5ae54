import type { Module } from '../../context.ts';
import { mountLedger } from './routes.ts';

export { followLedger } from './jobs.ts';
export { importLedger, type RunReport } from './jobs-import.ts';

export const ledger: Module = { name: 'ledger', routes: mountLedger };
