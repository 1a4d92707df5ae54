/** Whoever knows which VAT ids there are: the EU's register, VIES. */
export interface VatPort {
  /**
   * Whether an id of the EU is registered, as `DE` and `136695976`. Throws a VatProblem where
   * nobody says, or the signal's reason once it is aborted.
   */
  check(id: { prefix: string; rest: string }, signal: AbortSignal): Promise<boolean>;
}

/** There was no answer, or one that does not say. */
export interface VatProblem extends Error {
  readonly vat_problem: true;
}

export const vatProblem = (detail: string): VatProblem =>
  Object.assign(new Error(detail), { vat_problem: true as const });

export const isVatProblem = (error: unknown): error is VatProblem =>
  error instanceof Error && 'vat_problem' in error;
