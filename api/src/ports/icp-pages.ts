import { ICP_BYTES_BEFORE, ICP_DATA_START, icpProblem } from './icp.ts';
import type { IcpMetadata, IcpPage } from './icp.ts';

/** A chain's bytes that are here; offset 0 is the start of the data. */
export interface IcpBytes {
  readonly size: number;
  readonly page_bytes: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** One page by the canister's rules. */
export async function pageAt(
  { size, page_bytes, read }: IcpBytes,
  asked: number,
  bytes_before: Uint8Array | null,
): Promise<IcpPage> {
  const position = Math.max(asked, ICP_DATA_START);
  const offset = position - ICP_DATA_START;
  if (offset > size) {
    const tip = ICP_DATA_START + size;
    throw icpProblem('beyond_tip', `The Internet Computer ends at ${tip}, before ${position}.`);
  }
  if (bytes_before !== null) {
    const from = offset - ICP_BYTES_BEFORE;
    const before = from < 0 ? new Uint8Array() : await read(from, ICP_BYTES_BEFORE);
    if (Buffer.compare(before, bytes_before) !== 0) {
      throw icpProblem(
        'fork',
        `The Internet Computer has other bytes before ${position} than it had.`,
      );
    }
  }
  const length = Math.min(page_bytes, size - offset);
  return { position, bytes: await read(offset, length), more: offset + length < size };
}

/** What bytes alone can say. */
export const metadataOf = (size: number): IcpMetadata => ({
  data_start: ICP_DATA_START,
  num_blocks: null,
  latest_block_hash: null,
  latest_timestamp_ns: null,
  next_block_start: ICP_DATA_START + size,
});
