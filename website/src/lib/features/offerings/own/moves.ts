import { offerings } from '@berth/shared/offerings/endpoints';
import {
  offeringMachine,
  offeringMoves,
  type OfferingMove,
  type OfferingState,
} from '@berth/shared/offerings/machine';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';

export type Movable = Pick<OwnOfferingView, 'id' | 'state' | 'version' | 'title'>;

/** The machine's row of a move that a provider asks for in a state. */
const rowOf = (state: OfferingState, action: OfferingMove) =>
  offeringMachine.moves.find((row) => row.action === action && row.from.includes(state));

/** The move that takes one back; none where that would lead elsewhere. */
function backFrom(before: OfferingState, action: OfferingMove): OfferingMove | null {
  const made = rowOf(before, action);
  const undo = offeringMoves.find((one) => one === made?.undo);
  if (!made || !undo || made.to === 'same') return null;
  return rowOf(made.to, undo)?.to === before ? undo : null;
}

const send = ({ id, version }: Pick<Movable, 'id' | 'version'>, action: OfferingMove) =>
  call(offerings.move, { params: { offering_id: id }, body: { action, version } });

/**
 * Makes a move. A unit rented in the meantime only changes the version, so where the state is
 * still the one that was looked at, the move is made on the newer version. Throws problems.
 */
export async function moveOwn(seen: Movable, action: OfferingMove): Promise<OwnOfferingView> {
  try {
    return await send(seen, action);
  } catch (error) {
    if (!isProblem(error) || error.problem.code !== 'offering.moved') throw error;
    const now = await call(offerings.getOwn, { params: { offering_id: seen.id } });
    if (now.state !== seen.state) throw error;
    return send(now, action);
  }
}

/** Says that it is done, with a way back where there is one; `refresh` shows the page anew. */
export async function moveAndTell(
  seen: Movable,
  action: OfferingMove,
  refresh: () => Promise<void>,
): Promise<void> {
  const moved = await moveOwn(seen, action);
  await refresh();
  const row = rowOf(seen.state, action);
  const back = backFrom(seen.state, action);
  toast({
    title: row?.ask?.done ?? row?.button?.done ?? '',
    detail: seen.title,
    tone: 'good',
    ...(back && { action: { label: 'Undo', run: () => void moveOrSay(moved, back, refresh) } }),
  });
}

/** As `moveAndTell`, where there is no place on the page for a refusal. */
export async function moveOrSay(
  seen: Movable,
  action: OfferingMove,
  refresh: () => Promise<void>,
): Promise<void> {
  try {
    await moveAndTell(seen, action, refresh);
  } catch (error) {
    if (!isProblem(error)) throw error;
    toast({ title: error.problem.title, detail: error.message, tone: 'bad' });
    await refresh();
  }
}

/** Makes a draft that says the same; resolves to its id. */
export async function duplicateOwn({ id, title }: Movable): Promise<string> {
  const made = await call(offerings.duplicate, { params: { offering_id: id } });
  toast({ title: 'Duplicated as a draft', detail: title, tone: 'good' });
  return made.id;
}
