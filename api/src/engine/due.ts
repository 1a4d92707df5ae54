import { timedRow, type MoveRow, type Vocabulary } from '@berth/shared/machine';
import type { DueWork, WriteCtx } from '../context.ts';
import type { Kind } from './move.ts';

/** How the things of a kind that have a deadline are found and moved. */
interface Timed<Row, W extends Vocabulary> {
  /** As the table of due work names it. */
  name: string;
  list: DueWork['list'];
  find: (tx: WriteCtx['tx'], id: string) => Promise<Row | null>;
  /** When the present state ends by itself, ISO time. */
  dueOf: (row: Row) => string | null;
  /** Makes the system's move of the row that the machine has for the state. */
  make: (ctx: WriteCtx, row: Row, move: MoveRow<W>) => Promise<unknown>;
}

/** The system's moves of one machine's things whose deadline has passed. */
export const timedWork = <Row extends { state: W['state'] }, W extends Vocabulary>(
  { machine }: Pick<Kind<Row, W>, 'machine'>,
  { name, list, find, dueOf, make }: Timed<Row, W>,
): DueWork => ({
  kind: name,
  list,
  async run(ctx, id) {
    const row = await find(ctx.tx, id);
    const due_at = row && dueOf(row);
    if (!due_at || due_at > ctx.clock.now()) return;
    const move = timedRow(machine, row.state);
    if (!move) {
      throw new Error(`${machine.name} ${id} is ${row.state}, with a deadline and no timed move`);
    }
    await make(ctx, row, move);
  },
});
