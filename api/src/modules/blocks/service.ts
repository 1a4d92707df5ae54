import { MAX_BLOCKED, type BlockedRenter } from '@berth/shared/blocks/schemas';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { countBlocks, deleteBlock, findAnyRenter, insertBlock, listBlocked } from './repo.ts';

interface PageAsk {
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** A page of those whom the provider has blocked, the latest first. */
export const listBlocks = (
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { cursor, limit }: PageAsk,
): Promise<{ items: BlockedRenter[]; next_cursor: string | null }> =>
  listBlocked(db, actor, { cursor, limit: pageSize(limit) });

/** Again, it changes nothing. Throws `request.not_found` and `account.too_many`. */
export async function blockRenter(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  actor: AccountActor,
  handle: string,
): Promise<void> {
  const renter = await findAnyRenter(tx, handle);
  if (!renter || renter.id === actor.acting_for) throw problem('request.not_found');
  if ((await countBlocks(tx, actor)) >= MAX_BLOCKED) {
    const most = MAX_BLOCKED.toLocaleString('en');
    throw problem('account.too_many', `Unblock one: ${most} are blocked already.`);
  }
  await insertBlock(tx, actor, renter.id, clock.now());
}

/** Throws `request.not_found` for who is not blocked. */
export async function unblockRenter(
  { tx }: Pick<WriteCtx, 'tx'>,
  actor: AccountActor,
  handle: string,
): Promise<void> {
  const renter = await findAnyRenter(tx, handle);
  if (!renter || !(await deleteBlock(tx, actor, renter.id))) throw problem('request.not_found');
}
