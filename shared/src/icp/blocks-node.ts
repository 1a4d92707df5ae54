import { wordFor } from '../count.ts';
import { concatBytes } from '@noble/hashes/utils.js';
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { fromHex, toHex, type Bytes } from '../signing/bytes.ts';
import { hex, readBorsh, refuse, u32, u64, type Codec, type Fault } from './borsh.ts';
import { rawEntry, type RawEntry } from './entries.ts';

/** Where the data begins in the canister's storage. */
export const ICP_START = 8_388_608;
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024;
export const MAX_BLOCK_ENTRIES = 10_000;
/** One push gives no more blocks once they have unpacked so much: a page can hold hundreds. */
export const PUSH_BYTES = 16 * 1024 * 1024;
export const PUSH_ENTRIES = 50_000;
/** Of a page, which are unpacked at a time: as entries they take many times the room. */
const SLICE_BYTES = 64 * 1024;
export const HEADER_BYTES = 16;
/** What zlib adds at most to bytes that it cannot make smaller. */
const ZLIB_OVERHEAD_BYTES = 1_024;
const MAX_PAYLOAD_BYTES = MAX_BLOCK_BYTES + ZLIB_OVERHEAD_BYTES;
const MAX_HASH_BYTES = 32;
/** How many bytes before a position tell one chain from its fork. */
export const FORK_CHECK_BYTES = 16;
/** Room for what zlib unpacks is made in pieces: near its usual length, so that few are made. */
const MIN_CHUNK_BYTES = 1_024;
const MAX_CHUNK_BYTES = 64 * 1_024;
const USUAL_RATIO = 4;
/** Of a list, before its items. */
const LENGTH_BYTES = 4;
export const BLOCK_VERSION = 1;

export interface BlockEntry extends RawEntry {
  /** Its place in the block, from 0. */
  place: number;
}

export interface Block {
  /** Absolute, of its header. */
  offset: number;
  /** With its header. */
  length: number;
  unpacked_length: number;
  /** 64 hex characters. */
  hash: string;
  /** As `hash`; empty for the first block. */
  parent_hash: string;
  timestamp_ns: bigint;
  entries: BlockEntry[];
}

/** Between two blocks: all that a later reader needs to go on. */
export interface BlockCursor {
  position: number;
  /** Hash of the block before; empty at the start. */
  parent_hash: string;
  /** Length of the block before; 0 at the start. */
  parent_length: number;
  /** The last bytes before the position, as hex; empty at the start. */
  bytes_before: string;
}

export const startCursor: BlockCursor = {
  position: ICP_START,
  parent_hash: '',
  parent_length: 0,
  bytes_before: '',
};

export interface BlocksRead {
  blocks: Block[];
  /** Where reading stopped: the offset of the block that is wrong. */
  fault: Fault | null;
  /** An all-zero header was met: there is no block yet at the cursor's position. */
  ended: boolean;
  /** The page has more than one push gives: a push of no bytes gives the next. */
  more: boolean;
}

export interface BlockReader {
  /** Takes the next bytes, cut anywhere. After a fault it gives that fault again. */
  push: (bytes: Uint8Array) => BlocksRead;
  /** No more bytes will come: drops a block that is cut off, and names it. */
  finish: () => Fault | null;
  /** After the last whole block. */
  cursor: () => BlockCursor;
  /** Where the bytes taken end: the next page begins here, after these bytes. */
  next: () => Pick<BlockCursor, 'position' | 'bytes_before'>;
  /** What is held of one block that has not ended, and of the page where there is `more`. */
  buffered_bytes: () => number;
}

export interface BlockBody {
  entries: BlockEntry[];
  timestamp_ns: bigint;
  parent_hash: string;
}

const parentHash = hex(0, MAX_HASH_BYTES);

export const blockBody: Codec<BlockBody> = {
  read: (from) => {
    const count = u32.read(from);
    if (count > MAX_BLOCK_ENTRIES)
      refuse(0, `it has ${count} ${wordFor(count, 'entry', 'entries')}, of ${MAX_BLOCK_ENTRIES}`);
    const entries: BlockEntry[] = [];
    for (let place = 0; place < count; place += 1) {
      entries.push({ ...rawEntry.read(from), place });
    }
    return { entries, timestamp_ns: u64.read(from), parent_hash: parentHash.read(from) };
  },
  write: (to, { entries, timestamp_ns, parent_hash }) => {
    u32.write(to, entries.length);
    for (const entry of entries) rawEntry.write(to, entry);
    u64.write(to, timestamp_ns);
    parentHash.write(to, parent_hash);
  },
};

