import { wordFor } from '../count.ts';
import { fromHex, toHex, utf8, type Bytes } from '../signing/bytes.ts';

/** Borsh, the chain's binary format: little-endian, strict, with nothing left over. */

/** Items of one list: more than the largest block can hold of the lists that we know. */
export const MAX_LIST_ITEMS = 50_000;
const FIRST_CAPACITY = 256;
/** A text up to here is read letter by letter: a decoder's call takes longer than that. */
const SHORT_TEXT_BYTES = 32;

/** Bytes being read, from `at` up to `end`; offsets count from the beginning of `bytes`. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  at: number;
}

/** Bytes being written: the first `length` of `bytes`. */
export interface Sink {
  bytes: Bytes;
  length: number;
}

/** One type's two directions. `read` throws what `readBorsh` turns into a fault. */
export interface Codec<T> {
  readonly read: (from: Source) => T;
  readonly write: (to: Sink, value: T) => void;
}
export type Of<C> = C extends Codec<infer T> ? T : never;

/** What is wrong with foreign bytes, and at which of them. */
export interface Fault {
  offset: number;
  reason: string;
}
export type Reading<T> = { ok: true; value: T } | { ok: false; fault: Fault };

const isFault = Symbol('fault');

/** Ends the reading that `readBorsh` began. */
export function refuse(offset: number, reason: string): never {
  throw Object.assign(new Error(reason), { [isFault]: true, offset });
}

export const sourceOf = (bytes: Uint8Array): Source => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
  end: bytes.length,
});

/** Reads all bytes as one value; what cannot be read, or is left over, is a fault. */
export function readBorsh<T>({ read }: Codec<T>, bytes: Uint8Array): Reading<T> {
  const from = sourceOf(bytes);
  try {
    const value = read(from);
    expectEnd(from);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Error && isFault in error && 'offset' in error)) throw error;
    return { ok: false, fault: { offset: Number(error.offset), reason: error.message } };
  }
}

export function writeBorsh<T>({ write }: Codec<T>, value: T): Bytes {
  const to: Sink = { bytes: new Uint8Array(FIRST_CAPACITY), length: 0 };
  write(to, value);
  return to.bytes.slice(0, to.length);
}

function expectEnd({ at, end }: Source): void {
  if (at < end) refuse(at, `bytes left over: ${end - at}`);
}

/** The place where `count` bytes begin, which are read by this. */
export function take(from: Source, count: number): number {
  const { at, end } = from;
  if (count > end - at) refuse(at, `bytes missing: ${count - (end - at)} of ${count}`);
  from.at = at + count;
  return at;
}

/** The next bytes themselves, not a copy. */
export function takeBytes(from: Source, count: number): Uint8Array {
  const at = take(from, count);
  return from.bytes.subarray(at, at + count);
}

/** Makes room for `count` bytes; gives the place where they begin. */
function reserve(to: Sink, count: number): number {
  const at = to.length;
  if (at + count > to.bytes.length) {
    const grown = new Uint8Array(Math.max(2 * to.bytes.length, at + count));
    grown.set(to.bytes.subarray(0, at));
    to.bytes = grown;
  }
  to.length = at + count;
  return at;
}

function put(to: Sink, bytes: Uint8Array): void {
  const at = reserve(to, bytes.length);
  to.bytes.set(bytes, at);
}

const viewOf = ({ bytes }: Sink): DataView => new DataView(bytes.buffer);

export const u8: Codec<number> = {
  read: (from) => from.bytes[take(from, 1)] as number,
  write: (to, value) => {
    const at = reserve(to, 1);
    to.bytes[at] = value;
  },
};

export const u32: Codec<number> = {
  read: (from) => from.view.getUint32(take(from, 4), true),
  write: (to, value) => {
    const at = reserve(to, 4);
    viewOf(to).setUint32(at, value, true);
  },
};

export const u64: Codec<bigint> = {
  read: (from) => from.view.getBigUint64(take(from, 8), true),
  write: (to, value) => {
    const at = reserve(to, 8);
    viewOf(to).setBigUint64(at, value, true);
  },
};

export const i64: Codec<bigint> = {
  read: (from) => from.view.getBigInt64(take(from, 8), true),
  write: (to, value) => {
    const at = reserve(to, 8);
    viewOf(to).setBigInt64(at, value, true);
  },
};

