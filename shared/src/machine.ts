/**
 * A state machine is one table. A row is a move; guards are pure predicates over facts, each with
 * the sentence that is shown when it fails. The API's guard, the buttons, the sweeper, the diagram
 * and the tests all read the same rows.
 */
export interface Guard<Facts> {
  readonly sentence: string;
  holds(facts: Facts): boolean;
}

export interface StateRow {
  readonly label: string;
  readonly means: string;
  readonly tone: 'neutral' | 'waiting' | 'progress' | 'good' | 'bad';
  readonly icon: string;
  readonly ends: boolean;
  /** What it is called among the steps of a life in which all goes well; none off that way. */
  readonly step?: string;
}

/** A time by which the system moves a thing by itself. */
export interface Deadline {
  /** When that is, in words. */
  readonly after: string;
  /** What it brings, after "it": "expires". */
  readonly brings: string;
}

/** What a dialog says and asks; names in braces are filled in by it. */
export interface Question {
  readonly title: string;
  readonly detail?: string;
  /** On the button that signs. */
  readonly submit: string;
  /** What is said once it is done. */
  readonly done: string;
}

export interface Button {
  readonly label: string;
  /** The same for several things at once, where that may be asked for. */
  readonly many?: string;
  readonly tone: 'primary' | 'plain' | 'danger';
  /** What is said once it is done, where no dialog says it. */
  readonly done?: string;
}

/** The names that one machine's table is written in, and what its guards look at. */
export interface Vocabulary {
  readonly state: string;
  readonly action: string;
  readonly role: string;
  readonly facts: unknown;
  /** The names of its rules of refund. */
  readonly rule: string;
  readonly deadline: string;
  /** The names of what a move does in our own database beside its entry and its state. */
  readonly effect: string;
  /** The names of what asks for a move. */
  readonly form: string;
  /** The kinds of notices by which its moves are told. */
  readonly notice: string;
}

export interface MoveRow<W extends Vocabulary> {
  readonly action: W['action'];
  /** The states it starts from; `null` makes the thing. */
  readonly from: readonly (W['state'] | null)[];
  /** The state it ends in; `same` records an entry and moves nothing. */
  readonly to: W['state'] | 'same';
  readonly by: readonly W['role'][];
  readonly needs?: readonly Guard<W['facts']>[];
  readonly effects?: readonly W['effect'][];
  /** The refund rule, by name, of a move that ends the thing. */
  readonly money?: W['rule'];
  /** What was done, after the name of who did it: "listed it". */
  readonly deed?: string;
  /** The kind of notice that tells of it; to everybody but the actor, or to `tells`. */
  readonly tell?: W['notice'];
  readonly tells?: readonly W['role'][];
  /** The system's move that follows at once, in the same transaction, and tells of both. */
  readonly then?: W['action'];
  /** The deadline that the move begins, and the one by which the system makes it by itself. */
  readonly starts?: W['deadline'];
  readonly deadline?: W['deadline'];
  /** What the system notes in the log when a deadline or a rule has it make the move. */
  readonly memo?: string;
  /** The way to end the thing that this is, as somebody is told before they begin one. */
  readonly stops?: string;
  readonly icon?: string;
  readonly button?: Button;
  /** What asks for the move, and what it says; `place` names where, if not with the others. */
  readonly form?: W['form'];
  readonly ask?: Question;
  readonly place?: string;
  /** The action that takes this one back, where nothing else is lost by it. */
  readonly undo?: W['action'];
}

export interface Machine<W extends Vocabulary> {
  readonly name: string;
  /** Whether each entry of its logs is signed, by who moves it or by the service. */
  readonly signed: boolean;
  readonly states: Readonly<Record<W['state'], StateRow>>;
  readonly deadlines: Readonly<Record<W['deadline'], Deadline>>;
  readonly moves: readonly MoveRow<W>[];
}

export interface Refusal {
  readonly ok: false;
  readonly code: 'no_such_move' | 'not_yours' | 'not_yet';
  readonly sentence: string;
}

export type Decision<W extends Vocabulary> =
  { readonly ok: true; readonly row: MoveRow<W>; readonly to: W['state'] } | Refusal;

/**
 * Whether this role may make this move now, and by which row: the first whose guards hold. Refusals
 * come in a fixed order: no such move, not yours, and the first guard of the first row that fails.
 * `to` picks the rows that lead there, where one action leads to several states.
 */
export function decide<W extends Vocabulary>(
  machine: Machine<W>,
  ask: {
    state: W['state'] | null;
    action: W['action'];
    role: W['role'];
    facts: W['facts'];
    to?: W['state'] | undefined;
  },
): Decision<W> {
  const { state, action, role, facts, to } = ask;
  const here = machine.moves.filter(
    (row) =>
      row.action === action && row.from.includes(state) && (to === undefined || row.to === to),
  );
  if (here.length === 0) {
    const sentence = `The move “${words(action)}” is not possible ${nowOf(machine, state)}.`;
    return { ok: false, code: 'no_such_move', sentence };
  }
  const own = here.filter(({ by }) => by.includes(role));
  const [first] = own;
  if (!first) {
    const who = [...new Set(here.flatMap(({ by }) => by))].join(' or the ');
    return { ok: false, code: 'not_yours', sentence: `Only the ${who} can ${words(action)}.` };
  }
  const row = own.find((one) => failedGuard(one, facts) === undefined);
  if (!row) {
    return { ok: false, code: 'not_yet', sentence: failedGuard(first, facts)?.sentence ?? '' };
  }
  // A row without `from` state makes the thing and so names its state.
  return { ok: true, row, to: row.to === 'same' ? (state as W['state']) : row.to };
}

