import {
  decide,
  type Machine,
  type MoveRow,
  type Refusal,
  type Vocabulary,
} from '@berth/shared/machine';
import type { Problem } from '@berth/shared/problems';
import type { WriteCtx } from '../context.ts';
import { insertEntries, type Change, type Entry } from '../db/log.ts';

/** What a machine's things are kept in, and what is particular to them. */
export interface Kind<Row extends { state: W['state'] }, W extends Vocabulary> {
  readonly machine: Machine<W>;
  readonly idOf: (row: Row) => string;
  /** Compare-and-set of the version. Throws the problem that says so where somebody was first. */
  readonly save: (tx: WriteCtx['tx'], change: Change<Row>) => Promise<void>;
  /** Puts what others are to hear of the move into the outbox. */
  readonly tell: (ctx: WriteCtx, after: Row, entry: Entry) => Promise<void>;
  /** How a refusal is answered. */
  readonly refuse: (row: Row | null, refusal: Refusal, role: W['role']) => Problem;
}

interface Written<Row> {
  entry: Entry;
  after: Row;
}

export interface Ask<Row, W extends Vocabulary> {
  action: W['action'];
  role: W['role'];
  facts: W['facts'];
  /** Where one action leads to several states. */
  to?: W['state'] | undefined;
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
export async function move<Row extends { state: W['state'] }, W extends Vocabulary>(
  ctx: WriteCtx,
  kind: Kind<Row, W>,
  before: Row | null,
  ask: Ask<Row, W>,
): Promise<Moved<Row, W>> {
  const { action, role, facts, to } = ask;
  const from = before?.state ?? null;
  const decision = decide(kind.machine, { state: from, action, role, facts, to });
  if (!decision.ok) throw kind.refuse(before, decision, role);
  const { entry, after } = await ask.write(decision.row, decision.to);
  const change = { before, after };
  await kind.save(ctx.tx, change);
  await insertEntries(ctx.tx, [
    {
      subject_kind: kind.machine.name,
      subject_id: kind.idOf(after),
      from_state: from,
      to_state: after.state,
      entry,
    },
  ]);
  // What follows at once tells of both.
  if (decision.row.then === undefined) await kind.tell(ctx, after, entry);
  return { after, move: decision.row };
}
