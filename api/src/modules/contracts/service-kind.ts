import {
  contractMachine,
  type ContractFacts,
  type ContractRole,
  type ContractVocabulary,
} from '@berth/shared/contracts/machine';
import { problem } from '@berth/shared/problems';
import { emit } from '../../db/outbox.ts';
import type { Head } from '../../engine/entry.ts';
import type { Kind } from '../../engine/move.ts';
import { saveContract, type ContractRow } from './repo.ts';
import type { Side } from './repo-list.ts';
import { movesFor } from './service-view.ts';

/** Contracts, as the engine moves them. */
export const contractKind: Kind<ContractRow, ContractVocabulary> = {
  machine: contractMachine,
  idOf: ({ contract_id }) => contract_id,
  save: saveContract,
  tell: ({ tx }, { contract_id }, { statement: { seq, at } }) =>
    emit(tx, 'contract.moved', { contract_id, seq }, at),
  refuse(row, { code, sentence }, role) {
    const moves = row && isSide(role) ? movesFor(row, role).map(({ action }) => action) : [];
    return problem(`contract.${code}`, sentence, { moves });
  },
};

const isSide = (role: ContractRole): role is Side => role !== 'system';

export const noFacts: ContractFacts = {
  has_details: false,
  has_rule: false,
  is_due: false,
  has_opened: false,
};

/** Where a contract's next entry begins. */
export const headIn = (row: ContractRow): Head => ({
  subject_id: row.contract_id,
  seq: row.version,
  hash: row.head_hash,
  at: row.head_at,
});
