/**
 * A state machine is one table. A row is a move; guards are pure predicates over facts, each with
 * the sentence that is shown when it fails. The API's guard, the buttons, the sweeper, the diagram
 * and the tests all read the same rows.
 */
export interface Guard<Facts> {
  readonly sentence: string;
  readonly holds: (facts: Facts) => boolean;
}

export interface StateRow {
  readonly label: string;
  readonly means: string;
  readonly tone: 'neutral' | 'waiting' | 'progress' | 'good' | 'bad';
  readonly icon: string;
  readonly ends: boolean;
}

export interface Button {
  readonly label: string;
  readonly tone: 'primary' | 'plain' | 'danger';
}

export interface MoveRow<
  State extends string,
  Action extends string,
  Role extends string,
  Facts,
  Rule extends string = string,
> {
  readonly action: Action;
  /** The states it starts from; `null` makes the thing. */
  readonly from: readonly (State | null)[];
  /** The state it ends in; `same` records an entry and moves nothing. */
  readonly to: State | 'same';
  readonly by: readonly Role[];
  readonly needs?: readonly Guard<Facts>[];
  /** The refund rule, by name, of a move that ends the thing. */
  readonly money?: Rule;
  /** What is told, with `{who}` for the actor's name; to everybody but the actor, or to `tells`. */
  readonly tell?: string;
  readonly tells?: readonly Role[];
  /** When the system makes the move by itself, in words and by which deadline. */
  readonly after?: string;
  readonly button?: Button;
}

export interface Machine<
  State extends string,
  Action extends string,
  Role extends string,
  Facts,
  Rule extends string = string,
> {
  readonly name: string;
  readonly states: Readonly<Record<State, StateRow>>;
  readonly moves: readonly MoveRow<State, Action, Role, Facts, Rule>[];
}

export type Decision<State extends string, Row> =
  | { readonly ok: true; readonly row: Row; readonly to: State }
  | {
      readonly ok: false;
      readonly code: 'no_such_move' | 'not_yours' | 'not_yet';
      readonly sentence: string;
    };

/**
 * Whether this role may make this move now. Refusals come in a fixed order: no such move, not
 * yours, guard. `to` picks the row where one action leads to several states.
 */
export function decide<S extends string, A extends string, R extends string, F, M extends string>(
  machine: Machine<S, A, R, F, M>,
  ask: { state: S | null; action: A; role: R; facts: F; to?: S },
): Decision<S, MoveRow<S, A, R, F, M>> {
  const { state, action, role, facts, to } = ask;
  const here = machine.moves.filter(
    (row) =>
      row.action === action && row.from.includes(state) && (to === undefined || row.to === to),
  );
  if (here.length === 0) {
    const now = state === null ? 'before it exists' : `while it is ${state}`;
    return { ok: false, code: 'no_such_move', sentence: `It cannot ${words(action)} ${now}.` };
  }
  const row = here.find(({ by }) => by.includes(role));
  if (!row) {
    const who = [...new Set(here.flatMap(({ by }) => by))].join(' or the ');
    return { ok: false, code: 'not_yours', sentence: `Only the ${who} can ${words(action)}.` };
  }
  const failed = row.needs?.find((guard) => !guard.holds(facts));
  if (failed) return { ok: false, code: 'not_yet', sentence: failed.sentence };
  // A row without `from` state makes the thing and so names its state.
  return { ok: true, row, to: row.to === 'same' ? (state as S) : row.to };
}

/** The moves that this role may make now, in the table's order. */
export function nextMoves<
  S extends string,
  A extends string,
  R extends string,
  F,
  M extends string,
>(machine: Machine<S, A, R, F, M>, ask: { state: S; role: R; facts: F }): MoveRow<S, A, R, F, M>[] {
  return machine.moves.filter(
    (row) =>
      row.from.includes(ask.state) &&
      row.by.includes(ask.role) &&
      (row.needs ?? []).every((guard) => guard.holds(ask.facts)),
  );
}

/** What is wrong with a machine's table, in sentences; none for a sound one. */
export function faultsOf<S extends string, A extends string, R extends string, F, M extends string>(
  machine: Machine<S, A, R, F, M>,
): string[] {
  const states = Object.keys(machine.states) as S[];
  const faults: string[] = [];
  const reached = new Set<S | null>([null]);
  for (let grew = true; grew;) {
    const before = reached.size;
    for (const { from, to } of machine.moves) {
      if (to !== 'same' && from.some((state) => reached.has(state))) reached.add(to);
    }
    grew = reached.size > before;
  }
  for (const state of states) {
    const leaves = machine.moves.some(({ from, to }) => from.includes(state) && to !== 'same');
    if (!reached.has(state)) faults.push(`${state} is never reached`);
    if (machine.states[state].ends && leaves) faults.push(`${state} ends, yet a move leaves it`);
    if (!machine.states[state].ends && !leaves)
      faults.push(`${state} does not end, yet nothing leaves it`);
  }
  const seen = new Set<string>();
  for (const { action, from, to, by } of machine.moves) {
    for (const key of from.flatMap((f) =>
      by.map((role) => `${action} by ${role} from ${f} to ${to}`),
    )) {
      if (seen.has(key)) faults.push(`${key} is listed twice`);
      seen.add(key);
    }
  }
  return faults;
}

/** A Mermaid state diagram of the table. */
export function diagramOf<
  S extends string,
  A extends string,
  R extends string,
  F,
  M extends string,
>(machine: Machine<S, A, R, F, M>): string {
  const lines = machine.moves
    .filter(({ to }) => to !== 'same')
    .flatMap(({ action, from, to, by }) =>
      from.map((state) => `  ${state ?? '[*]'} --> ${to}: ${action} (${by.join(', ')})`),
    );
  const ends = (Object.keys(machine.states) as S[])
    .filter((state) => machine.states[state].ends)
    .map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', ...new Set(lines), ...ends].join('\n');
}

export const words = (name: string): string => name.replaceAll('_', ' ');