const nowOf = <W extends Vocabulary>({ name }: Machine<W>, state: W['state'] | null): string =>
  state === null ? `before the ${name} exists` : `while the ${name} is ${state}`;

const failedGuard = <W extends Vocabulary>({ needs }: MoveRow<W>, facts: W['facts']) =>
  needs?.find((guard) => !guard.holds(facts));

/** The moves that this role may make now, each action once, in the table's order. */
export function nextMoves<W extends Vocabulary>(
  machine: Machine<W>,
  ask: { state: W['state']; role: W['role']; facts: W['facts'] },
): MoveRow<W>[] {
  const open = machine.moves.filter(
    (row) =>
      row.from.includes(ask.state) &&
      row.by.includes(ask.role) &&
      failedGuard(row, ask.facts) === undefined,
  );
  return open.filter((row, at) => open.findIndex(({ action }) => action === row.action) === at);
}

/** What an entry of a log says that a machine can look for. */
export interface Logged {
  readonly action: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly role: string;
}

/** The row that made an entry of a log; a sound table has one at most. */
export const findRow = <W extends Vocabulary>(
  { moves }: Machine<W>,
  { action, from_state, to_state, role }: Logged,
): MoveRow<W> | undefined =>
  moves.find(
    (row) =>
      row.action === action &&
      row.from.includes(from_state) &&
      (row.to === 'same' ? from_state : row.to) === to_state &&
      row.by.includes(role),
  );

/** The row of the move that the system makes when the deadline of a state has passed. */
export const timedRow = <W extends Vocabulary>(
  { moves }: Machine<W>,
  state: W['state'],
): (MoveRow<W> & { deadline: W['deadline'] }) | null =>
  moves.find(
    (row): row is MoveRow<W> & { deadline: W['deadline'] } =>
      row.deadline !== undefined && row.from.includes(state),
  ) ?? null;

/** Whether this role may make these moves, one after another, and where they lead. */
export function decideAll<W extends Vocabulary>(
  machine: Machine<W>,
  {
    actions,
    state,
    ...ask
  }: {
    state: W['state'] | null;
    actions: readonly W['action'][];
    role: W['role'];
    facts: W['facts'];
  },
): { readonly ok: true; readonly to: W['state'][] } | Refusal {
  const to: W['state'][] = [];
  for (const action of actions) {
    const decision = decide(machine, { ...ask, state: to.at(-1) ?? state, action });
    if (!decision.ok) return decision;
    to.push(decision.to);
  }
  return { ok: true, to };
}

/**
 * The fewest moves by which this role brings a thing from one state to another, none where it is
 * there. Where guards stand in the way, the refusal is that of the first on the shortest way.
 */
export function pathTo<W extends Vocabulary>(
  machine: Machine<W>,
  ask: { state: W['state'] | null; to: W['state']; role: W['role']; facts: W['facts'] },
): { readonly ok: true; readonly actions: W['action'][] } | Refusal {
  const { state, to, role, facts } = ask;
  const open = shortest(machine, ask, (row) => failedGuard(row, facts) === undefined);
  if (open !== null) return { ok: true, actions: open };
  const barred = shortest(machine, ask, () => true);
  const decided = barred && decideAll(machine, { state, actions: barred, role, facts });
  if (decided && !decided.ok) return decided;
  const sentence = `It cannot become ${to} ${nowOf(machine, state)}.`;
  return { ok: false, code: 'no_such_move', sentence };
}

function shortest<W extends Vocabulary>(
  { moves }: Machine<W>,
  { state, to, role }: { state: W['state'] | null; to: W['state']; role: W['role'] },
  isOpen: (row: MoveRow<W>) => boolean,
): W['action'][] | null {
  const ways = new Map<W['state'] | null, W['action'][]>([[state, []]]);
  for (const [from, way] of ways) {
    if (from === to) return way;
    for (const row of moves) {
      if (row.to === 'same' || ways.has(row.to)) continue;
      if (!row.from.includes(from) || !row.by.includes(role) || !isOpen(row)) continue;
      ways.set(row.to, [...way, row.action]);
    }
  }
  return null;
}

/** What is wrong with a machine's table, in sentences; none for a sound one. */
export function faultsOf<W extends Vocabulary>(machine: Machine<W>): string[] {
  const states = Object.keys(machine.states) as W['state'][];
  const faults: string[] = [];
  const reached = new Set<W['state'] | null>([null]);
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
  for (const state of states) {
    const timed = machine.moves.filter((row) => row.deadline && row.from.includes(state));
    if (timed.length > 1) faults.push(`${state} has several moves with a deadline`);
  }
  const seen = new Set<string>();
  for (const { action, from, to, by } of machine.moves) {
    for (const key of from.flatMap((f) =>
      by.map((role) => `${action} by ${role} from ${f} to ${to === 'same' ? f : to}`),
    )) {
      if (seen.has(key)) faults.push(`${key} is listed twice`);
      seen.add(key);
    }
  }
  return faults;
}

/** A Mermaid state diagram of the table. */
export function diagramOf<W extends Vocabulary>(machine: Machine<W>): string {
  const lines = machine.moves
    .filter(({ to }) => to !== 'same')
    .flatMap(({ action, from, to, by }) =>
      from.map((state) => `  ${state ?? '[*]'} --> ${to}: ${action} (${by.join(', ')})`),
    );
  const ends = (Object.keys(machine.states) as W['state'][])
    .filter((state) => machine.states[state].ends)
    .map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', ...new Set(lines), ...ends].join('\n');
}

export const words = (name: string): string => name.replaceAll('_', ' ');
