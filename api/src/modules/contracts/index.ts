import type { Module } from '../../context.ts';
import { earnings, endWarnings, erasures, tellEnding, tellParties, timedMoves } from './jobs.ts';

export {
  afterEntry,
  contractKind,
  follow,
  headOf,
  movesFor,
  noFacts,
  sideOf,
  standingOf,
  systemMove,
  termsOfContract,
} from './service.ts';
export {
  findAnyContract,
  findAnyEncryptionKey,
  findAnyLatestDelivery,
  findAnyOpenExtension,
  findByNonce,
  getAnyNews,
  insertPrivatePart,
  insertReply,
  listAnyImported,
  movedSince,
} from './repo.ts';

export const contracts: Module = {
  name: 'contracts',
  consumers: [
    {
      name: 'contracts.notices',
      handlers: { 'contract.ends': tellEnding, 'contract.moved': tellParties },
    },
  ],
  due: [timedMoves, endWarnings, earnings, erasures],
};
