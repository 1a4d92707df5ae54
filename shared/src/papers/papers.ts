/** What papers there are, and which of them money makes: pure, so that tests replay it. */
import { hoursPerUnit, priceOf, type Rate } from '../price.ts';
import { countryName } from '../offerings/catalogue.ts';
import { taxIn, type Tax } from './tax.ts';

export const paperKinds = {
  invoice: { prefix: 'INV', title: 'Invoice' },
  credit_note: { prefix: 'CN', title: 'Credit note' },
  commission: { prefix: 'COM', title: 'Commission invoice' },
} as const;
export type PaperKind = keyof typeof paperKinds;
export const paperKindNames = Object.keys(paperKinds) as [PaperKind, ...PaperKind[]];

const NUMBER_DIGITS = 6;

/** `INV-2026-000001`: without gaps within its kind and year. */
export const numberOf = (kind: PaperKind, year: number, nth: number): string =>
  `${paperKinds[kind].prefix}-${year}-${String(nth).padStart(NUMBER_DIGITS, '0')}`;

/** What one entry of the ledger moved between a contract's renter and its escrow. */
export interface Moved {
  readonly entry_id: number;
  /** Whether it is a part of the first total, which may be paid in several. */
  readonly is_order: boolean;
  /** What the renter paid; below zero what was given back. */
  readonly paid_e9s: bigint;
}

/** An invoice of a contract, by its entry, and what of it was credited. */
export interface Open {
  readonly entry_id: number;
  readonly gross_e9s: bigint;
  readonly credited_e9s: bigint;
}

export type Planned =
  | { kind: 'invoice'; entry_id: number; is_order: boolean; gross_e9s: bigint }
  | {
      kind: 'credit_note';
      entry_id: number;
      /** The entry of the invoice that it corrects, and what of that was credited before. */
      corrects: number;
      credited_e9s: bigint;
      gross_e9s: bigint;
    };

/**
 * The papers of what moved, in its order: one invoice for the whole order and one for each amount
 * after it, and of what is given back a credit note for each invoice that it corrects, the newest
 * first. Throws where more is given back than was invoiced.
 */
export function planPapers(moves: readonly Moved[], before: readonly Open[]): Planned[] {
  const planned: Planned[] = [];
  const open = before.map((one) => ({ ...one }));
  const invoice = (entry_id: number, is_order: boolean, gross_e9s: bigint) => {
    if (gross_e9s === 0n) return;
    planned.push({ kind: 'invoice', entry_id, is_order, gross_e9s });
    open.push({ entry_id, gross_e9s, credited_e9s: 0n });
  };
  const order = moves.filter(({ is_order }) => is_order);
  const ordered_e9s = order.reduce((sum, { paid_e9s }) => sum + paid_e9s, 0n);
  invoice(order.at(-1)?.entry_id ?? 0, true, ordered_e9s);
  for (const { entry_id, paid_e9s } of moves.filter(({ is_order }) => !is_order)) {
    if (paid_e9s >= 0n) invoice(entry_id, false, paid_e9s);
    let left_e9s = paid_e9s < 0n ? -paid_e9s : 0n;
    for (const one of open.toReversed()) {
      const { credited_e9s } = one;
      const room_e9s = one.gross_e9s - credited_e9s;
      const gross_e9s = left_e9s < room_e9s ? left_e9s : room_e9s;
      if (gross_e9s === 0n) continue;
      const corrects = one.entry_id;
      planned.push({ kind: 'credit_note', entry_id, corrects, credited_e9s, gross_e9s });
      one.credited_e9s += gross_e9s;
      left_e9s -= gross_e9s;
    }
    if (left_e9s > 0n) throw new Error(`Entry ${entry_id} gives back more than was invoiced`);
  }
  return planned;
}

/**
 * The tax in the next part of an amount, of which some came before it: the parts of the whole add
 * up to the tax of the whole.
 */
export const taxOfPart = (
  gross_e9s: bigint,
  before_e9s: bigint,
  rate_bp: number,
  minor_e9s: bigint,
): bigint =>
  taxIn(before_e9s + gross_e9s, rate_bp, minor_e9s) - taxIn(before_e9s, rate_bp, minor_e9s);

/** The whole hours that cost an amount at a rate, without a setup fee; null where none do. */
export function hoursFor(rate: Rate, usage_e9s: bigint): number | null {
  if (rate.price_e9s === 0n) return null;
  const hours = Number((usage_e9s * BigInt(hoursPerUnit[rate.unit])) / rate.price_e9s);
  return priceOf({ ...rate, setup_fee_e9s: 0n }, hours).total_e9s === usage_e9s ? hours : null;
}

/** How many of the first names are of at most so many different ones. */
export function countWithin(names: readonly string[], most: number): number {
  const seen = new Set<string>();
  const beyond = names.findIndex((name) => seen.add(name).size > most);
  return beyond < 0 ? names.length : beyond;
}

const BASIS_POINTS_IN_A_PERCENT = 100;

/** `VAT of Finland, 25.5 %`, and `VAT` where there is none. */
export const taxLabel = ({ country, rate_bp }: Pick<Tax, 'country' | 'rate_bp'>): string =>
  country === null
    ? 'VAT'
    : `VAT of ${countryName(country)}, ${rate_bp / BASIS_POINTS_IN_A_PERCENT} %`;

/** What was done with the whole amount. */
export const paidLabel = (kind: PaperKind): string =>
  kind === 'credit_note' ? 'Paid back' : 'Paid';
