import * as z from 'zod';
import { hourlyOf, refundOf, type Rate } from '@berth/shared/contracts/price';
import type {
  contractListQuery,
  contractListReply,
  dashboardView,
  evidenceView,
} from '@berth/shared/contracts/schemas';
import { isEnded, type ContractState } from '@berth/shared/contracts/machine';
import { addHours } from '@berth/shared/time';
import type { Currency } from '@berth/shared/money';
import { termsSchema } from '@berth/shared/offerings/schemas';
import type { Delegation } from '@berth/shared/signing/delegation';
import type { Statement } from '@berth/shared/signing/statement';
import type { ReadCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listKeyLinks } from '../accounts/index.ts';
import { countListed } from '../offerings/index.ts';
import { findAnyContract, getContract, listEntries, type ContractRow } from './repo.ts';
import { countByState, listContracts, listForSums, waitingStates, type Side } from './repo-list.ts';
import { makeItem, termsOfContract } from './service-view.ts';

type Query = z.output<typeof contractListQuery>;
type Reads = Pick<ReadCtx, 'db' | 'clock' | 'config' | 'serviceKey'>;

const DASHBOARD_ITEMS = 8;
const COMMITTED_DAYS = 30;

/** A page of the reader's contracts on one side, with counts for the filter. */
export async function listOwn(
  { db }: Pick<Reads, 'db'>,
  actor: AccountActor,
  query: Query,
): Promise<z.output<typeof contractListReply>> {
  const { rows, next_cursor } = await listContracts(db, actor, {
    role: query.role,
    states: query.state ?? null,
    only_waiting: query.waits_on === 'mine',
    offering_id: query.offering_id ?? null,
    q: query.q?.trim() || null,
    sort: query.sort ?? 'newest',
    cursor: query.cursor,
    limit: pageSize(query.limit),
  });
  const counts = await countByState(db, actor, query.role);
  const waiting = waitingStates(query.role).reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return { items: rows.map((row) => makeItem(row, query.role)), next_cursor, counts, waiting };
}

/** The log with all that is needed to verify it offline, for one of its parties. */
export async function getEvidence(
  ctx: Reads,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof evidenceView>> {
  return evidenceOf(ctx, await getContract(ctx.db, actor, contract_id));
}

/** The same for whoever may read the database: the invariants' checker. */
export async function contractEvidence(ctx: Reads, contract_id: string) {
  const row = await findAnyContract(ctx.db, contract_id);
  return row && evidenceOf(ctx, row);
}

async function evidenceOf(
  { db, config, serviceKey }: Reads,
  row: ContractRow,
): Promise<z.output<typeof evidenceView>> {
  const { contract_id } = row;
  const [terms, entries, key_links] = await Promise.all([
    termsOfContract(db, row),
    listEntries(db, contract_id),
    listKeyLinks(db, [row.renter_id, row.provider_id]),
  ]);
  return {
    format: 'berth/evidence/v1',
    contract_id,
    audience: config.public_origin,
    service_key: serviceKey.public_key,
    terms: z.encode(termsSchema, terms),
    entries: entries.map((entry) => ({
      statement: JSON.parse(entry.statement) as Statement,
      signature: entry.signature,
      key: entry.key,
      delegation:
        entry.delegation && entry.delegation_signature
          ? {
              delegation: JSON.parse(entry.delegation) as Delegation,
              signature: entry.delegation_signature,
            }
          : null,
      private:
        entry.salt && entry.part
          ? { salt: entry.salt, part: JSON.parse(entry.part) as Record<string, unknown> }
          : null,
    })),
    key_links,
  };
}

type Amounts = z.output<typeof dashboardView>['hourly'];

/** What needs the reader, what runs, what it costs and earns. */
export async function viewDashboard(
  ctx: Reads,
  actor: AccountActor,
): Promise<z.output<typeof dashboardView>> {
  const { db } = ctx;
  const now = ctx.clock.now();
  const since = addHours(now, -24 * COMMITTED_DAYS);
  const some = (role: Side, filter: { only_waiting: boolean; states: ContractState[] | null }) =>
    listContracts(db, actor, {
      ...filter,
      role,
      offering_id: null,
      q: null,
      sort: 'due',
      cursor: undefined,
      limit: DASHBOARD_ITEMS,
    }).then(({ rows }) => rows.map((row) => makeItem(row, role)));
  const waiting = { only_waiting: true, states: null };
  const running = { only_waiting: false, states: ['active' as const] };
  const [toDo, toAnswer, rented, provided, renter, provider, spent, earned, listed_offerings] =
    await Promise.all([
      some('renter', waiting),
      some('provider', waiting),
      some('renter', running),
      some('provider', running),
      countByState(db, actor, 'renter'),
      countByState(db, actor, 'provider'),
      listForSums(db, actor, 'renter', since),
      listForSums(db, actor, 'provider', null),
      countListed(db, actor),
    ]);
  return {
    waiting: [...toDo, ...toAnswer],
    running: [...rented, ...provided],
    ...spentOf(spent, since),
    ...earnedOf(earned, now),
    counts: { renter, provider, listed_offerings },
  };
}

type SumRow = Awaited<ReturnType<typeof listForSums>>[number];

const rateIn = (row: SumRow): Rate => termsSchema.parse(JSON.parse(row.terms));

function addTo(sums: Map<Currency, bigint>, currency: string, amount_e9s: bigint): void {
  const name = currency as Currency;
  sums.set(name, (sums.get(name) ?? 0n) + amount_e9s);
}

const amountsOf = (sums: Map<Currency, bigint>): Amounts =>
  [...sums].map(([currency, amount_e9s]) => ({ currency, amount_e9s }));

function spentOf(rows: SumRow[], since: string) {
  const hourly = new Map<Currency, bigint>();
  const committed = new Map<Currency, bigint>();
  for (const row of rows) {
    if (row.state === 'active') addTo(hourly, row.currency, hourlyOf(rateIn(row)));
    if (row.requested_at >= since) {
      addTo(committed, row.currency, row.total_e9s - (row.refund_e9s ?? 0n));
    }
  }
  return { hourly: amountsOf(hourly), committed_30_days: amountsOf(committed) };
}

/** Earned: what would be kept if the contract ended now; to come: the rest of what was agreed. */
function earnedOf(rows: SumRow[], now: string) {
  const earned = new Map<Currency, bigint>();
  const to_come = new Map<Currency, bigint>();
  for (const row of rows) {
    const { total_e9s, active_at, currency } = row;
    if (isEnded(row.state as ContractState)) {
      addTo(earned, currency, total_e9s - (row.refund_e9s ?? 0n));
    } else if (row.state === 'active') {
      const unused = refundOf('unused_hours', { rate: rateIn(row), total_e9s, active_at }, now);
      addTo(earned, currency, total_e9s - unused);
      addTo(to_come, currency, unused);
    } else {
      addTo(to_come, currency, total_e9s);
    }
  }
  return { earned: amountsOf(earned), to_come: amountsOf(to_come) };
}
