import { offeringStateNames, type OfferingAction } from '@berth/shared/offerings/machine';
import {
  MAX_OFFERINGS,
  type OfferingInput,
  type OfferingPage,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor, Actor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import {
  countByState,
  countKept,
  findOwn,
  findOwnShown,
  isReferenceTaken,
  lockAccount,
  type Db,
} from './repo.ts';
import { findShown } from './repo-shown.ts';
import { findAnyIcpMark } from './repo-icp.ts';
import { listOwnPage, type OwnFilter } from './repo-own.ts';
import { moved, TOO_MANY } from '../../offerings/versions.ts';
import { insertNew, moveOwn, saveMany, saverOf } from './service-save.ts';
import { inputOf, viewOf, ownViewOf, type OwnOffering } from '../../offerings/row.ts';

type Reads = Pick<ReadCtx, 'db' | 'clock'>;

/** Whoever may see it; the provider in any state. */
export async function getOffering(
  { db, clock }: Reads,
  actor: Actor,
  id: string,
): Promise<OfferingPage> {
  const row = await findShown(db, actor, id, clock.now());
  if (!row) throw problem('request.not_found');
  return { ...viewOf(row), chain: await findAnyIcpMark(db, id) };
}

/** The provider's own, latest change first, with how many there are in each state. */
export async function listOwn(
  { db, clock, log }: Reads & Pick<ReadCtx, 'log'>,
  actor: AccountActor,
  filter: OwnFilter,
) {
  const [{ items, next_cursor }, counted] = await Promise.all([
    listOwnPage(db, actor, filter, clock.now()),
    countByState(db, actor),
  ]);
  const counts = Object.fromEntries(
    offeringStateNames.map((name) => [name, counted.find(({ state }) => state === name)?.n ?? 0]),
  ) as Record<(typeof offeringStateNames)[number], number>;
  return { items: shownOf(log, items, ownViewOf), next_cursor, counts };
}

export const getOwn = ({ db, clock }: Reads, actor: AccountActor, id: string) =>
  getOwnView(db, actor, id, clock.now());

/** Makes a draft. Throws `account.too_many`, and `request.invalid` for a reference already used. */
export async function createOffering(
  ctx: WriteCtx,
  actor: AccountActor,
  input: OfferingInput,
): Promise<OwnOffering> {
  await lockAccount(ctx.tx, actor);
  await refuseTooMany(ctx.tx, actor);
  await refuseReference(ctx.tx, actor, input, '', '/reference');
  const made = { wanted: { input, state: 'draft' as const } };
  const [row] = await insertNew(ctx, saverOf(actor), [made], '');
  return getOwnView(ctx.tx, actor, row?.id ?? '', ctx.clock.now());
}

/** Changes an offering in whatever state it is. Throws `offering.moved`, `offering.incomplete`. */
export async function changeOffering(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  { version, offering: input }: { version: number; offering: OfferingInput },
): Promise<OwnOffering> {
  await lockAccount(ctx.tx, actor);
  const row = await getOwnRow(ctx.tx, actor, id);
  if (row.version !== version) throw moved(row);
  await refuseReference(ctx.tx, actor, input, id, '/offering/reference');
  const change = { before: row, wanted: { input, state: row.state } };
  await saveMany(ctx, saverOf(actor), [change], '');
  return getOwnView(ctx.tx, actor, id, ctx.clock.now());
}

/** Makes a draft that says the same; the provider's reference stays with the first. */
export async function duplicateOffering(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
): Promise<OwnOffering> {
  const { tx } = ctx;
  await lockAccount(tx, actor);
  const row = await getOwnRow(tx, actor, id);
  await refuseTooMany(tx, actor);
  const wanted = { input: { ...inputOf(row), reference: null }, state: 'draft' as const };
  const [made] = await insertNew(ctx, saverOf(actor), [{ wanted }], 'A copy of another offering');
  return getOwnView(tx, actor, made?.id ?? '', ctx.clock.now());
}

/** Makes a move of the table. Throws `offering.moved`, `.no_such_move` and `.incomplete`. */
export async function moveOffering(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  { action, version }: { action: OfferingAction; version: number },
): Promise<OwnOffering> {
  await lockAccount(ctx.tx, actor);
  const row = await getOwnRow(ctx.tx, actor, id);
  if (row.version !== version) throw moved(row);
  const after = await moveOwn(ctx, saverOf(actor), row, action);
  if (row.state !== after.state) await refuseTooMany(ctx.tx, actor, MAX_OFFERINGS + 1);
  return getOwnView(ctx.tx, actor, id, ctx.clock.now());
}

/** Own, or `request.not_found`. */
export async function getOwnRow(db: Db, actor: AccountActor, id: string) {
  const row = await findOwn(db, actor, id);
  if (!row) throw problem('request.not_found');
  return row;
}

export async function getOwnView(
  db: Db,
  actor: AccountActor,
  id: string,
  now: string,
): Promise<OwnOffering> {
  const row = await findOwnShown(db, actor, id, now);
  if (!row) throw problem('request.not_found');
  return ownViewOf(row);
}

/** Throws where there are so many already, or would be by what was just done. */
async function refuseTooMany(db: Db, actor: AccountActor, many = MAX_OFFERINGS): Promise<void> {
  if ((await countKept(db, actor)) >= many) throw problem('account.too_many', TOO_MANY);
}

async function refuseReference(
  db: Db,
  actor: AccountActor,
  { reference }: OfferingInput,
  id: string,
  pointer: string,
): Promise<void> {
  if (reference === null || !(await isReferenceTaken(db, actor, reference, id))) return;
  const message = 'Another of your offerings has this reference';
  throw problem('request.invalid', message, { errors: [{ pointer, message }] });
}
