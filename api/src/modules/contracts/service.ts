import * as z from 'zod';
import {
  MAX_ASKERS,
  type askersReply,
  type contractListQuery,
  type contractListReply,
  type dashboardView,
  type evidenceView,
} from '@berth/shared/contracts/schemas';
import type { ContractState } from '@berth/shared/contracts/machine';
import { addHours } from '@berth/shared/time';
import { termsSchema } from '@berth/shared/offerings/schemas';
import type { Delegation } from '@berth/shared/signing/delegation';
import { authorityOf } from '@berth/shared/signing/authority';
import type { AutoAcceptRule } from '@berth/shared/signing/auto-accept';
import { signerOf, type KeyEvent } from '@berth/shared/signing/key-events';
import { eventsAbout } from '@berth/shared/signing/key-history';
import type { AnyStatement } from '@berth/shared/signing/statement';
import type { ReadCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import { listServiceKeys } from '../../db/service-keys.ts';
import { seenBySystem, type AccountActor } from '../../lib/actor.ts';
import { listKeyEvents, listRevocations } from '../keys/index.ts';
import { countListed } from '../catalogue/index.ts';
import {
  findAnyContract,
  getContract,
  listEntries,
  type ContractRow,
  type SeenContract,
} from './repo.ts';
import {
  listAskers,
  listContracts,
  listTotals,
  sumRequestedSince,
  type Side,
} from './repo-list.ts';
import { amountsOf, countByState, countWaiting, hourlyCosts, sumsOf } from './service-sums.ts';
import { makeItem, termsOfContract } from './service-view.ts';

type Query = z.output<typeof contractListQuery>;
type Reads = Pick<ReadCtx, 'db' | 'clock' | 'config' | 'serviceKey'>;
type ListReads = Pick<ReadCtx, 'db' | 'clock' | 'log'>;

const DASHBOARD_ITEMS = 8;
const COMMITTED_DAYS = 30;

/** A page of the reader's contracts on one side, with counts for the filter. */
export async function listOwn(
  ctx: ListReads,
  actor: AccountActor,
  query: Query,
): Promise<z.output<typeof contractListReply>> {
  const { db, clock } = ctx;
  const { role: side } = query;
  const { rows, next_cursor } = await listContracts(db, actor, {
    role: side,
    states: query.state ?? null,
    only_waiting: query.waits_on === 'mine',
    offering_id: query.offering_id ?? null,
    other: query.other ?? null,
    q: query.q?.trim() || null,
    sort: query.sort ?? 'newest',
    cursor: query.cursor,
    limit: pageSize(query.limit),
  });
  const totals = await listTotals(db, actor, side);
  const sums = await sumsOf(ctx, actor, { side, totals }, clock.now());
  return {
    items: rows.map((row) => makeItem(row, side)),
    next_cursor,
    counts: countByState(totals),
    waiting: countWaiting(totals, side),
    ...sums,
  };
}

/** Renters with several requests that wait for the provider. */
export async function listOwnAskers(
  { db }: Pick<Reads, 'db'>,
  actor: AccountActor,
): Promise<z.output<typeof askersReply>> {
  const rows = await listAskers(db, actor, MAX_ASKERS);
  return { items: rows.map((row) => ({ ...row, waiting: Number(row.waiting) })) };
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
  return row && evidenceOf(ctx, seenBySystem(row));
}

/** What proves to the provider's browser which key it seals to, so that it need not believe us. */
export async function viewRecipient(
  ctx: Reads,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof evidenceView>> {
  const row = await getContract(ctx.db, actor, contract_id);
  const [first, events] = await Promise.all([
    listEntries(ctx.db, row, 1),
    listKeyEvents(ctx.db, [row.renter_id]),
  ]);
  return fileOf(ctx, row, first, events);
}

async function evidenceOf(ctx: Reads, row: SeenContract): Promise<z.output<typeof evidenceView>> {
  const entries = await listEntries(ctx.db, row);
  const [events, revocations] = await Promise.all([
    listKeyEvents(ctx.db, [row.renter_id, row.provider_id]),
    listRevocations(ctx.db, [...new Set(entries.map(({ key }) => key))]),
  ]);
  return fileOf(ctx, row, entries, eventsOf(row, entries, [...events, ...revocations]));
}

async function fileOf(
  { db, config, serviceKey }: Reads,
  row: ContractRow,
  entries: Entries,
  key_events: KeyEvent[],
): Promise<z.output<typeof evidenceView>> {
  const { contract_id } = row;
  const [terms, service_keys] = await Promise.all([
    termsOfContract(db, row),
    listServiceKeys(db, serviceKey),
  ]);
  return {
    format: 'berth/evidence/v2',
    subject_kind: 'contract',
    subject_id: contract_id,
    audience: config.public_origin,
    service_keys,
    terms: z.encode(termsSchema, terms),
    entries: entries.map((entry) => ({
      statement: JSON.parse(entry.statement) as AnyStatement,
      signature: entry.signature,
      key: entry.key,
      authority: authorityOf(
        entry.delegation && entry.delegation_signature
          ? {
              delegation: JSON.parse(entry.delegation) as Delegation,
              signature: entry.delegation_signature,
            }
          : null,
      ),
      private:
        entry.salt && entry.part
          ? { salt: entry.salt, part: JSON.parse(entry.part) as Record<string, unknown> }
          : null,
    })),
    key_events,
  };
}

type Entries = Awaited<ReturnType<typeof listEntries>>;

/** Of what the parties signed about their keys, what this log needs: however many they had. */
function eventsOf(row: ContractRow, entries: Entries, events: readonly KeyEvent[]): KeyEvent[] {
  const statements = entries.map(({ statement }) => JSON.parse(statement) as AnyStatement);
  const recipients = new Set(statements.map(({ data }) => data.recipient_key));
  const publishers = events
    .filter(({ said }) => 'encryption_key' in said && recipients.has(said.encryption_key))
    .map(signerOf);
  const ruled = statements.map(
    ({ data }) => (data.rule as AutoAcceptRule | undefined)?.provider_key,
  );
  const keys = [
    row.renter_key,
    row.provider_key,
    ...publishers,
    ...statements.map(({ by }) => by),
    ...ruled.filter((key) => key !== undefined),
  ];
  return eventsAbout({ keys, device_keys: entries.map(({ key }) => key) }, events);
}

/** What needs the reader, what runs, what it costs and earns. */
export async function viewDashboard(
  ctx: ListReads,
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
      other: null,
      q: null,
      sort: 'due',
      cursor: undefined,
      limit: DASHBOARD_ITEMS,
    }).then(({ rows }) => rows.map((row) => makeItem(row, role)));
  const waiting = { only_waiting: true, states: null };
  const running = { only_waiting: false, states: ['active' as const] };
  const totals = {
    renter: await listTotals(db, actor, 'renter'),
    provider: await listTotals(db, actor, 'provider'),
  };
  const [toDo, toAnswer, rented, provided, hourly, committed, sums, listed] = await Promise.all([
    some('renter', waiting),
    some('provider', waiting),
    some('renter', running),
    some('provider', running),
    hourlyCosts(ctx, actor),
    sumRequestedSince(db, actor, since),
    sumsOf(ctx, actor, { side: 'provider', totals: totals.provider }, now),
    countListed(db, actor),
  ]);
  return {
    waiting: [...toDo, ...toAnswer],
    running: [...rented, ...provided],
    hourly,
    committed_30_days: amountsOf(committed),
    earned: sums.so_far,
    to_come: sums.to_come,
    counts: {
      renter: countByState(totals.renter),
      provider: countByState(totals.provider),
      waiting: {
        renter: countWaiting(totals.renter, 'renter'),
        provider: countWaiting(totals.provider, 'provider'),
      },
      listed_offerings: listed,
    },
  };
}
