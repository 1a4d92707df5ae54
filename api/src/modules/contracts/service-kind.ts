import {
  contractMachine,
  type ContractRole,
  type ContractVocabulary,
} from '@berth/shared/contracts/machine';
import type { ContractFacts } from '@berth/shared/contracts/guards';
import type { SignedMove } from '@berth/shared/contracts/schemas';
import { problem } from '@berth/shared/problems';
import { emit } from '../../db/outbox.ts';
import type { Kind } from '../../engine/move.ts';
import { effects } from './service-effects.ts';
import { saveContract, type ContractRow } from './repo.ts';
import type { Side } from './repo-list.ts';
import { movesFor } from './service-view.ts';

/** Contracts, as the engine moves them. */
export const contractKind: Kind<ContractRow, ContractVocabulary, SignedMove> = {
  machine: contractMachine,
  headOf: ({ contract_id, version, head_hash, head_at }) => ({
    subject_id: contract_id,
    seq: version,
    hash: head_hash,
    at: head_at,
  }),
  placed: (row, state, { statement: { seq, at }, hash }) => ({
    ...row,
    state,
    state_at: state === row.state ? row.state_at : at,
    version: seq + 1,
    head_hash: hash,
    head_at: at,
  }),
  async save(tx, changes) {
    for (const change of changes) await saveContract(tx, change);
  },
  async tell({ tx }, made) {
    for (const { after, entries } of made) {
      const { contract_id } = after;
      for (const { statement } of entries) {
        const { seq, at } = statement;
        await emit(tx, 'contract.moved', { contract_id, seq }, at);
      }
    }
  },
  effects,
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
