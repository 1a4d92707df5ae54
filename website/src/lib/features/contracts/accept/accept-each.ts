import { contractStates } from '@berth/shared/contracts/machine';
import type { ContractItem, ContractView } from '@berth/shared/contracts/schemas';
import type { Currency } from '@berth/shared/money';
import { isProblem, type Problem } from '@berth/shared/problems';
import { moveWith } from '../rows.ts';

/** Requests that are accepted in one go: what the API takes of one account in a minute. */
export const MOST_AT_ONCE = 100;

/** What came of one request; `unknown` and `not_sent` can be tried again. */
export interface Came {
  item: ContractItem;
  outcome: 'counted' | 'refused' | 'unknown' | 'not_sent';
  /** Why not, in a sentence; empty where it counted. */
  why: string;
}

/** A request as it was read, and the key that a repeat of its acceptance carries. */
export interface Asked {
  item: ContractItem;
  view: ContractView;
  idempotency_key: string;
}

/** Whether its provider may accept it now. */
export const isAcceptable = (item: Pick<ContractItem, 'state' | 'role'>): boolean =>
  moveWith(item, 'terms') !== null;

/** Why a request that was chosen can be accepted no more; null where it can. */
export function obstacleTo(view: ContractView, mismatch: string | null): string | null {
  if (!isAcceptable(view)) {
    return `By now it is ${contractStates[view.state].label.toLowerCase()}; nothing was signed.`;
  }
  return mismatch;
}

/** What nothing that follows can get past: the connection, the session, or too many requests. */
const stopsAll = ({ problem: { status, code } }: Problem): boolean =>
  status === 503 || status === 429 || status === 401 || code === 'session.scope';

const NOT_SENT = 'It was not signed.';

/**
 * Accepts each, one signed statement after another; what is refused is passed over. Where nothing
 * more can be sent, or `goesOn` says no, the rest is left unsigned.
 */
export async function acceptEach(
  asked: readonly Asked[],
  send: (one: Asked) => Promise<void>,
  { goesOn, oncame }: { goesOn: () => boolean; oncame: (came: Came) => void },
): Promise<void> {
  for (const [at, one] of asked.entries()) {
    if (!goesOn()) return leave(asked.slice(at), NOT_SENT, oncame);
    try {
      await send(one);
      oncame({ item: one.item, outcome: 'counted', why: '' });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const isLost = error.problem.status === 503;
      const outcome = isLost ? 'unknown' : stopsAll(error) ? 'not_sent' : 'refused';
      oncame({ item: one.item, outcome, why: whyOf(error) });
      if (stopsAll(error)) return leave(asked.slice(at + 1), NOT_SENT, oncame);
    }
  }
}

function leave(rest: readonly Asked[], why: string, oncame: (came: Came) => void): void {
  for (const { item } of rest) oncame({ item, outcome: 'not_sent', why });
}

/** Where the contract stands by now says more than that it has moved on. */
function whyOf({ message, problem }: Problem): string {
  const head = problem['head'] as { state?: keyof typeof contractStates } | undefined;
  const stands = head?.state === undefined ? null : contractStates[head.state].label;
  if (problem.code === 'contract.moved' && stands !== null) {
    const now = isAcceptable({ state: head!.state!, role: 'provider' })
      ? 'Something was added to it after you looked'
      : `It is ${stands.toLowerCase()} by now`;
    return `${now}; your acceptance does not count. Open it and look.`;
  }
  return message;
}

export interface Summary {
  count: number;
  /** Who asks, and for how many, the most first. */
  renters: { name: string; count: number }[];
  totals: { currency: Currency; amount_e9s: bigint }[];
  /** How many are to be set up within so many hours, the shortest first. */
  deadlines: { hours: number; count: number }[];
}

/** What one is about to sign. */
export function summaryOf(views: readonly ContractView[]): Summary {
  const renters = countBy(views, ({ renter }) => renter.display_name);
  const totals = new Map<Currency, bigint>();
  for (const { currency, total_e9s } of views) {
    totals.set(currency, (totals.get(currency) ?? 0n) + BigInt(total_e9s));
  }
  const hours = countBy(views, ({ terms }) => terms.provisioning_hours);
  return {
    count: views.length,
    renters: [...renters]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    totals: [...totals]
      .map(([currency, amount_e9s]) => ({ currency, amount_e9s }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    deadlines: [...hours]
      .map(([length, count]) => ({ hours: length, count }))
      .sort((a, b) => a.hours - b.hours),
  };
}

function countBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}
