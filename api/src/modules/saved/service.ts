import type * as z from 'zod';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import {
  MAX_SAVED_OFFERINGS,
  MAX_SAVED_SEARCHES,
  savedSearch,
  type savedOffering,
  type SavedSearchInput,
} from '@berth/shared/saved/schemas';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import type { SavedSearchesTable } from '../../db/schema-saved.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { lockAccount } from '../../db/accounts.ts';
import { queryOf } from '../market/index.ts';
import { listViews } from '../catalogue/index.ts';
import {
  deleteSaved,
  deleteSearch,
  findSearch,
  insertSaved,
  insertSearch,
  listAllSearches,
  listIds,
  listSaved,
  updateSearch,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db' | 'clock' | 'log'>;
type SavedView = z.output<typeof savedOffering>;

/** Latest first, each as it is now beside what was last told of it. */
export async function listSavedOfferings(
  ctx: Reads,
  actor: AccountActor,
  ask: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: SavedView[]; next_cursor: string | null }> {
  const page = await listSaved(ctx.db, actor, { cursor: ask.cursor, limit: pageSize(ask.limit) });
  const ids = page.items.map(({ offering_id }) => offering_id);
  const shown = await listViews(ctx, actor, ids);
  const byId = new Map(shown.map((offering) => [offering.id, offering]));
  const items = page.items.map(({ offering_id, saved_at, available, ...told }) => ({
    offering_id,
    saved_at,
    told: { ...told, available: available === 1 },
    offering: byId.get(offering_id) ?? null,
  }));
  return { items, next_cursor: page.next_cursor };
}

export async function listSavedIds({ db }: Reads, actor: AccountActor): Promise<{ ids: string[] }> {
  return { ids: (await listIds(db, actor)).map(({ offering_id }) => offering_id) };
}

/** Saves what the actor can see; saving again changes nothing. Throws `account.too_many`. */
export async function saveOffering(
  ctx: WriteCtx,
  actor: AccountActor,
  offering_id: string,
): Promise<void> {
  const { tx: db, clock, log } = ctx;
  await lockAccount(db, actor);
  const [offering] = await listViews({ db, clock, log }, actor, [offering_id]);
  if (!offering) throw problem('request.not_found');
  const ids = await listIds(db, actor);
  if (ids.some((saved) => saved.offering_id === offering_id)) return;
  if (ids.length >= MAX_SAVED_OFFERINGS) {
    throw problem('account.too_many', `Remove one: ${MAX_SAVED_OFFERINGS} are saved already.`);
  }
  const { price_e9s, unit, setup_fee_e9s, currency, state, stock } = offering;
  await insertSaved(db, {
    account_id: actor.acting_for,
    offering_id,
    saved_at: clock.now(),
    price_e9s,
    unit,
    setup_fee_e9s,
    currency,
    available: state === 'listed' && stock > 0 ? 1 : 0,
    settle_at: null,
  });
}

export async function removeOffering(
  { tx }: WriteCtx,
  actor: AccountActor,
  offering_id: string,
): Promise<void> {
  if (!(await deleteSaved(tx, actor, offering_id))) throw problem('request.not_found');
}

const viewOf = ({ tells, ...row }: SavedSearchesTable) =>
  savedSearch.parse({ ...row, tells: tells === 1 });

export async function listSearches({ db }: Reads, actor: AccountActor) {
  return { items: (await listAllSearches(db, actor)).map(viewOf) };
}

/** Throws `query.invalid` for what the marketplace would refuse, and `account.too_many`. */
export async function saveSearch(ctx: WriteCtx, actor: AccountActor, input: SavedSearchInput) {
  queryOf(input.q);
  await lockAccount(ctx.tx, actor);
  if ((await listAllSearches(ctx.tx, actor)).length >= MAX_SAVED_SEARCHES) {
    throw problem('account.too_many', `Remove one: ${MAX_SAVED_SEARCHES} are saved already.`);
  }
  const at = ctx.clock.now();
  const row = rowOf(input, { id: makeId('saved_search'), account_id: actor.acting_for, at });
  await insertSearch(ctx.tx, { ...row, created_at: at });
  return viewOf({ ...row, created_at: at });
}

/** From then on only what is listed later is new. */
export async function changeSearch(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  input: SavedSearchInput,
) {
  queryOf(input.q);
  const before = await findSearch(ctx.tx, actor, id);
  if (!before) throw problem('request.not_found');
  const { account_id, created_at } = before;
  const row = { ...rowOf(input, { id, account_id, at: ctx.clock.now() }), created_at };
  await updateSearch(ctx.tx, row);
  return viewOf(row);
}

export async function removeSearch(
  { tx }: WriteCtx,
  actor: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteSearch(tx, actor, id))) throw problem('request.not_found');
}

const rowOf = (
  { tells, ...input }: SavedSearchInput,
  { id, account_id, at }: { id: string; account_id: string; at: string },
) => ({ ...input, id, account_id, tells: tells ? 1 : 0, seen_at: at, look_at: tells ? at : null });
