import { offeringMachine, type OfferingVocabulary } from '@berth/shared/offerings/machine';
import { problem } from '@berth/shared/problems';
import type { OfferingRow } from '../../db/offering-rows.ts';
import type { Kind } from '../../engine/move.ts';
import { movesOf } from '../../offerings/row.ts';
import { moved } from '../../offerings/versions.ts';
import { findAnyOffering, saveOfferings } from './repo.ts';
import { tellAll } from './service-news.ts';

/** Offerings, as the engine moves them. */
export const offeringKind: Kind<OfferingRow, OfferingVocabulary> = {
  machine: offeringMachine,
  headOf: ({ id, log_length, head_hash, updated_at }) => ({
    ...{ subject_id: id, seq: log_length, hash: head_hash, at: updated_at },
  }),
  placed: (row, state, { statement: { seq }, hash }) => ({
    ...{ ...row, state, log_length: seq + 1, head_hash: hash },
  }),
  async save(tx, changes) {
    const late = await saveOfferings(tx, changes);
    if (late !== null) throw moved(await findAnyOffering(tx, late));
  },
  tell: tellAll,
  refuse: (row, refusal) =>
    problem(
      `offering.${refusal.code === 'not_yet' ? 'incomplete' : 'no_such_move'}`,
      refusal.sentence,
      {
        moves: row ? movesOf(row).map(({ action }) => action) : [],
      },
    ),
};
