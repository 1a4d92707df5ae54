import type { Module } from '../../context.ts';
import { erasures, foldChanges, tellParties, timedMoves } from './jobs.ts';
import { mountContracts } from './routes.ts';

export { listAnyImported } from './repo-icp.ts';
export { contractEvidence } from './service.ts';
export { importContract, importReply, KEY_REMOVED, type Outcome } from './service-import.ts';

export const contracts: Module = {
  name: 'contracts',
  routes: mountContracts,
  consumers: [{ name: 'contracts.notices', handlers: { 'contract.moved': tellParties } }],
  due: [timedMoves, erasures],
  sweepers: [foldChanges],
};
