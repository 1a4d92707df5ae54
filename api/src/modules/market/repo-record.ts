import { sql, type Selectable, type SqlBool } from 'kysely';
import { compileForIds, compileOnce, type Slots } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import type { Db, Tx } from './repo.ts';

export type RecordRow = Selectable<Schema['provider_records']>;
export type ContractFact = Selectable<Schema['provider_contracts']>;

/** Answers that the median is of: how a provider answers now, however many there were. */
const MEDIAN_OF = 100;

const selectRecords = compileForIds((db, wanted) =>
  db
    .selectFrom(wanted)
    .crossJoin('provider_records as r')
    .whereRef('r.provider_id', '=', 'wanted.value')
    .selectAll('r'),
);

/** By provider; one without any contract has none. */
export async function listRecords(
  db: Db,
  provider_ids: readonly string[],
): Promise<Map<string, RecordRow>> {
  const rows = await selectRecords(db, provider_ids, {});
  return new Map(rows.map((row) => [row.provider_id, row]));
}

const selectEntry = compileOnce((db, given: Slots<{ contract_id: string; seq: number }>) =>
  db
    .selectFrom('log as h')
    .innerJoin('contract_sign_requests as c', 'c.contract_id', 'h.subject_id')
    .where('h.subject_kind', '=', 'contract')
    .where('h.subject_id', '=', given.contract_id)
    .where('h.seq', '=', given.seq)
    .select([
      'h.action',
      'h.to_state',
      'h.role',
      'h.at',
      'c.provider_id',
      'c.renter_id',
      'c.requested_at',
    ]),
);

/** An entry of a log with whose contract it is. */
export async function getEntry(db: Db, contract_id: string, seq: number) {
  const [row] = (await selectEntry(db, { contract_id, seq })).rows;
  if (!row) throw new Error(`The log of ${contract_id} has no entry ${seq}`);
  return row;
}

const selectFact = compileOnce((db, given: Slots<{ contract_id: string }>) =>
  db.selectFrom('provider_contracts').where('contract_id', '=', given.contract_id).selectAll(),
);

export async function findFact(db: Db, contract_id: string): Promise<ContractFact | null> {
  return (await selectFact(db, { contract_id })).rows[0] ?? null;
}

export async function saveFact(tx: Tx, fact: ContractFact): Promise<void> {
  const { contract_id: _, ...said } = fact;
  await tx
    .insertInto('provider_contracts')
    .values(fact)
    .onConflict((oc) => oc.column('contract_id').doUpdateSet(said))
    .execute();
}

type Pair = Pick<ContractFact, 'provider_id' | 'renter_id'>;

// The outcome as text and not as a parameter, so that the index of completed contracts serves it.
const selectCompleted = compileOnce((db, given: Slots<Pair>) =>
  db
    .selectFrom('provider_contracts')
    .where('provider_id', '=', given.provider_id)
    .where('renter_id', '=', given.renter_id)
    .where(sql<SqlBool>`outcome = 'completed'`)
    .select('contract_id')
    .limit(sql.lit(1)),
);

/** Whether the renter has completed a contract with the provider. */
export async function hasCompleted(db: Db, { provider_id, renter_id }: Pair): Promise<boolean> {
  return (await selectCompleted(db, { provider_id, renter_id })).rows.length > 0;
}

const selectAnswers = compileOnce((db, given: Slots<{ provider_id: string }>) =>
  db
    .selectFrom('provider_contracts')
    .where('provider_id', '=', given.provider_id)
    .where('answered_at', 'is not', null)
    .orderBy('answered_at', 'desc')
    .orderBy('contract_id', 'desc')
    .limit(sql.lit(MEDIAN_OF))
    .select('response_s'),
);

/** Of an even number the slower of the two in the middle; null before the first answer. */
export async function findMedian(db: Db, provider_id: string): Promise<number | null> {
  const latest = (await selectAnswers(db, { provider_id })).rows;
  const sorted = latest.map(({ response_s }) => response_s ?? 0).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

export async function saveRecord(tx: Tx, record: RecordRow): Promise<void> {
  const { provider_id: _, ...sums } = record;
  await tx
    .insertInto('provider_records')
    .values(record)
    .onConflict((oc) => oc.column('provider_id').doUpdateSet(sums))
    .execute();
}
