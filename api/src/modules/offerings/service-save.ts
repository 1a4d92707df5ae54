import { makeId } from '@berth/shared/ids';
import type {
  OfferingAction,
  OfferingRole,
  OfferingVocabulary,
} from '@berth/shared/offerings/machine';
import type { WriteCtx } from '../../context.ts';
import type { KeptTerms, OfferingRow } from '../../db/offering-rows.ts';
import type { Mover } from '../../engine/entry.ts';
import { moveMany, type Course as EngineCourse } from '../../engine/move.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { mapInTurns } from '../../lib/turns.ts';
import { findMoves, type Wanted } from '../../offerings/moves.ts';
import { columnsOf, factsOf, withTerms } from '../../offerings/row.ts';
import { insertTerms, isLivingKey } from './repo.ts';
import { offeringKind } from './service-kind.ts';

/** Who makes and moves offerings: their provider, or the service in the name of one. */
export interface Saver extends Mover {
  role: OfferingRole;
  /** The provider's account and the key that new terms name. */
  provider: { acting_for: string; key: string };
}

/** A provider in a session of its own. */
export const saverOf = (actor: AccountActor): Saver => ({
  account_id: actor.acting_for,
  key: actor.key,
  delegation_id: actor.delegation_id,
  role: 'provider',
  provider: actor,
});

/** An offering that is to be made, under an id of its own where it has one. */
interface New {
  wanted: Wanted;
  id?: string;
  on_chain?: 0 | 1;
}

/** An offering as it was read, and as it is to be. */
export interface Change {
  before: OfferingRow;
  wanted: Wanted;
}

type Course = Omit<EngineCourse<OfferingRow, OfferingVocabulary>, 'data'>;

/** Makes offerings, with their terms; answers their rows. `memo` says what made them. */
export async function insertNew(
  ctx: WriteCtx,
  saver: Saver,
  made: readonly New[],
  memo: string,
): Promise<OfferingRow[]> {
  const at = ctx.clock.now();
  const { acting_for, key } = saver.provider;
  const courses = await mapInTurns(made, ({ wanted, id, on_chain }) =>
    courseOf(saver, null, wanted, {
      ...columnsOf(wanted.input),
      id: id ?? makeId('offering'),
      provider_id: acting_for,
      provider_key: key,
      state: wanted.state,
      version: 1,
      on_chain: on_chain ?? 0,
      created_at: at,
      updated_at: at,
      listed_at: wanted.state === 'listed' ? at : null,
      log_length: 0,
      head_hash: null,
    }),
  );
  return saveCourses(ctx, saver, courses, memo);
}

/** Writes each over the one that was read and answers their rows. Throws `offering.moved`. */
export async function saveMany(
  ctx: WriteCtx,
  saver: Saver,
  changes: readonly Change[],
  memo: string,
): Promise<OfferingRow[]> {
  const at = ctx.clock.now();
  const { key } = saver.provider;
  const keys = new Set(changes.map(({ before }) => before.provider_key));
  const living = new Set<string>();
  for (const one of keys) if (await isLivingKey(ctx.tx, saver.provider, one)) living.add(one);
  const courses = await mapInTurns(changes, ({ before, wanted }) =>
    courseOf(saver, before, wanted, {
      ...before,
      ...columnsOf(wanted.input),
      provider_key: living.has(before.provider_key) ? before.provider_key : key,
      version: before.version + 1,
      updated_at: at,
      listed_at: before.listed_at ?? (wanted.state === 'listed' ? at : null),
    }),
  );
  return saveCourses(ctx, saver, courses, memo);
}

/** Makes one move that a provider asks for by name. Throws what the machine refuses. */
export async function moveOwn(
  ctx: WriteCtx,
  saver: Saver,
  before: OfferingRow,
  action: OfferingAction,
): Promise<OfferingRow> {
  const at = ctx.clock.now();
  const listed_at = before.listed_at ?? (action === 'list' ? at : null);
  const after = { ...before, version: before.version + 1, updated_at: at, listed_at };
  const course = { before, after, actions: [action], facts: factsOf(before) };
  const [row] = await saveCourses(ctx, saver, [course], '');
  return row ?? before;
}

function courseOf(
  { role }: Saver,
  before: OfferingRow | null,
  wanted: Wanted,
  after: Omit<OfferingRow, 'terms_hash'>,
): Course & { terms: KeptTerms } {
  const found = findMoves(before, wanted, role);
  if (!found.ok) throw offeringKind.refuse(before, found, role);
  const [row, terms] = withTerms(after);
  return { before, after: row, actions: found.actions, facts: factsOf(wanted.input), terms };
}

async function saveCourses(
  ctx: WriteCtx,
  saver: Saver,
  courses: readonly (Course & { terms?: KeptTerms })[],
  memo: string,
): Promise<OfferingRow[]> {
  const fresh = courses.flatMap(({ before, after, terms }) =>
    terms && after.terms_hash !== before?.terms_hash ? [terms] : [],
  );
  const saved = await moveMany(
    ctx,
    offeringKind,
    saver,
    courses.map((course) => ({ ...course, data: { ...saidOf(course.after) } })),
    memo,
  );
  await insertTerms(ctx.tx, fresh);
  return saved;
}

/** What an entry says of the offering after it, beside its state. */
export type Said = Pick<OfferingRow, 'stock' | 'terms_hash' | 'visibility'>;

const saidOf = ({ stock, terms_hash, visibility }: OfferingRow): Said => ({
  ...{ stock, terms_hash, visibility },
});
