import { ceilDiv } from '../money.ts';
import { ranMs, type Pause } from '../paid-time.ts';
import { hoursPerUnit, type Rate } from '../price.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';

/** A contract whose paid clock has run, as far as its earnings hang on it. */
export interface Ran {
  rate: Rate;
  currency: string;
  total_e9s: bigint;
  /** Of the one that has ended. */
  refund_e9s: bigint | null;
  active_at: string;
  /** Unknown while its clock stands still. */
  ends_at: string | null;
  pauses: readonly Pause[];
  ended_at: string | null;
}

/** What contracts came to on one day (UTC). */
export interface DayEarned {
  /** What the hours that began on it are worth, with setup fees and what an end put right. */
  earned: Map<string, bigint>;
  /** For how much of their paid time they ran, together. */
  rented_ms: number;
}

interface Days {
  /** The beginning of the first day. */
  from_ms: number;
  count: number;
  now_ms: number;
}

const HOURS_A_DAY = 24n;

/** A contract with what is asked of it often. */
interface Read extends Pick<Ran, 'rate' | 'currency' | 'total_e9s' | 'active_at' | 'pauses'> {
  per: bigint;
  active_ms: number;
  /** When it ended; now, while it has not. */
  stop_ms: number;
  /** Up to when hours are paid for. */
  paid_ms: number;
  /** By its end, or by now. */
  kept_e9s: bigint;
}

/** The price of the hours that began before a moment, with the setup fee; never above the total. */
function worthAt(read: Omit<Read, 'stop_ms' | 'paid_ms' | 'kept_e9s'>, ms: number): bigint {
  const { rate, per, total_e9s } = read;
  const hours = Math.ceil(ranMs(read, ms) / HOUR_MS);
  const worth_e9s = rate.setup_fee_e9s + ceilDiv(rate.price_e9s * BigInt(hours), per);
  return worth_e9s < total_e9s ? worth_e9s : total_e9s;
}

function readRan(ran: Ran, now_ms: number): Read {
  const { rate, currency, total_e9s, refund_e9s, ended_at, active_at, pauses } = ran;
  const active_ms = Date.parse(active_at);
  const stop_ms = ended_at === null ? now_ms : Date.parse(ended_at);
  const paid_ms = ran.ends_at === null ? stop_ms : Math.min(stop_ms, Date.parse(ran.ends_at));
  const per = BigInt(hoursPerUnit[rate.unit]);
  const read = { rate, currency, total_e9s, per, active_at, active_ms, pauses };
  const kept_e9s = ended_at === null ? worthAt(read, now_ms) : total_e9s - (refund_e9s ?? 0n);
  return { ...read, stop_ms, paid_ms, kept_e9s };
}

/** What it earned before a moment of its time: nothing before that began. */
const earnedBefore = (read: Read, ms: number): bigint =>
  ms <= read.active_ms ? 0n : worthAt(read, ms);

/**
 * What each whole day in the middle of its time is worth, rounded down to 10^-9; null where the
 * total is less than the price of the hours, as one of the chain may be, and where the clock stood
 * still, as its days are not alike.
 */
function wholeDay(read: Read): bigint | null {
  const { rate, per, total_e9s, paid_ms, pauses } = read;
  if (pauses.length > 0) return null;
  return worthAt({ ...read, total_e9s: total_e9s + 1n }, paid_ms) > total_e9s
    ? null
    : (rate.price_e9s * HOURS_A_DAY) / per;
}

const addTo = (sums: Map<string, bigint>, currency: string, amount_e9s: bigint): void => {
  sums.set(currency, (sums.get(currency) ?? 0n) + amount_e9s);
};

/**
 * Adds up by day what contracts earned and how long they ran. Of each contract the days add up to
 * what it has earned by now, to the last of 10^-9; what lies before the first day is left out.
 * Whole days cost nothing each, so that long contracts are as fast as short ones; what rounding
 * them down leaves is told on the day after them.
 */
export function earnedByDay(contracts: readonly Ran[], days: Days): DayEarned[] {
  const { from_ms, count, now_ms } = days;
  const sums = Array.from({ length: count }, (): DayEarned => {
    return { earned: new Map(), rented_ms: 0 };
  });
  // Whole days are added at their first and taken away after their last, and summed up in the end.
  const steps = Array.from({ length: count + 1 }, () => new Map<string, bigint>());
  const whole = new Array<number>(count + 1).fill(0);
  const dayAt = (ms: number) => Math.floor((ms - from_ms) / DAY_MS);
  const beginOf = (day: number) => from_ms + day * DAY_MS;
  for (const ran of contracts) {
    const read = readRan(ran, now_ms);
    const { currency, active_ms, stop_ms, paid_ms, kept_e9s } = read;
    const first = Math.max(0, dayAt(active_ms));
    const last = Math.min(count - 1, dayAt(stop_ms));
    const day_e9s = last > first ? wholeDay(read) : null;
    // Before and after these it begins, ends or is used up.
    const from = first + 1;
    const to = day_e9s === null ? from : Math.max(from, Math.min(last, dayAt(paid_ms)));
    let before_e9s = first <= last ? earnedBefore(read, beginOf(first)) : 0n;
    for (let day = first; day <= last; day += 1) {
      if (day === from && day_e9s !== null && to > from) {
        addTo(steps[from]!, currency, day_e9s);
        addTo(steps[to]!, currency, -day_e9s);
        whole[from]! += DAY_MS;
        whole[to]! -= DAY_MS;
        before_e9s += day_e9s * BigInt(to - from);
        day = to;
      }
      const sum = sums[day]!;
      const to_ms = Math.min(paid_ms, beginOf(day + 1));
      const ran_ms = ranMs(read, to_ms) - ranMs(read, Math.max(active_ms, beginOf(day)));
      sum.rented_ms += Math.max(0, ran_ms);
      const by_e9s = day === last ? kept_e9s : earnedBefore(read, beginOf(day + 1));
      addTo(sum.earned, currency, by_e9s - before_e9s);
      before_e9s = by_e9s;
    }
  }
  addSteps(sums, steps);
  let running_ms = 0;
  for (const [day, sum] of sums.entries()) {
    running_ms += whole[day]!;
    sum.rented_ms += running_ms;
  }
  return sums;
}

function addSteps(sums: DayEarned[], steps: readonly ReadonlyMap<string, bigint>[]): void {
  const running = new Map<string, bigint>();
  for (const [day, { earned }] of sums.entries()) {
    for (const [currency, step_e9s] of steps[day] ?? []) addTo(running, currency, step_e9s);
    for (const [currency, each_e9s] of running) {
      if (each_e9s !== 0n) addTo(earned, currency, each_e9s);
    }
  }
}
