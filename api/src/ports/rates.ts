import type { Currency } from '@berth/shared/money';

/** What one euro is in other currencies on one day. */
export interface RateSheet {
  /** The day that it is of, such as 2026-11-27. */
  readonly date: string;
  /** Whose rates they are, for people. */
  readonly source: string;
  /** Units of a currency for one euro, in 10^-9. Only currencies that are traded here. */
  readonly per_euro_e9s: Readonly<Partial<Record<Currency, bigint>>>;
  /** From this ISO time on they say too little of the present; null where they are not of it. */
  readonly expires_at: string | null;
}

/** Whoever says what currencies are worth. */
export interface RatesPort {
  /** The newest sheet. Throws a RatesProblem, or the signal's reason once it is aborted. */
  fetch(signal: AbortSignal): Promise<RateSheet>;
}

/** `unreachable`: there was no answer. `refused`: an answer that is no good. */
export interface RatesProblem extends Error {
  readonly rates_problem: 'unreachable' | 'refused';
}

export const ratesProblem = (
  rates_problem: RatesProblem['rates_problem'],
  detail: string,
): RatesProblem => Object.assign(new Error(detail), { rates_problem });

export const isRatesProblem = (error: unknown): error is RatesProblem =>
  error instanceof Error && 'rates_problem' in error;
