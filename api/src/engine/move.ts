import {
  decide,
  decideAll,
  type Machine,
  type MoveRow,
  type Refusal,
  type Vocabulary,
} from '@berth/shared/machine';
import type { Problem } from '@berth/shared/problems';
import type { WriteCtx } from '../context.ts';
import { mapInTurns } from '../lib/turns.ts';
import { insertEntries, type Change, type Entry } from '../db/log.ts';
import { systemTime, unsignedEntry, type Head, type Mover } from './entry.ts';

/** What a machine's things are kept in, and what is particular to them. */
export interface Kind<Row extends { state: W['state'] }, W extends Vocabulary, Given = never> {
  readonly machine: Machine<W>;
  /** Where the thing's next entry begins. */
  readonly headOf: (row: Row) => Head;
  /** The thing in a state after an entry, its log's head moved on. */
  readonly placed: (row: Row, to: W['state'], entry: Entry) => Row;
  /** Compare-and-set of the version. Throws the problem that says so where somebody was first. */
  readonly save: (tx: WriteCtx['tx'], changes: readonly Change<Row>[]) => Promise<void>;
  /** Puts what others are to hear of the moves into the outbox. */
  readonly tell: (ctx: WriteCtx, made: readonly Made<Row>[]) => Promise<void>;
  /** What moves do by name, once the entry is kept; nothing outside our own database. */
  readonly effects: Readonly<
    Record<W['effect'], (ctx: WriteCtx, one: Effected<Row, Given>) => Promise<void>>
  >;
  /** Posts what a move with money in its row comes to; none where nothing is paid. */
  readonly settle?: (ctx: WriteCtx, one: Effected<Row, Given>) => Promise<void>;
  /** How a refusal is answered. */
  readonly refuse: (row: Row | null, refusal: Refusal, role: W['role']) => Problem;
}

/** What was done to one thing, with the entries that say so. */
export interface Made<Row> extends Change<Row> {
  entries: readonly Entry[];
}

/** What an effect goes by. */
export interface Effected<Row, Given> {
  after: Row;
  entry: Entry;
  /** What the caller brought beside the entry; none where the system moves. */
  given: Given | null;
}

interface Written<Row> {
  entry: Entry;
  /** The thing after the move; its state and its head are the engine's. */
  after: Row;
}

export interface Ask<Row, W extends Vocabulary, Given = never> {
  action: W['action'];
  role: W['role'];
  facts: W['facts'];
  /** Where one action leads to several states. */
  to?: W['state'] | undefined;
  /** What the effects need beside the entry. */
  given?: Given;
  /** The entry of the move that was found, and the thing after it. Throws what it finds wrong. */
  write: (move: MoveRow<W>, to: W['state']) => Promise<Written<Row>> | Written<Row>;
}

/** What was done: the thing as it is now, and the row of the machine that made it so. */
export interface Moved<Row, W extends Vocabulary> {
  after: Row;
  move: MoveRow<W>;
}

/**
 * Makes one move of a thing: what its machine allows, by compare-and-set, with an entry in its log
 * and news, all in the caller's transaction. Nothing else writes a state.
 */
export async function move<Row extends { state: W['state'] }, W extends Vocabulary, Given = never>(
  ctx: WriteCtx,
  kind: Kind<Row, W, Given>,
  before: Row | null,
  { write, given, ...ask }: Ask<Row, W, Given>,
): Promise<Moved<Row, W>> {
  const from = before?.state ?? null;
  const decision = decide(kind.machine, { ...ask, state: from });
  if (!decision.ok) throw kind.refuse(before, decision, ask.role);
  const { row, to } = decision;
  const { entry, after: written } = await write(row, to);
  const after = kind.placed(written, to, entry);
  const made = { before, after, entries: [entry] };
  await kind.save(ctx.tx, [made]);
  await insertEntries(ctx.tx, [logRow(kind, after, from, to, entry)]);
  // What follows at once tells of both.
  if (row.then === undefined) await kind.tell(ctx, [made]);
  const one = { after, entry, given: given ?? null };
  for (const name of row.effects ?? []) await kind.effects[name](ctx, one);
  if (row.money !== undefined) await kind.settle?.(ctx, one);
  return { after, move: row };
}

/** A thing, and the moves it is to make one after another, all on the same facts. */
export interface Course<Row, W extends Vocabulary> {
  before: Row | null;
  /** The thing after them; its state and its head are the engine's. */
  after: Row;
  actions: readonly W['action'][];
  facts: W['facts'];
  /** What each entry says. */
  data: Record<string, unknown>;
}

/**
 * The same for many things of a machine that is not signed and has no effects, in few statements.
 * Answers the things as they are now, in their order.
 */
export async function moveMany<
  Row extends { state: W['state'] },
  W extends Vocabulary & { effect: never },
>(
  ctx: WriteCtx,
  kind: Kind<Row, W>,
  mover: Mover & { role: W['role'] },
  courses: readonly Course<Row, W>[],
  memo: string,
): Promise<Row[]> {
  const steps = await mapInTurns(courses, (course) => stepsOf(ctx, kind, mover, course, memo));
  const made = steps.map(({ change }) => change);
  await kind.save(ctx.tx, made);
  await insertEntries(
    ctx.tx,
    steps.flatMap(({ rows }) => rows),
  );
  await kind.tell(ctx, made);
  return made.map(({ after }) => after);
}

function stepsOf<Row extends { state: W['state'] }, W extends Vocabulary>(
  ctx: WriteCtx,
  kind: Kind<Row, W>,
  mover: Mover & { role: W['role'] },
  { before, after: wanted, actions, facts, data }: Course<Row, W>,
  memo: string,
) {
  const { machine } = kind;
  const state = before?.state ?? null;
  const decided = decideAll(machine, { state, actions, role: mover.role, facts });
  if (!decided.ok) throw kind.refuse(before, decided, mover.role);
  const head = kind.headOf(before ?? wanted);
  const at = systemTime(ctx, head);
  const entries: Entry[] = [];
  let after = wanted;
  const rows = actions.map((action, nth) => {
    const to = decided.to[nth] as W['state'];
    const here = { ...head, seq: head.seq + nth, hash: entries.at(-1)?.hash ?? head.hash };
    const entry = unsignedEntry(machine.name, here, mover, { action, data, memo, at });
    entries.push(entry);
    after = kind.placed(after, to, entry);
    return logRow(kind, after, decided.to[nth - 1] ?? state, to, entry);
  });
  return { change: { before, after, entries }, rows };
}

function logRow<Row extends { state: W['state'] }, W extends Vocabulary>(
  kind: Kind<Row, W>,
  after: Row,
  from_state: W['state'] | null,
  to_state: W['state'],
  entry: Entry,
) {
  const subject_id = kind.headOf(after).subject_id ?? entry.hash;
  return { subject_kind: kind.machine.name, subject_id, from_state, to_state, entry };
}
