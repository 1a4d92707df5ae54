/** Where the chain's first block begins. */
export const ICP_DATA_START = 8_388_608;
/** The most bytes of one page. Pages cut blocks anywhere. */
export const ICP_PAGE_BYTES = 1_048_576;
/** How many bytes before a position tell whether it is still the same icp. */
export const ICP_BYTES_BEFORE = 16;

export interface IcpPage {
  /** Where the bytes begin: what was asked for, or the start of the data where that is later. */
  readonly position: number;
  /** Empty at the tip. */
  readonly bytes: Uint8Array;
  /** Whether the chain had more than this page when it was read. */
  readonly more: boolean;
}

/** What the chain says of itself; null where it does not say. */
export interface IcpMetadata {
  readonly data_start: number | null;
  readonly num_blocks: number | null;
  /** 64 hex characters. */
  readonly latest_block_hash: string | null;
  readonly latest_timestamp_ns: bigint | null;
  /** The tip: where the next block will begin. */
  readonly next_block_start: number | null;
}

/** The chain as bytes. Both throw a IcpProblem, or the signal's reason once it is aborted. */
export interface IcpPort {
  /**
   * One page from an absolute position on. `bytes_before` are the 16 bytes that came before it
   * when they were read; null where the data begins.
   */
  fetch(position: number, bytes_before: Uint8Array | null, signal?: AbortSignal): Promise<IcpPage>;
  metadata(signal?: AbortSignal): Promise<IcpMetadata>;
}

/**
 * `fork`: the bytes before the position are others now. `beyond_tip`: the chain ends before the
 * position. `unreachable`: no answer after all attempts. `refused`: an answer that is no good.
 */
export type IcpProblemKind = 'fork' | 'beyond_tip' | 'unreachable' | 'refused';

export interface IcpProblem extends Error {
  readonly icp_problem: IcpProblemKind;
}

export const icpProblem = (icp_problem: IcpProblemKind, detail: string): IcpProblem =>
  Object.assign(new Error(detail), { icp_problem });

export const isIcpProblem = (error: unknown): error is IcpProblem =>
  error instanceof Error && 'icp_problem' in error;
