import { decideAll, pathTo, type Refusal } from '@berth/shared/machine';
import {
  offeringMachine,
  type OfferingAction,
  type OfferingRole,
} from '@berth/shared/offerings/machine';
import type { OfferingInput } from '@berth/shared/offerings/schemas';
import type { OfferingRow } from '../db/offering-rows.ts';
import { columnsOf, factsOf } from './row.ts';

/** An offering as it is to be: what its provider wrote, and the state it is in. */
export interface Wanted {
  input: OfferingInput;
  state: OfferingRow['state'];
}

/**
 * The moves that make an offering what it is to be, or why the machine has none. What is written
 * anew is a change before the other moves, where the offering may be changed there, and else after.
 */
export function findMoves(
  before: OfferingRow | null,
  { input, state }: Wanted,
  role: OfferingRole,
): { ok: true; actions: readonly OfferingAction[] } | Refusal {
  const ask = { state: before?.state ?? null, role, facts: factsOf(input) };
  const path = pathTo(offeringMachine, { ...ask, to: state });
  if (!path.ok || before === null) return path;
  if (path.actions.length > 0 && !isRewritten(before, input)) return path;
  const first = ['change' as const, ...path.actions];
  if (decideAll(offeringMachine, { ...ask, actions: first }).ok)
    return { ok: true, actions: first };
  const last = [...path.actions, 'change' as const];
  const decided = decideAll(offeringMachine, { ...ask, actions: last });
  return decided.ok ? { ok: true, actions: last } : decided;
}

/** Why an offering cannot become what it is to be, in a sentence; null where it can. */
export function findObstacle(before: OfferingRow | null, wanted: Wanted): string | null {
  const found = findMoves(before, wanted, 'provider');
  return found.ok ? null : found.sentence;
}

export const isRewritten = (before: OfferingRow, input: OfferingInput): boolean =>
  Object.entries(columnsOf(input)).some(
    ([name, value]) => before[name as keyof OfferingRow] !== value,
  );
