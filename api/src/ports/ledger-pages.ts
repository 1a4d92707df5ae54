import { LEDGER_BYTES_BEFORE, LEDGER_DATA_START, ledgerProblem } from './ledger.ts';
import type { LedgerMetadata, LedgerPage } from './ledger.ts';

/** A ledger's bytes that are here; offset 0 is the start of the data. */
export interface LedgerBytes {
  readonly size: number;
  readonly page_bytes: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** One page by the canister's rules. */
export async function pageAt(
  { size, page_bytes, read }: LedgerBytes,
  asked: number,
  bytes_before: Uint8Array | null,
): Promise<LedgerPage> {
  const position = Math.max(asked, LEDGER_DATA_START);
  const offset = position - LEDGER_DATA_START;
  if (offset > size) {
    const tip = LEDGER_DATA_START + size;
    throw ledgerProblem('beyond_tip', `The ledger ends at ${tip}, before ${position}.`);
  }
  if (bytes_before !== null) {
    const from = offset - LEDGER_BYTES_BEFORE;
    const before = from < 0 ? new Uint8Array() : await read(from, LEDGER_BYTES_BEFORE);
    if (Buffer.compare(before, bytes_before) !== 0) {
      throw ledgerProblem('fork', `The ledger has other bytes before ${position} than it had.`);
    }
  }
  const length = Math.min(page_bytes, size - offset);
  return { position, bytes: await read(offset, length), more: offset + length < size };
}

/** What bytes alone can say. */
export const metadataOf = (size: number): LedgerMetadata => ({
  data_start: LEDGER_DATA_START,
  num_blocks: null,
  latest_block_hash: null,
  latest_timestamp_ns: null,
  next_block_start: LEDGER_DATA_START + size,
});