/** A byte that is one of the first `count` numbers. */
export const choice = (count: number, what: string): Codec<number> => ({
  read: (from) => {
    const { at } = from;
    const value = u8.read(from);
    return value < count ? value : refuse(at, `${what} is ${value}, of at most ${count - 1}`);
  },
  write: u8.write,
});

const flag = choice(2, 'a flag');

export const bool: Codec<boolean> = {
  read: (from) => flag.read(from) === 1,
  write: (to, value) => {
    flag.write(to, value ? 1 : 0);
  },
};

/** A view into what is read; copy it before keeping it. */
export const bytes: Codec<Uint8Array> = {
  read: (from) => takeBytes(from, u32.read(from)),
  write: (to, value) => {
    u32.write(to, value.length);
    put(to, value);
  },
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(from: Source, length: number): string {
  const at = take(from, length);
  if (length <= SHORT_TEXT_BYTES) {
    let short = '';
    for (let place = at; place < from.at; place += 1) {
      const letter = from.bytes[place] as number;
      if (letter > 0x7f) break;
      short += String.fromCharCode(letter);
    }
    if (short.length === length) return short;
  }
  try {
    return decoder.decode(from.bytes.subarray(at, from.at));
  } catch {
    return refuse(at, 'the text is not UTF-8');
  }
}

/** Any text of valid UTF-8, control characters too. */
export const text: Codec<string> = {
  read: (from) => textOf(from, u32.read(from)),
  write: (to, value) => {
    bytes.write(to, utf8(value));
  },
};

/** So many bytes without a length before them, as hex. */
export const bareHex = (count: number): Codec<string> => ({
  read: (from) => toHex(takeBytes(from, count)),
  write: (to, value) => {
    put(to, fromHex(value));
  },
});

/** Bytes with their length before them, as hex. */
export const hex = (least: number, most = least): Codec<string> => ({
  read: (from) => {
    const { at } = from;
    const length = u32.read(from);
    if (length < least || length > most) {
      refuse(
        at,
        `${length} ${wordFor(length, 'byte')} where ${least === most ? '' : 'up to '}${most} belong`,
      );
    }
    return toHex(takeBytes(from, length));
  },
  write: (to, value) => {
    bytes.write(to, fromHex(value));
  },
});

export const option = <T>({ read, write }: Codec<T>): Codec<T | null> => ({
  read: (from) => (flag.read(from) === 1 ? read(from) : null),
  write: (to, value) => {
    flag.write(to, value === null ? 0 : 1);
    if (value !== null) write(to, value);
  },
});

export const list = <T>({ read, write }: Codec<T>): Codec<readonly T[]> => ({
  read: (from) => {
    const { at } = from;
    const count = u32.read(from);
    if (count > MAX_LIST_ITEMS)
      refuse(at, `a list has ${count} ${wordFor(count, 'item')}, of ${MAX_LIST_ITEMS}`);
    const items: T[] = [];
    for (let place = 0; place < count; place += 1) items.push(read(from));
    return items;
  },
  write: (to, items) => {
    u32.write(to, items.length);
    for (const item of items) write(to, item);
  },
});

/** Fields one after another, in the order of the object. */
export function struct<F extends Record<string, unknown>>(fields: {
  [N in keyof F]: Codec<F[N]>;
}): Codec<F> {
  const all = Object.entries(fields) as [keyof F, Codec<F[keyof F]>][];
  return {
    read: (from) => {
      const value: Partial<F> = {};
      for (const [name, { read }] of all) value[name] = read(from);
      return value as F;
    },
    write: (to, value) => {
      for (const [name, { write }] of all) write(to, value[name]);
    },
  };
}

const variant = choice(1, 'the variant');

/** The first and only variant of an enum: byte 0, then the value. */
export const first = <T>({ read, write }: Codec<T>): Codec<T> => ({
  read: (from) => {
    variant.read(from);
    return read(from);
  },
  write: (to, value) => {
    variant.write(to, 0);
    write(to, value);
  },
});

/** A value inside a byte list, which it fills; faults count from the outer beginning. */
export function readInside<T>({ read }: Codec<T>, from: Source, length: number): T {
  const at = take(from, length);
  const inner: Source = { bytes: from.bytes, view: from.view, at, end: at + length };
  const value = read(inner);
  expectEnd(inner);
  return value;
}
