import {
  offeringStateNames,
  type OfferingAction,
  type OfferingRole,
  type OfferingVocabulary,
  offeringMachine,
} from '@berth/shared/offerings/machine';
import {
  MAX_OFFERINGS,
  type OfferingInput,
  type OfferingPage,
  type Offering,
} from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { makeId } from '@berth/shared/ids';
import {
  columnsOf,
  inputOf,
  type Said,
  viewOf,
  ownViewOf,
  type OwnOffering,
  factsOf,
  withTerms,
  movesOf,
} from '../../offerings/row.ts';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor, Actor } from '../../lib/actor.ts';
import { mapInTurns } from '../../lib/turns.ts';
import { shownOf } from '../../lib/shown.ts';
import { moved, TOO_MANY } from '../../offerings/versions.ts';
import type { KeptTerms, OfferingRow } from '../../db/offering-rows.ts';
import type { Mover } from '../../engine/entry.ts';
import { moveMany, type Course as EngineCourse, type Kind } from '../../engine/move.ts';
import { findMoves, type Wanted } from '../../offerings/moves.ts';
import { emit, emitAll } from '../../db/outbox.ts';
import { newsOf, topicOf, topics, type Shown, type Told } from '../../offerings/news.ts';
import { lockAccount, isLivingKey } from '../../db/accounts.ts';
import type { Db } from '../../db/database.ts';
import {
  countByState,
  countKept,
  findOwn,
  findOwnShown,
  isReferenceTaken,
  findShown,
  findAnyIcpMark,
  listOwnPage,
  type OwnFilter,
  listShown,
  insertTerms,
  findAnyOffering,
  saveOfferings,
} from './repo.ts';

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
  if (row.state === 'archived' && after.state !== 'archived') {
    await refuseTooMany(ctx.tx, actor, MAX_OFFERINGS + 1);
  }
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

/** Those of some offerings that the actor may see, in any order; one query by their ids. */
export async function listViews(
  { db, clock, log }: Pick<ReadCtx, 'db' | 'clock' | 'log'>,
  actor: Actor,
  ids: readonly string[],
): Promise<Offering[]> {
  return shownOf(log, await listShown(db, actor, ids, clock.now()), viewOf);
}

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
  const keyOf = await findKeys(
    ctx,
    saver,
    changes.map(({ before }) => before),
  );
  const courses = await mapInTurns(changes, ({ before, wanted }) =>
    courseOf(saver, before, wanted, {
      ...before,
      ...columnsOf(wanted.input),
      provider_key: keyOf(before),
      version: before.version + 1,
      updated_at: at,
      listed_at: before.listed_at ?? (wanted.state === 'listed' ? at : null),
    }),
  );
  return saveCourses(ctx, saver, courses, memo);
}

/** The key that each one's terms name from now on: the same for as long as its account has it. */
async function findKeys(
  { tx }: Pick<WriteCtx, 'tx'>,
  { provider }: Saver,
  rows: readonly OfferingRow[],
): Promise<(row: OfferingRow) => string> {
  const living = new Set<string>();
  for (const key of new Set(rows.map(({ provider_key }) => provider_key))) {
    if (await isLivingKey(tx, provider, key)) living.add(key);
  }
  return ({ provider_key }) => (living.has(provider_key) ? provider_key : provider.key);
}

/** Makes one move that a provider asks for by name. Throws what the machine refuses. */
async function moveOwn(
  ctx: WriteCtx,
  saver: Saver,
  before: OfferingRow,
  action: OfferingAction,
): Promise<OfferingRow> {
  const at = ctx.clock.now();
  const listed_at = before.listed_at ?? (action === 'list' ? at : null);
  const provider_key = (await findKeys(ctx, saver, [before]))(before);
  const version = before.version + 1;
  const [after, terms] = withTerms({ ...before, provider_key, version, updated_at: at, listed_at });
  const course = { before, after, actions: [action], facts: factsOf(before), terms };
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
    courses.map((course) => ({ ...course, data: { ...saidOf(course) } })),
    memo,
  );
  await insertTerms(ctx.tx, fresh);
  return saved;
}

const saidOf = ({ before, after: { stock, terms_hash, visibility } }: Course): Said => ({
  ...{ stock, stock_before: before?.stock ?? null, terms_hash, visibility },
});

/** Offerings, as the engine moves them. */
const offeringKind: Kind<OfferingRow, OfferingVocabulary> = {
  machine: offeringMachine,
  headOf: ({ id, log_length, head_hash, updated_at }) => ({
    ...{ subject_id: id, seq: log_length, hash: head_hash, at: updated_at },
  }),
  placed: (row, state, { statement: { seq, at }, hash }) => ({
    ...{ ...row, state, updated_at: at, log_length: seq + 1, head_hash: hash },
  }),
  async save(tx, changes) {
    const late = await saveOfferings(tx, changes);
    if (late !== null) throw moved(await findAnyOffering(tx, late));
  },
  tell: tellAll,
  effects: {},
  refuse: (row, refusal) =>
    problem(
      `offering.${refusal.code === 'not_yet' ? 'incomplete' : 'no_such_move'}`,
      refusal.sentence,
      {
        moves: row ? movesOf(row).map(({ action }) => action) : [],
      },
    ),
};

/** News of what others may see before or after. */
export async function tellPublic(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  before: Shown | null,
  after: Told,
): Promise<void> {
  const at = clock.now();
  const topic = topicOf(before, after);
  if (topic !== null) await emit(tx, topic, newsOf(after, at), at);
}

/** The same of many, in few statements. */
async function tellAll(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  changes: readonly { before: Shown | null; after: Told }[],
): Promise<void> {
  const at = clock.now();
  for (const topic of topics) {
    const told = changes.filter(({ before, after }) => topicOf(before, after) === topic);
    const news = told.map(({ after }) => newsOf(after, at));
    await emitAll(tx, topic, news, at);
  }
}
