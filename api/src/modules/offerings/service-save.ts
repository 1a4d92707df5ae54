import { makeId } from '@berth/shared/ids';
import { decide } from '@berth/shared/machine';
import { offeringMachine, type OfferingState } from '@berth/shared/offerings/machine';
import { MAX_OFFERINGS, type OfferingInput } from '@berth/shared/offerings/schemas';
import { problem, type Problem } from '@berth/shared/problems';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  findOwn,
  insertOfferings,
  insertTerms,
  isLivingKey,
  saveOfferings,
  type OfferingRow,
} from './repo.ts';
import { tellAll } from './service-news.ts';
import { columnsOf, withTerms } from './service-view.ts';

const MOST = MAX_OFFERINGS.toLocaleString('en');
export const TOO_MANY = `An account has at most ${MOST} offerings that are not archived.`;

/** An offering as it is to be: what its provider wrote, and the state it is in. */
export interface Wanted {
  input: OfferingInput;
  state: OfferingState;
}

/** Makes offerings, with their terms; answers their rows. */
export async function insertNew(
  ctx: WriteCtx,
  actor: AccountActor,
  wanted: readonly Wanted[],
): Promise<OfferingRow[]> {
  const at = ctx.clock.now();
  const made = wanted.map(({ input, state }) =>
    withTerms({
      ...columnsOf(input),
      id: makeId('offering'),
      provider_id: actor.acting_for,
      provider_key: actor.key,
      state,
      version: 1,
      on_chain: 0,
      created_at: at,
      updated_at: at,
      listed_at: state === 'listed' ? at : null,
    }),
  );
  await insertOfferings(
    ctx.tx,
    made.map(([row]) => row),
  );
  await insertTerms(
    ctx.tx,
    made.map(([, terms]) => terms),
  );
  await tellAll(
    ctx,
    made.map(([after]) => ({ before: null, after })),
  );
  return made.map(([row]) => row);
}

/** An offering as it was read, and as it is to be. */
export interface Change {
  before: OfferingRow;
  wanted: Wanted;
}

/** Writes an offering over the one that was read; terms that are new are kept. */
export async function saveWanted(
  ctx: WriteCtx,
  actor: AccountActor,
  before: OfferingRow,
  wanted: Wanted,
): Promise<void> {
  await saveMany(ctx, actor, [{ before, wanted }]);
}

/** Writes each over the one that was read and answers their rows. Throws `offering.moved`. */
export async function saveMany(
  ctx: WriteCtx,
  actor: AccountActor,
  changes: readonly Change[],
): Promise<OfferingRow[]> {
  const at = ctx.clock.now();
  const keys = new Set(changes.map(({ before }) => before.provider_key));
  const living = new Set<string>();
  for (const key of keys) {
    if (await isLivingKey(ctx.tx, actor.acting_for, key)) living.add(key);
  }
  const saved = changes.map(({ before, wanted: { input, state } }) =>
    withTerms({
      ...before,
      ...columnsOf(input),
      provider_key: living.has(before.provider_key) ? before.provider_key : actor.key,
      state,
      version: before.version + 1,
      updated_at: at,
      listed_at: before.listed_at ?? (state === 'listed' ? at : null),
    }),
  );
  const done = await saveOfferings(
    ctx.tx,
    saved.map(([row]) => row),
  );
  const late = changes.find(({ before }) => !done.has(before.id));
  if (late) throw moved(await findOwn(ctx.tx, actor, late.before.id));
  const fresh = saved.filter(
    ([row], index) => row.terms_hash !== changes[index]?.before.terms_hash,
  );
  await insertTerms(
    ctx.tx,
    fresh.map(([, terms]) => terms),
  );
  await tellAll(
    ctx,
    saved.map(([after], index) => ({ before: changes[index]?.before ?? null, after })),
  );
  return saved.map(([row]) => row);
}

/** Why an offering cannot be in this state as it is written, in a sentence; null when it can. */
export function findLack({ input, state }: Wanted): string | null {
  // Every state is a few of the provider's moves away; those beyond `list` need what `list` needs.
  if (state !== 'listed' && state !== 'paused') return null;
  const facts = { has_price: input.price_e9s > 0n };
  const decision = decide(offeringMachine, {
    state: 'draft',
    action: 'list',
    role: 'provider',
    facts,
  });
  return decision.ok ? null : decision.sentence;
}

/**
 * Throws `request.not_found` for an id that is none of one's own, and `offering.moved` that names
 * those whose version is another by now. Rows without an id are new ones.
 */
export function requireSame(
  own: readonly OfferingRow[],
  seen: readonly { offering_id: string | null; version: number | null }[],
): void {
  const byId = new Map(own.map((row) => [row.id, row]));
  const offerings = seen.flatMap(({ offering_id, version }) => {
    if (offering_id === null) return [];
    const row = byId.get(offering_id);
    if (!row) throw problem('request.not_found');
    return row.version === version
      ? []
      : [{ offering_id, version: row.version, state: row.state, title: row.title }];
  });
  if (offerings.length === 0) return;
  const detail = `${offerings.length} of ${seen.length} were changed. Look at them as they are now.`;
  throw problem('offering.moved', detail, { offerings });
}

/** Throws `offering.moved` where one's offerings are no longer those that a plan was made on. */
export function requireUnchanged(
  before: readonly OfferingRow[],
  now: readonly OfferingRow[],
): void {
  const version = new Map(before.map((row) => [row.id, row.version]));
  if (now.length === before.length && now.every((row) => version.get(row.id) === row.version)) {
    return;
  }
  throw problem('offering.moved', 'Your offerings were changed meanwhile; send it again.');
}

/** `offering.moved` with the version that is there now. */
export const moved = (now: OfferingRow | null): Problem =>
  problem('offering.moved', 'Look at it as it is now, then change it again.', {
    version: now?.version ?? null,
    state: now?.state ?? null,
  });