/** SHA-256 of the parent's hash, each entry and the timestamp; `unpacked` is the whole body. */
export function hashBlock(parent_hash: string, unpacked: Uint8Array): string {
  const parent = fromHex(parent_hash);
  const hashed = unpacked.subarray(LENGTH_BYTES, unpacked.length - LENGTH_BYTES - parent.length);
  return createHash('sha256').update(parent).update(hashed).digest('hex');
}

/** The bytes that zlib packed, or a sentence that says why there are none. */
function unpack(payload: Uint8Array): Uint8Array | string {
  try {
    const likely = Math.max(MIN_CHUNK_BYTES, USUAL_RATIO * payload.length);
    const chunkSize = Math.min(MAX_CHUNK_BYTES, likely);
    const options = { maxOutputLength: MAX_BLOCK_BYTES, chunkSize, info: true };
    const { buffer, engine } = inflateSync(payload, options) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    const left = payload.length - engine.bytesWritten;
    return left === 0 ? buffer : `bytes left over after what zlib packed: ${left}`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? `zlib unpacks to more than ${MAX_BLOCK_BYTES} bytes`
      : `zlib does not unpack it: ${message}`;
  }
}

/** The block that a header and its payload are, or a sentence that says why they are none. */
function readBlock(payload: Uint8Array, { position, parent_hash }: BlockCursor): Block | string {
  const unpacked = unpack(payload);
  if (typeof unpacked === 'string') return unpacked;
  const read = readBorsh(blockBody, unpacked);
  if (!read.ok) return `${read.fault.reason}, at byte ${read.fault.offset} of what is unpacked`;
  const { entries, timestamp_ns } = read.value;
  if (read.value.parent_hash !== parent_hash) {
    const [said, known] = [read.value.parent_hash, parent_hash].map((hash) => hash || 'none');
    return `its parent is ${said}, the block before it is ${known}`;
  }
  return {
    offset: position,
    length: HEADER_BYTES + payload.length,
    unpacked_length: unpacked.length,
    hash: hashBlock(parent_hash, unpacked),
    parent_hash,
    timestamp_ns,
    entries,
  };
}

/** How many bytes of payload follow a header, or a sentence that says what is wrong with it. */
function readHeader(header: Uint8Array, { parent_length }: BlockCursor): number | string {
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const version = view.getUint32(0, true);
  const jump_prev = view.getInt32(4, true);
  const jump_next = view.getUint32(8, true);
  const reserved = view.getUint32(12, true);
  const length = jump_next - HEADER_BYTES;
  if (version !== BLOCK_VERSION) return `its version is ${version}, not ${BLOCK_VERSION}`;
  if (jump_prev !== -parent_length) {
    return `it says that the block before has ${-jump_prev} ${wordFor(-jump_prev, 'byte')}, not ${parent_length}`;
  }
  if (length < 1 || length > MAX_PAYLOAD_BYTES)
    return `it has ${jump_next} ${wordFor(jump_next, 'byte')}`;
  return reserved === 0 ? length : `its reserved field is ${reserved}, not 0`;
}

/** The bytes wanted, gathered from pages; where one page has them all they are not copied. */
function gather(held: Held, wanted: number, page: Uint8Array, at: number): Uint8Array | null {
  const missing = wanted - held.filled;
  const found = page.subarray(at, at + missing);
  if (found.length === wanted) return found;
  if (found.length === 0) return null;
  held.bytes ??= new Uint8Array(wanted);
  held.bytes.set(found, held.filled);
  held.filled += found.length;
  return held.filled === wanted ? held.bytes : null;
}

interface Held {
  bytes: Bytes | null;
  filled: number;
}
const none = (): Held => ({ bytes: null, filled: 0 });
const heldBytes = ({ bytes, filled }: Held): Uint8Array =>
  bytes?.subarray(0, filled) ?? new Uint8Array();

const lastOf = (before: string, ...parts: Uint8Array[]): string =>
  (before + parts.map((part) => toHex(part.subarray(-FORK_CHECK_BYTES))).join('')).slice(
    -2 * FORK_CHECK_BYTES,
  );

