import {
  contractMachine,
  isEnded,
  type ContractAction,
  type ContractRole,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { offeredFacts } from '@berth/shared/contracts/guards';
import { contractNext, nextOf } from '@berth/shared/contracts/next';
import { refundOf, refundWords, type Rate } from '@berth/shared/price';
import {
  DETAILS_SHOWN,
  ENTRIES_SHOWN,
  type contractItem,
  type contractView,
  type detailsPage,
  type entryPage,
  type moveView,
} from '@berth/shared/contracts/schemas';
import { nextMoves } from '@berth/shared/machine';
import type { Currency } from '@berth/shared/money';
import { termsSchema } from '@berth/shared/offerings/schemas';
import type { AnyStatement } from '@berth/shared/signing/statement';
import type * as z from 'zod';
import type { ReadCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { getAnyTerms } from '../catalogue/index.ts';
import {
  findAnyOpenExtension,
  getContract,
  listParties,
  type ContractRow,
  type Db,
} from './repo.ts';
import type { ItemRow, Side } from './repo-list.ts';
import { countDetails, getFirstEntry, listDetailsPage, listEntryPage } from './repo-log.ts';
import { icpOf } from './service-icp.ts';

type View = z.output<typeof contractView>;
export type Item = z.output<typeof contractItem>;

export const sideOf = (row: ContractRow, actor: AccountActor): Side =>
  row.renter_id === actor.acting_for ? 'renter' : 'provider';

type Terms = Readonly<z.output<typeof termsSchema>>;

const MAX_KNOWN_TERMS = 1_000;
/** Terms that were read lately, by their hash: they never change. */
const knownTerms = new Map<string, Terms>();

/** The kept terms that the contract was signed on; amounts are bigint. */
export async function termsOfContract(
  db: Db,
  { terms_hash }: Pick<ContractRow, 'terms_hash'>,
): Promise<Terms> {
  const known = knownTerms.get(terms_hash);
  if (known !== undefined) return known;
  const terms = termsSchema.parse(JSON.parse(await getAnyTerms(db, terms_hash)));
  const oldest = knownTerms.keys().next().value;
  if (knownTerms.size >= MAX_KNOWN_TERMS && oldest !== undefined) knownTerms.delete(oldest);
  knownTerms.set(terms_hash, terms);
  return terms;
}

/** The buttons of one side: the machine's moves that have one, each once. */
export function movesFor(row: ContractRow, role: Side) {
  return nextMoves(contractMachine, { state: row.state, role, facts: offeredFacts }).filter(
    (move) => move.button !== undefined,
  );
}

/** Who is waited on by an extension that the other has signed. */
const otherSide = (extension_by: string | null): Side | null =>
  extension_by === null ? null : extension_by === 'renter' ? 'provider' : 'renter';

export function makeItem(row: ItemRow, role: Side): Item {
  const state = row.state as ContractState;
  return {
    contract_id: row.contract_id,
    offering_id: row.offering_id,
    state,
    role,
    title: row.title,
    hours: row.hours,
    total_e9s: row.total_e9s,
    refund_e9s: row.refund_e9s,
    currency: row.currency as Currency,
    requested_at: row.requested_at,
    state_at: row.state_at,
    due_at: row.due_at,
    active_at: row.active_at,
    ends_at: row.ends_at,
    ended_at: row.ended_at,
    waits_on: contractNext[state].waits_on ?? otherSide(row.extension_by),
    on_chain: row.on_chain === 1,
    other: {
      handle: row.handle,
      display_name: row.display_name,
      key: role === 'renter' ? row.provider_key : row.renter_key,
    },
  };
}

/** One contract as its reader sees it. 404 for anybody but the two parties. */
export async function viewContract(
  ctx: Pick<ReadCtx, 'db' | 'clock' | 'log'>,
  actor: AccountActor,
  contract_id: string,
): Promise<View> {
  const { db, log } = ctx;
  const row = await getContract(db, actor, contract_id);
  const role = sideOf(row, actor);
  const [parties, terms, first, entries, details, details_count, extension] = await Promise.all([
    listParties(db, row),
    termsOfContract(db, row),
    getFirstEntry(db, row),
    listEntryPage(db, row, { limit: ENTRIES_SHOWN }),
    listDetailsPage(db, row, { limit: DETAILS_SHOWN }),
    countDetails(db, row),
    isEnded(row.state) ? null : findAnyOpenExtension(db, contract_id),
  ]);
  const { renter, provider } = parties;
  const chain = icpOf(JSON.parse(first.statement) as AnyStatement);
  const kept = first.part ? (JSON.parse(first.part) as View['request']) : null;
  const other = role === 'renter' ? provider : renter;
  return {
    ...makeItem({ ...row, handle: other.handle, display_name: other.display_name }, role),
    version: row.version,
    head: { seq: row.version - 1, hash: row.head_hash, at: row.head_at },
    terms,
    terms_hash: row.terms_hash,
    renter: { ...renter, key: row.renter_key },
    provider: { ...provider, key: row.provider_key },
    request: kept ?? chain?.request ?? null,
    chain: chain?.mark ?? null,
    next: nextOf(row, role),
    moves: moveViews(row, role, terms, ctx.clock.now()),
    details: shownOf(log, details.items, detailsOf),
    details_count,
    extension: extension
      ? {
          seq: extension.seq,
          hash: extension.hash,
          by_role: extension.proposed_by as Side,
          hours: extension.hours,
          extra_e9s: extension.extra_e9s,
        }
      : null,
    first_entry: entryOf(first, parties),
    entries: shownOf(log, entries.items, (entry) => entryOf(entry, parties)).reverse(),
    earlier_cursor: entries.next_cursor,
    entry_count: row.version,
  };
}

type Paging = Pick<ReadCtx, 'db' | 'log'>;
interface PageAsk {
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** A page of a contract's log, the newest entry first. */
export async function pageEntries(
  { db, log }: Paging,
  actor: AccountActor,
  contract_id: string,
  { cursor, limit }: PageAsk,
): Promise<z.output<typeof entryPage>> {
  const row = await getContract(db, actor, contract_id);
  const parties = await listParties(db, row);
  const page = await listEntryPage(db, row, { cursor, limit: pageSize(limit) });
  return { ...page, items: shownOf(log, page.items, (entry) => entryOf(entry, parties)) };
}

/** A page of what was delivered under a contract, the newest first. */
export async function pageDetails(
  { db, log }: Paging,
  actor: AccountActor,
  contract_id: string,
  { cursor, limit }: PageAsk,
): Promise<z.output<typeof detailsPage>> {
  const row = await getContract(db, actor, contract_id);
  const page = await listDetailsPage(db, row, { cursor, limit: pageSize(limit) });
  return { ...page, items: shownOf(log, page.items, detailsOf) };
}

function moveViews(
  row: ContractRow,
  role: Side,
  rate: Rate,
  now: string,
): z.output<typeof moveView>[] {
  const { total_e9s, active_at } = row;
  return movesFor(row, role).map(({ action, button, money }) => ({
    action,
    label: button?.label ?? action,
    tone: button?.tone ?? 'plain',
    refund: money
      ? {
          rule: money,
          refund_e9s: refundOf(money, { rate, total_e9s, active_at }, now),
          words: refundWords[money],
        }
      : null,
  }));
}

type EntryRow = Awaited<ReturnType<typeof getFirstEntry>>;
type Parties = Awaited<ReturnType<typeof listParties>>;

function entryOf(row: EntryRow, { renter, provider }: Parties): View['entries'][number] {
  const statement = JSON.parse(row.statement) as AnyStatement;
  const role = row.role as ContractRole;
  return {
    seq: row.seq,
    action: row.action as ContractAction,
    from_state: row.from_state as ContractState | null,
    to_state: row.to_state as ContractState,
    role,
    by_name: role === 'system' ? 'Berth' : { renter, provider }[role].display_name,
    key: row.key,
    at: row.at,
    memo: row.memo,
    hash: row.hash,
    private: row.part ? (JSON.parse(row.part) as Record<string, unknown>) : null,
    data: statement.data,
  };
}

type DetailsRow = Awaited<ReturnType<typeof listDetailsPage>>['items'][number];

function detailsOf({ contract_id: _, envelope, ...row }: DetailsRow): View['details'][number] {
  return { ...row, envelope: envelope ? (JSON.parse(envelope) as never) : null };
}
