import { sql, type SqlBool } from 'kysely';
import { contractNext } from '@berth/shared/contracts/next';
import { contractStateNames, type ContractState } from '@berth/shared/contracts/machine';
import type { AccountActor } from '../../lib/actor.ts';
import { makeCursor, readCursor } from '../../db/page.ts';
import { summed, sumOf, sumParts } from '../../db/sums.ts';
import { visibleTo, type Db, type Side, type Tx } from '../../db/contract-rows.ts';

/**
 * Whether a side is waited on: by the contract's state, as the shared table has it, or by an
 * extension that the other party has signed.
 */
function waitsOn(side: Side) {
  const states = contractStateNames.filter((state) => contractNext[state].waits_on === side);
  const other = side === 'renter' ? 'provider' : 'renter';
  return sql<SqlBool>`(${sql.ref('c.state')} in (${sql.join(states)})
    or coalesce(${sql.ref('c.extension_by')}, '') = ${other})`;
}

/** The same of a contract, or of a total of several. */
export const isWaitedOn = (
  { state, extension_by }: { state: ContractState; extension_by: string | null },
  side: Side,
): boolean =>
  contractNext[state].waits_on === side ||
  extension_by === (side === 'renter' ? 'provider' : 'renter');

const ofSide = (db: Db, actor: AccountActor, side: Side) =>
  visibleTo(db, actor).where(
    side === 'renter' ? 'c.renter_id' : 'c.provider_id',
    '=',
    actor.acting_for,
  );

interface Filter {
  role: Side;
  states: readonly ContractState[] | null;
  only_waiting: boolean;
  offering_id: string | null;
  /** The other party's handle. */
  other: string | null;
  q: string | null;
  sort: 'newest' | 'due';
  cursor: string | undefined;
  limit: number;
}

const NO_DEADLINE = '9999';
const sortKinds = { newest: ['time', 'text'], due: ['integer', 'text', 'text'] } as const;

const itemsFor = (db: Db, actor: AccountActor, side: Side) =>
  ofSide(db, actor, side)
    .innerJoin('accounts as o', 'o.id', side === 'renter' ? 'c.provider_id' : 'c.renter_id')
    .select([
      'c.contract_id',
      'c.offering_id',
      'c.state',
      'c.title',
      'c.operating_system',
      'c.hours',
      'c.total_e9s',
      'c.refund_e9s',
      'c.currency',
      'c.requested_at',
      'c.state_at',
      'c.due_at',
      'c.active_at',
      'c.ends_at',
      'c.ended_at',
      'c.extension_by',
      'c.on_chain',
      'c.renter_key',
      'c.provider_key',
      'o.handle',
      'o.display_name',
    ]);

export type ItemRow = Awaited<ReturnType<ReturnType<typeof itemsFor>['execute']>>[number];

/** A page of one side's contracts, and the cursor of the next. */
export async function listContracts(
  db: Db,
  actor: AccountActor,
  filter: Filter,
): Promise<{ rows: ItemRow[]; next_cursor: string | null }> {
  const waiting = waitsOn(filter.role);
  const rank = sql<number>`case when ${waiting} then 0 else 1 end`;
  const due = sql<string>`coalesce(${sql.ref('c.due_at')}, ${NO_DEADLINE})`;
  let query = itemsFor(db, actor, filter.role)
    .select([rank.as('rank'), due.as('due')])
    .limit(filter.limit + 1);
  if (filter.states) query = query.where('c.state', 'in', filter.states);
  if (filter.only_waiting) query = query.where(waiting);
  if (filter.offering_id) query = query.where('c.offering_id', '=', filter.offering_id);
  if (filter.other) query = query.where('o.handle', '=', filter.other);
  if (filter.q) query = query.where(matches(filter.q));

  const key = readCursor(filter.sort, sortKinds[filter.sort], filter.cursor);
  if (filter.sort === 'due') {
    query = query.orderBy(rank).orderBy(due).orderBy('c.contract_id');
    if (key) {
      const after = sql.join(key);
      query = query.where(
        sql<SqlBool>`(${rank}, ${due}, ${sql.ref('c.contract_id')}) > (${after})`,
      );
    }
  } else {
    query = query.orderBy('c.requested_at', 'desc').orderBy('c.contract_id', 'desc');
    if (key) {
      const before = sql.join(key);
      query = query.where(
        sql<SqlBool>`(${sql.ref('c.requested_at')}, ${sql.ref('c.contract_id')}) < (${before})`,
      );
    }
  }
  const rows = await query.execute();
  const kept = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? kept.at(-1) : undefined;
  const next_cursor = last
    ? makeCursor(
        filter.sort,
        filter.sort === 'due'
          ? [last.rank, last.due, last.contract_id]
          : [last.requested_at, last.contract_id],
      )
    : null;
  return { rows: kept, next_cursor };
}

