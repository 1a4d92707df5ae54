import type { Module } from '../../context.ts';
import { erasures, foldChanges, tellParties, timedMoves } from './jobs.ts';
import { mountContracts } from './routes.ts';

export { checkSignature, readEntry, refusalOf, type Checked } from './service-entry.ts';
export { onlyInLogs } from './service-about.ts';
export { follow, headOf, systemMove } from './service-move.ts';
export { contractKind, noFacts } from './service-kind.ts';
export {
  CONTRACT,
  findAnyContract,
  findByNonce,
  insertPrivatePart,
  insertReply,
  listAnyImported,
  type ContractRow,
} from './repo.ts';
export { contractEvidence } from './service.ts';

export const contracts: Module = {
  name: 'contracts',
  routes: mountContracts,
  consumers: [{ name: 'contracts.notices', handlers: { 'contract.moved': tellParties } }],
  due: [timedMoves, erasures],
  sweepers: [foldChanges],
};
