/** What touches the outside: rows that say what is wanted, and what came of it. */
import type { Kysely, Transaction } from 'kysely';
import { makeId } from '@berth/shared/ids';
import type { EffectKind, Known, PayloadOf } from '../lib/effects.ts';
import { insertRow } from './compiled.ts';
import { claim, saveDone } from './due-work.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;

/**
 * Wants an effect in the transaction that it follows from; answers its id, by which the outside
 * knows it too. After the commit the runner calls the port. `at` is ISO time.
 */
export async function wantEffect<Kind extends EffectKind>(
  tx: Tx,
  kind: Kind,
  payload: PayloadOf<Kind>,
  at: string,
): Promise<string> {
  const id = makeId('effect');
  const wanted = { id, kind, payload: JSON.stringify(payload), state: 'waiting', wanted_at: at };
  await insertRow(tx, 'effects', wanted);
  await insertRow(tx, 'due_work', { kind, subject_id: id, not_before: at, attempts: 0 });
  return id;
}

/** An effect that one process has taken until an ISO time. */
export interface Claimed {
  id: string;
  kind: string;
  payload: string;
  /** Before it was taken: whether it may have been called, and what is known of it. */
  state: string;
  outcome: Known<unknown> | null;
  called_at: string | null;
  /** How often in a row it failed. */
  attempts: number;
  until: string;
}

/** Ids of effects of one kind that are due, the longest first. */
export async function listDueEffects(
  db: Db,
  kind: string,
  now: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('due_work')
    .where('kind', '=', kind)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('subject_id')
    .limit(limit)
    .select('subject_id')
    .execute();
  return rows.map(({ subject_id }) => subject_id);
}

/**
 * Takes those that nobody else has taken. From here on they may have been called: a process that
 * dies before it has stored an outcome leaves them `called`, which is what is known of them.
 */
export async function claimEffects(
  tx: Tx,
  kind: string,
  ids: readonly string[],
  { now, until }: { now: string; until: string },
): Promise<Claimed[]> {
  const mine = await claim(tx, kind, ids, { now, until });
  if (mine.length === 0) return [];
  const rows = await tx
    .selectFrom('effects as e')
    .innerJoin('due_work as w', (join) =>
      join.onRef('w.kind', '=', 'e.kind').onRef('w.subject_id', '=', 'e.id'),
    )
    .where('e.id', 'in', mine)
    .where('e.ended_at', 'is', null)
    .select(['e.id', 'e.kind', 'e.payload', 'e.state', 'e.outcome', 'e.called_at', 'w.attempts'])
    .execute();
  const open = new Map(rows.map((row) => [row.id, row]));
  for (const subject_id of mine)
    if (!open.has(subject_id)) await saveDone(tx, { kind, subject_id });
  await tx
    .updateTable('effects')
    .set({ state: 'called', called_at: now })
    .where('id', 'in', mine)
    .where('state', 'in', ['waiting', 'given_up'])
    .execute();
  return rows.map(({ outcome, ...row }) => ({
    ...row,
    outcome: outcome === null ? null : (JSON.parse(outcome) as Known<unknown>),
    until,
  }));
}

export async function saveState(
  tx: Tx,
  id: string,
  change: { state: string; outcome?: string; ended_at?: string },
): Promise<void> {
  await tx.updateTable('effects').set(change).where('id', '=', id).execute();
}

/** One that asks for exactly this and may still be called; null where there is none. */
export async function findUnderWay<Kind extends EffectKind>(
  db: Db,
  kind: Kind,
  payload: PayloadOf<Kind>,
): Promise<string | null> {
  const row = await db
    .selectFrom('effects')
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .where('state', 'in', ['waiting', 'called', 'given_up'])
    .where('payload', '=', JSON.stringify(payload))
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** By kind, how many there are that are not over yet. */
export async function countOpenEffects(db: Db) {
  const rows = await db
    .selectFrom('effects')
    .where('ended_at', 'is', null)
    .groupBy(['kind', 'state'])
    .select((eb) => ['kind', 'state', eb.fn.countAll<number>().as('count')])
    .orderBy('kind')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Whether at least so many effects of a kind wait to be called. */
export async function isCrowded(db: Db, kind: EffectKind, most: number): Promise<boolean> {
  const row = await db
    .selectFrom('due_work')
    .where('kind', '=', kind)
    .orderBy('not_before')
    .offset(most - 1)
    .limit(1)
    .select('subject_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether an effect of this kind is under way, or was wanted since an ISO time. */
export async function isWanted(db: Db, kind: EffectKind, since: string): Promise<boolean> {
  const row = await db
    .selectFrom('effects')
    .where('kind', '=', kind)
    .where((eb) =>
      eb.or([
        eb('wanted_at', '>', since),
        eb.and([eb('ended_at', 'is', null), eb('state', '!=', 'given_up')]),
      ]),
    )
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
