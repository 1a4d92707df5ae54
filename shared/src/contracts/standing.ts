import type * as z from 'zod';
import { termsSchema } from '../offerings/schemas.ts';
import type { AnyStatement } from '../signing/statement.ts';
import { stoodMs, type Pause } from '../paid-time.ts';
import { addHours, HOUR_MS, isoAt } from '../time.ts';
import type { PaysBy } from '../pays-by.ts';
import type { Choices } from './choices.ts';
import { contractDeadlines } from './deadlines.ts';
import { isEnded, type ContractMove, type ContractState } from './machine.ts';
import type { DataKind, DataOf } from './statement-data.ts';

/** What of an offering's terms a contract's moves depend on. */
export const governingTerms = termsSchema
  .pick({
    offering_id: true,
    provider_key: true,
    price_e9s: true,
    unit: true,
    setup_fee_e9s: true,
    currency: true,
    min_hours: true,
    max_hours: true,
    response_hours: true,
    provisioning_hours: true,
  })
  // Of logs from before there were choices some have shorter terms.
  .extend({ operating_systems: termsSchema.shape.operating_systems.default([]) });
export type GoverningTerms = z.output<typeof governingTerms>;

/** Where a contract stands, as its log alone says; amounts are e9s, times ISO text. */
export interface Standing {
  state: ContractState | null;
  renter_key: string;
  provider_key: string;
  /** What the renter chose of what the terms leave open; null where it chose nothing. */
  choices: Choices | null;
  /** How the renter pays what it does not pay at once; null where there is nothing of that. */
  pays_by: PaysBy | null;
  hours: number;
  total_e9s: bigint;
  refund_e9s: bigint | null;
  active_at: string | null;
  /** Unknown while it is paused. */
  ends_at: string | null;
  /** When its paid clock stood still, the earliest first. */
  pauses: readonly Pause[];
  /** When the present state ends by itself, by the system's move. */
  due_at: string | null;
  ended_at: string | null;
  has_opened: boolean;
  /** What was posted last. */
  delivery: { envelope_digest: string; recipient_key: string } | null;
  /** What one party has signed and the other may accept. */
  extension: { hash: string; by_role: string; hours: number } | null;
}

/** Where a contract stands before its first statement. */
export const beforeAll: Standing = {
  state: null,
  renter_key: '',
  provider_key: '',
  choices: null,
  pays_by: null,
  hours: 0,
  total_e9s: 0n,
  refund_e9s: null,
  active_at: null,
  ends_at: null,
  pauses: [],
  due_at: null,
  ended_at: null,
  has_opened: false,
  delivery: null,
  extension: null,
};

/** A statement that was found right, with what a reader has made of it. */
export interface Made<K extends DataKind = DataKind> {
  statement: Pick<AnyStatement, 'action' | 'role' | 'at'>;
  hash: string;
  kind: K;
  data: DataOf<K>;
  move: ContractMove;
  to: ContractState;
}

type Step<K extends DataKind> = (
  before: Standing,
  made: Made<K>,
  terms: GoverningTerms,
) => Partial<Standing>;

const asked = (data: { renter: string; provider: string; hours: number; total_e9s: string }) => ({
  renter_key: data.renter,
  provider_key: data.provider,
  hours: data.hours,
  total_e9s: BigInt(data.total_e9s),
});

/** What each kind of statement changes beside the state; the rest leaves all as it is. */
const steps: { [K in DataKind]?: Step<K> } = {
  request: (_, { data }) => ({
    ...asked(data),
    choices: data.choices ?? null,
    pays_by: data.pays_by ?? null,
  }),
  import_request: (_, { data }) => asked(data),
  mark_provisioned: (_, { data }) => ({ delivery: data }),
  rotate_credentials: (_, { data }) => ({ delivery: data }),
  open_credentials: () => ({ has_opened: true }),
  activate({ hours }, { statement: { at } }) {
    return { active_at: at, ends_at: addHours(at, hours) };
  },
  suspend: ({ pauses }, { statement: { at } }) => ({
    ends_at: null,
    pauses: [...pauses, { from: at, to: null }],
  }),
  resume({ active_at, hours, pauses: before }, { statement: { at } }) {
    const pauses = before.map(({ from, to }) => ({ from, to: to ?? at }));
    const begun_ms = Date.parse(active_at ?? at);
    const ends_at = isoAt(begun_ms + hours * HOUR_MS + stoodMs(pauses, Date.parse(at)));
    return { ends_at, due_at: ends_at, pauses };
  },
  extend(before, { data, statement, hash }) {
    const { hours, extra_e9s, accepts } = data;
    if (accepts === null) return { extension: { hash, by_role: statement.role, hours } };
    const ends_at = before.ends_at && addHours(before.ends_at, hours);
    return {
      hours: before.hours + hours,
      total_e9s: before.total_e9s + BigInt(extra_e9s),
      // While it is paused its end is counted when it goes on.
      ...(ends_at === null ? {} : { ends_at, due_at: ends_at }),
      extension: null,
    };
  },
};

/** The deadline that a move begins, else the one that stands without it. */
const dueAfter = (
  { due_at, hours, pays_by }: Standing,
  { starts }: ContractMove,
  at: string,
  terms: GoverningTerms,
): string | null =>
  starts === undefined
    ? due_at
    : addHours(at, contractDeadlines[starts].hours({ ...terms, hours, pays_by }));

/** Where a contract stands after a statement that was right. */
export function standingAfter(before: Standing, made: Made, terms: GoverningTerms): Standing {
  const { kind, statement, data, move, to } = made;
  const step = steps[kind] as Step<DataKind> | undefined;
  const stepped = { ...before, ...step?.(before, made, terms), state: to };
  const after = { ...stepped, due_at: dueAfter(stepped, move, statement.at, terms) };
  if (!isEnded(to)) return after;
  const refund_e9s = 'refund_e9s' in data ? BigInt(data.refund_e9s ?? 0) : null;
  return { ...after, ended_at: statement.at, due_at: null, extension: null, refund_e9s };
}

/** What was paid, as `refundOf` takes it. */
export const paidOf = ({ total_e9s, active_at, pauses }: Standing, rate: GoverningTerms) => ({
  rate,
  total_e9s,
  active_at,
  pauses,
});
