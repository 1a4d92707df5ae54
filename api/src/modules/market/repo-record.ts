import type { Selectable } from 'kysely';
import { compileOnce } from '../../db/compiled.ts';
import type { Schema } from '../../db/schema.ts';
import type { Db, Tx } from './repo.ts';

export type RecordRow = Selectable<Schema['provider_records']>;
export type ContractFact = Selectable<Schema['provider_contracts']>;

/** Answers that the median is of: how a provider answers now, however many there were. */
const MEDIAN_OF = 100;

/** By provider; one without any contract has none. */
export async function listRecords(
  db: Db,
  provider_ids: readonly string[],
): Promise<Map<string, RecordRow>> {
  if (provider_ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('provider_records')
    .where('provider_id', 'in', [...new Set(provider_ids)])
    .selectAll()
    .execute();
  return new Map(rows.map((row) => [row.provider_id, row]));
}

const selectEntry = compileOnce((db, given: { contract_id: string; seq: number }) =>
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

export async function findFact(db: Db, contract_id: string): Promise<ContractFact | null> {
  const row = await db
    .selectFrom('provider_contracts')
    .where('contract_id', '=', contract_id)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function saveFact(tx: Tx, fact: ContractFact): Promise<void> {
  const { contract_id: _, ...said } = fact;
  await tx
    .insertInto('provider_contracts')
    .values(fact)
    .onConflict((oc) => oc.column('contract_id').doUpdateSet(said))
    .execute();
}

/** Whether the renter has completed a contract with the provider. */
export async function hasCompleted(
  db: Db,
  { provider_id, renter_id }: Pick<ContractFact, 'provider_id' | 'renter_id'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('provider_contracts')
    .where('provider_id', '=', provider_id)
    .where('renter_id', '=', renter_id)
    .where('outcome', '=', 'completed')
    .select('contract_id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Of an even number the slower of the two in the middle; null before the first answer. */
export async function findMedian(db: Db, provider_id: string): Promise<number | null> {
  const latest = await db
    .selectFrom('provider_contracts')
    .where('provider_id', '=', provider_id)
    .where('answered_at', 'is not', null)
    .orderBy('answered_at', 'desc')
    .orderBy('contract_id', 'desc')
    .limit(MEDIAN_OF)
    .select('response_s')
    .execute();
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