/** Title, the other party's name or handle, or the beginning of the contract's id. */
function matches(q: string) {
  const plain = q.trim().toLowerCase();
  const like = `%${plain.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql<SqlBool>`(
    lower(${sql.ref('c.title')}) like ${like} escape '\\'
    or lower(${sql.ref('o.display_name')}) like ${like} escape '\\'
    or ${sql.ref('o.handle')} like ${like} escape '\\'
    or substr(${sql.ref('c.contract_id')}, 1, ${plain.length}) = ${plain})`;
}

/** What one side's contracts in one state and currency come to. */
export interface Total {
  state: ContractState;
  /** Who has signed an extension that waits for the other party; empty where nobody has. */
  extension_by: Side | '';
  currency: string;
  contracts: number;
  /** What they cost less refunds. */
  amount_e9s: bigint;
}

/** All that there are, kept by the database as contracts change. */
export async function listTotals(db: Db, actor: AccountActor, side: Side): Promise<Total[]> {
  const rows = await db
    .selectFrom('contract_totals as t')
    .where('t.account_id', '=', actor.acting_for)
    .where('t.side', '=', side)
    .groupBy(['t.state', 't.extension_by', 't.currency'])
    .having((eb) => eb(eb.fn.sum('t.contracts'), '>', 0))
    .select((eb) => [
      't.state',
      't.extension_by',
      't.currency',
      eb.fn.sum<number>('t.contracts').as('contracts'),
      summed(eb.ref('t.whole')).as('whole'),
      summed(eb.ref('t.rest_e9s')).as('rest'),
    ])
    .execute();
  return rows.map(({ state, extension_by, currency, contracts, ...parts }) => ({
    state: state as ContractState,
    extension_by: extension_by as Side | '',
    currency,
    contracts: Number(contracts),
    amount_e9s: sumOf(parts),
  }));
}

/** What the renter's requests since then cost less their refunds, by currency. */
export async function sumRequestedSince(
  db: Db,
  actor: AccountActor,
  since: string,
): Promise<{ currency: string; amount_e9s: bigint }[]> {
  const kept = sumParts(sql`${sql.ref('c.total_e9s')} - coalesce(${sql.ref('c.refund_e9s')}, 0)`);
  const rows = await ofSide(db, actor, 'renter')
    .where('c.requested_at', '>=', since)
    .groupBy('c.currency')
    .orderBy('c.currency')
    .select(['c.currency', kept.whole.as('whole'), kept.rest.as('rest')])
    .execute();
  return rows.map(({ currency, ...parts }) => ({ currency, amount_e9s: sumOf(parts) }));
}

/** One side's contracts that run now, with all that money is counted from. */
export const listActive = (db: Db, actor: AccountActor, side: Side) =>
  ofSide(db, actor, side)
    // As text and not as a parameter, so that the index of what is active serves it.
    .where(sql<SqlBool>`c.state in ('active', 'suspended')`)
    .select(['c.total_e9s', 'c.currency', 'c.active_at', 'c.pauses', 'c.terms_hash'])
    .execute();

/** Renters with several requests that wait for this provider, the most first. */
export const listAskers = (db: Db, actor: AccountActor, limit: number) =>
  ofSide(db, actor, 'provider')
    .where('c.state', '=', 'pending')
    .innerJoin('accounts as a', 'a.id', 'c.renter_id')
    .groupBy(['a.id', 'a.handle', 'a.display_name'])
    .having((eb) => eb(eb.fn.countAll(), '>', 1))
    .orderBy((eb) => eb.fn.countAll(), 'desc')
    .orderBy('a.handle')
    .limit(limit)
    .select((eb) => [
      'a.handle',
      'a.display_name',
      eb.fn.min('c.renter_key').as('key'),
      eb.fn.countAll<number>().as('waiting'),
    ])
    .execute();

const FOLDED_AT_ONCE = 1_000;

/** Whether changes wait to be folded into the totals of contracts; SQLite has none. */
export async function hasAnyUnfolded(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('contract_totals')
    .where('part', '>', 0)
    .select('part')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Folds the oldest changes into the totals that they are of, for PostgreSQL. */
export async function foldTotals(tx: Tx): Promise<number> {
  // The next statement sees what the process that held the lock before has written.
  await sql`
    SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' contract_totals'))`.execute(tx);
  const { numAffectedRows } = await sql`
    WITH gone AS (
      DELETE FROM contract_totals WHERE (account_id, side) IN (
        SELECT account_id, side FROM contract_totals
        WHERE part > 0 ORDER BY part LIMIT ${FOLDED_AT_ONCE}
      ) RETURNING *
    )
    INSERT INTO contract_totals
    SELECT account_id, side, state, extension_by, currency, 0,
      sum(contracts), sum(whole), sum(rest_e9s)
    FROM gone GROUP BY account_id, side, state, extension_by, currency
    HAVING sum(contracts) <> 0`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