/** The cursor behind a block. */
export function cursorAfter(
  { position, bytes_before }: BlockCursor,
  { hash, length }: Pick<Block, 'hash' | 'length'>,
  ...parts: Uint8Array[]
): BlockCursor {
  return {
    position: position + length,
    parent_hash: hash,
    parent_length: length,
    bytes_before: lastOf(bytes_before, ...parts),
  };
}

const nothing = new Uint8Array();

/**
 * All that a page gives up to the chain's end or a fault, as many pushes as it takes; nothing of
 * one is kept for the next.
 */
export function* readPage(reader: BlockReader, page: Uint8Array): Generator<BlocksRead> {
  for (let from = 0; from < page.length; from += SLICE_BYTES) {
    let read = reader.push(page.subarray(from, from + SLICE_BYTES));
    yield read;
    while (read.more) {
      read = reader.push(nothing);
      yield read;
    }
    if (read.fault !== null || read.ended) return;
  }
}

interface State {
  cursor: BlockCursor;
  fault: Fault | null;
  header: Held;
  payload: Held;
  /** Of the payload, once the header has been read. */
  length: number | null;
  /** Of the page, where there is more than one push gives. */
  rest: Uint8Array;
}

function forget(state: State): void {
  Object.assign(state, { header: none(), payload: none(), length: null });
}

function stop(state: State, reason: string): null {
  state.fault = { offset: state.cursor.position, reason };
  forget(state);
  return null;
}

function startPayload(state: State, whole: Uint8Array): void {
  const read = readHeader(whole, state.cursor);
  if (typeof read === 'string') {
    stop(state, read);
  } else {
    state.header = { bytes: whole.slice(), filled: HEADER_BYTES };
    state.length = read;
  }
}

function endBlock(state: State, whole: Uint8Array): Block | null {
  const block = readBlock(whole, state.cursor);
  if (typeof block === 'string') return stop(state, block);
  state.cursor = cursorAfter(state.cursor, block, heldBytes(state.header), whole);
  forget(state);
  return block;
}

function push(state: State, page: Uint8Array): BlocksRead {
  const bytes = state.rest.length === 0 ? page : concatBytes(state.rest, page);
  state.rest = nothing;
  const blocks: Block[] = [];
  let [at, unpacked, entries] = [0, 0, 0];
  while (state.fault === null) {
    const { header, payload, length } = state;
    const [held, wanted] = length === null ? [header, HEADER_BYTES] : [payload, length];
    const missing = wanted - held.filled;
    const whole = gather(held, wanted, bytes, at);
    if (whole === null) break;
    at += missing;
    if (length === null) {
      if (whole.every((byte) => byte === 0)) {
        forget(state);
        return { blocks, fault: null, ended: true, more: false };
      }
      startPayload(state, whole);
      continue;
    }
    const block = endBlock(state, whole);
    if (block === null) break;
    blocks.push(block);
    unpacked += block.unpacked_length;
    entries += block.entries.length;
    if (at < bytes.length && (unpacked >= PUSH_BYTES || entries >= PUSH_ENTRIES)) {
      state.rest = bytes.subarray(at);
      return { blocks, fault: null, ended: false, more: true };
    }
  }
  return { blocks, fault: state.fault, ended: false, more: false };
}

const heldLength = ({ header, payload, rest }: State): number =>
  header.filled + payload.filled + rest.length;

function finish(state: State): Fault | null {
  const cut = heldLength(state);
  forget(state);
  state.rest = nothing;
  if (state.fault !== null || cut === 0) return state.fault;
  return {
    offset: state.cursor.position,
    reason: `it is cut off after ${cut} ${wordFor(cut, 'byte')}`,
  };
}

/** Reads blocks from pages that cut them anywhere, and checks each against the one before. */
export function makeBlockReader(cursor: BlockCursor): BlockReader {
  const state: State = {
    ...{ cursor, fault: null, length: null, rest: nothing },
    ...{ header: none(), payload: none() },
  };
  return {
    push: (page) => push(state, page),
    finish: () => finish(state),
    cursor: () => state.cursor,
    next: () => ({
      position: state.cursor.position + heldLength(state),
      bytes_before: lastOf(
        state.cursor.bytes_before,
        ...[heldBytes(state.header), heldBytes(state.payload), state.rest],
      ),
    }),
    buffered_bytes: () =>
      [state.header.bytes, state.payload.bytes, state.rest].reduce(
        (sum, held) => sum + (held?.length ?? 0),
        0,
      ),
  };
}
