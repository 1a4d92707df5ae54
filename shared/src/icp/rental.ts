import { counted } from '../count.ts';
import { hoursPerUnit, MAX_HOURS, units, type Rate, type Unit } from '../price.ts';
import { ceilDiv, MAX_AMOUNT_E9S, MAX_TOTAL_E9S } from '../money.ts';
import type { ContractRequest } from './contract-request.ts';

const MINUTES_PER_HOUR = 60n;

/** Minutes of the units that payments on the chain count in; a month is 720 hours here too. */
const minutesOf: Readonly<Record<string, bigint>> = {
  minute: 1n,
  hour: 60n,
  day: 1_440n,
  week: 10_080n,
  month: 43_200n,
  quarter: 129_600n,
  year: 525_600n,
};
const otherNames: Readonly<Record<string, string>> = {
  h: 'hour',
  hr: 'hour',
  hourly: 'hour',
  d: 'day',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
};

/** A contract none of whose payments counts time lasts a month. */
const DEFAULT_HOURS = 720n;

/** What of a request on the chain a contract here can hold; amounts are never changed. */
export interface IcpRental {
  hours: number;
  /** `priceOf(rate, hours)` is the total, or above it by less than one e9 an hour. */
  rate: Rate;
  total_e9s: bigint;
}

/**
 * How long a request on the chain is for and what an hour of it costs: the payments' quantities of
 * time add up, begun hours count. Else a sentence that says why it cannot be held here.
 */
export function rentalOf({
  amount_e9s: total_e9s,
  payments,
}: Pick<ContractRequest, 'amount_e9s' | 'payments'>): IcpRental | string {
  if (total_e9s > MAX_TOTAL_E9S) {
    return `its amount of ${total_e9s} e9s is beyond the ${MAX_TOTAL_E9S} that a contract holds`;
  }
  const minutes = payments.reduce(
    (sum, { unit, quantity }) => sum + minutesIn(unit) * quantity,
    0n,
  );
  const hours = minutes === 0n ? DEFAULT_HOURS : ceilDiv(minutes, MINUTES_PER_HOUR);
  if (hours > BigInt(MAX_HOURS)) {
    return `it lasts ${counted(Number(hours), 'hour')}, and a contract lasts at most ${MAX_HOURS}`;
  }
  return { hours: Number(hours), rate: rateFor(total_e9s, hours), total_e9s };
}

function minutesIn(unit: string): bigint {
  const name = unit.trim().toLowerCase();
  const one = otherNames[name] ?? name.replace(/s$/, '');
  return Object.hasOwn(minutesOf, one) ? (minutesOf[one] ?? 0n) : 0n;
}

/** The first unit whose price is whole; the setup fee is in the amount already. */
function rateFor(total_e9s: bigint, hours: bigint): Rate {
  const priceIn = (unit: Unit) => ceilDiv(total_e9s * BigInt(hoursPerUnit[unit]), hours);
  const isWhole = (unit: Unit) => (total_e9s * BigInt(hoursPerUnit[unit])) % hours === 0n;
  const whole = units.find((unit) => isWhole(unit) && priceIn(unit) <= MAX_AMOUNT_E9S);
  const unit = whole ?? 'hour';
  return { price_e9s: priceIn(unit), unit, setup_fee_e9s: 0n };
}
