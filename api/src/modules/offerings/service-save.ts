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
  saveOffering,
  type OfferingRow,
} from './repo.ts';
import { tellPublic } from './service-news.ts';
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
      provider_id: actor.account_id,
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
  for (const [row] of made) await tellPublic(ctx, null, row);
  return made.map(([row]) => row);
}

/** Writes an offering over the one that was read; terms that are new are kept. */
export async function saveWanted(
  ctx: WriteCtx,
  actor: AccountActor,
  before: OfferingRow,
  { input, state }: Wanted,
): Promise<void> {
  const at = ctx.clock.now();
  const stays = await isLivingKey(ctx.tx, actor.account_id, before.provider_key);
  const [after, terms] = withTerms({
    ...before,
    ...columnsOf(input),
    provider_key: stays ? before.provider_key : actor.key,
    state,
    version: before.version + 1,
    updated_at: at,
    listed_at: before.listed_at ?? (state === 'listed' ? at : null),
  });
  if (!(await saveOffering(ctx.tx, before, after))) {
    throw moved(await findOwn(ctx.tx, actor, before.id));
  }
  if (after.terms_hash !== before.terms_hash) await insertTerms(ctx.tx, [terms]);
  await tellPublic(ctx, before, after);
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

/** `offering.moved` with the version that is there now. */
export const moved = (now: OfferingRow | null): Problem =>
  problem('offering.moved', 'Look at it as it is now, then change it again.', {
    version: now?.version ?? null,
    state: now?.state ?? null,
  });
