import { deflateSync } from 'node:zlib';
import type { Bytes } from '../signing/bytes.ts';
import {
  BLOCK_VERSION,
  blockBody,
  cursorAfter,
  HEADER_BYTES,
  hashBlock,
  startCursor,
  type BlockCursor,
} from './blocks-node.ts';
import { writeBorsh } from './borsh.ts';
import type { RawEntry } from './entries.ts';

/** What a block is made of, beside the one before it. */
export interface BlockDraft {
  entries: readonly RawEntry[];
  timestamp_ns: bigint;
}
export interface Written {
  bytes: Bytes;
  /** Where the next block goes. */
  cursor: BlockCursor;
}

/** The block that goes at the cursor, as the chain would write it. */
export function writeBlock({ entries, timestamp_ns }: BlockDraft, cursor: BlockCursor): Written {
  const { parent_hash, parent_length } = cursor;
  const placed = entries.map((entry, place) => ({ ...entry, place }));
  const unpacked = writeBorsh(blockBody, { entries: placed, timestamp_ns, parent_hash });
  const payload = deflateSync(unpacked);
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, BLOCK_VERSION, true);
  view.setInt32(4, -parent_length, true);
  view.setUint32(8, bytes.length, true);
  bytes.set(payload, HEADER_BYTES);
  const hash = hashBlock(parent_hash, unpacked);
  return { bytes, cursor: cursorAfter(cursor, { hash, length: bytes.length }, bytes) };
}

/** Blocks one after another. */
export function writeIcp(drafts: readonly BlockDraft[], start: BlockCursor = startCursor): Written {
  const parts: Bytes[] = [];
  let cursor = start;
  for (const draft of drafts) {
    const written = writeBlock(draft, cursor);
    parts.push(written.bytes);
    ({ cursor } = written);
  }
  const bytes = new Uint8Array(cursor.position - start.position);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, cursor };
}
