/** Where the ledger's first block begins. */
export const LEDGER_DATA_START = 8_388_608;
/** The most bytes of one page. Pages cut blocks anywhere. */
export const LEDGER_PAGE_BYTES = 1_048_576;
/** How many bytes before a position tell whether it is still the same ledger. */
export const LEDGER_BYTES_BEFORE = 16;

export interface LedgerPage {
  /** Where the bytes begin: what was asked for, or the start of the data where that is later. */
  readonly position: number;
  /** Empty at the tip. */
  readonly bytes: Uint8Array;
  /** Whether the ledger had more than this page when it was read. */
  readonly more: boolean;
}

/** What the ledger says of itself; null where it does not say. */
export interface LedgerMetadata {
  readonly data_start: number | null;
  readonly num_blocks: number | null;
  /** 64 hex characters. */
  readonly latest_block_hash: string | null;
  readonly latest_timestamp_ns: bigint | null;
  /** The tip: where the next block will begin. */
  readonly next_block_start: number | null;
}

/** The ledger as bytes. Both throw a LedgerProblem, or the signal's reason once it is aborted. */
export interface LedgerPort {
  /**
   * One page from an absolute position on. `bytes_before` are the 16 bytes that came before it
   * when they were read; null where the data begins.
   */
  fetch(
    position: number,
    bytes_before: Uint8Array | null,
    signal?: AbortSignal,
  ): Promise<LedgerPage>;
  metadata(signal?: AbortSignal): Promise<LedgerMetadata>;
}

/**
 * `fork`: the bytes before the position are others now. `beyond_tip`: the ledger ends before the
 * position. `unreachable`: no answer after all attempts. `refused`: an answer that is no good.
 */
export type LedgerProblemKind = 'fork' | 'beyond_tip' | 'unreachable' | 'refused';

export interface LedgerProblem extends Error {
  readonly ledger_problem: LedgerProblemKind;
}

export const ledgerProblem = (ledger_problem: LedgerProblemKind, detail: string): LedgerProblem =>
  Object.assign(new Error(detail), { ledger_problem });

export const isLedgerProblem = (error: unknown): error is LedgerProblem =>
  error instanceof Error && 'ledger_problem' in error;
