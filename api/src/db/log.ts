import type { Kysely, Transaction } from 'kysely';
import type { Statement } from '@berth/shared/signing/statement';
import { insertRows, type Slots } from './compiled.ts';
import type { Schema } from './schema.ts';

/** One entry of a log, ready to be kept. */
export interface Entry {
  statement: Statement;
  /** The canonical signing input's JSON part, as it was signed. */
  text: string;
  hash: string;
  /** Null where the machine is not signed, as the key is. */
  signature: string | null;
  key: string | null;
  delegation_id: string | null;
  /** Who is said to have made it: an account, or the system. */
  account_id: string;
  memo: string;
}

/** A thing as it was read, null where it is made, and as it is to be. */
export interface Change<Row> {
  before: Row | null;
  after: Row;
}

/** An entry and what it moves; `at` is ISO time. */
export interface LogRow {
  subject_kind: string;
  subject_id: string;
  from_state: string | null;
  to_state: string;
  entry: Entry;
}

/** One entry of a contract's log as `h`, and its contract as `c`. */
export const contractEntry = (
  db: Kysely<Schema>,
  { contract_id, seq }: Slots<{ contract_id: string; seq: number }>,
) =>
  db
    .selectFrom('log as h')
    .innerJoin('contract_sign_requests as c', 'c.contract_id', 'h.subject_id')
    .where('h.subject_kind', '=', 'contract')
    .where('h.subject_id', '=', contract_id)
    .where('h.seq', '=', seq);

export const insertEntries = (tx: Transaction<Schema>, rows: readonly LogRow[]): Promise<void> =>
  insertRows(tx, 'log', rows.map(columnsOf));

const columnsOf = ({ entry: { statement, ...entry }, ...row }: LogRow): Schema['log'] => ({
  subject_kind: row.subject_kind,
  subject_id: row.subject_id,
  seq: statement.seq,
  action: statement.action,
  from_state: row.from_state,
  to_state: row.to_state,
  by: entry.account_id,
  role: statement.role,
  at: statement.at,
  memo: entry.memo,
  statement: entry.text,
  signature: entry.signature,
  key: entry.key,
  delegation_id: entry.delegation_id,
  prev_hash: statement.prev,
  hash: entry.hash,
});
