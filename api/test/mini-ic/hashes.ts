import { createHash } from 'node:crypto';

/** What the interface specification hashes: trees, maps of a request, and its separators. */

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts));

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(Buffer.concat(parts)).digest());

/** A domain separator: its length in one byte, then its text. */
export const separator = (text: string): Uint8Array => join(Uint8Array.of(text.length), utf8(text));

const BITS = 7n;
const LOW_BITS = 127n;
const MORE = 128;

/** Unsigned LEB128. */
export function leb128(number: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = number;
  do {
    const low = Number(rest & LOW_BITS);
    rest >>= BITS;
    bytes.push(rest === 0n ? low : low | MORE);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

export type Hashable = string | number | bigint | Uint8Array | readonly Hashable[] | HashableMap;
export interface HashableMap {
  readonly [key: string]: Hashable | undefined;
}

const isBytes = (value: Hashable): value is Uint8Array => value instanceof Uint8Array;
const isList = (value: Hashable): value is readonly Hashable[] => Array.isArray(value);

function hashOfValue(value: Hashable): Uint8Array {
  if (typeof value === 'string') return sha256(utf8(value));
  if (typeof value === 'number' || typeof value === 'bigint') return sha256(leb128(BigInt(value)));
  if (isBytes(value)) return sha256(value);
  if (isList(value)) return sha256(...value.map(hashOfValue));
  return hashOfMap(value);
}

/** The representation-independent hash of a map; of a request's content it is the request's id. */
export function hashOfMap(map: HashableMap): Uint8Array {
  const pairs = Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : [join(sha256(utf8(key)), hashOfValue(value))],
  );
  return sha256(...pairs.sort((one, other) => Buffer.compare(one, other)));
}

/** A labelled tree as it is written down: labels with bytes, or with further labels. */
export type Branch = readonly (readonly [label: Uint8Array, inside: Uint8Array | Branch])[];

const [EMPTY, FORK, LABELED, LEAF] = [0, 1, 2, 3] as const;

export type HashTree =
  | readonly [typeof EMPTY]
  | readonly [typeof FORK, HashTree, HashTree]
  | readonly [typeof LABELED, Uint8Array, HashTree]
  | readonly [typeof LEAF, Uint8Array];

/** The hash tree of a branch, its labels in order. */
export function treeOf(branch: Branch): HashTree {
  const labels = [...branch]
    .sort(([one], [other]) => Buffer.compare(one, other))
    .map(([label, inside]): HashTree => {
      const below: HashTree = inside instanceof Uint8Array ? [LEAF, inside] : treeOf(inside);
      return [LABELED, label, below];
    });
  return fork(labels);
}

function fork(trees: readonly HashTree[]): HashTree {
  const [first] = trees;
  if (first === undefined) return [EMPTY];
  if (trees.length === 1) return first;
  const middle = trees.length >> 1;
  return [FORK, fork(trees.slice(0, middle)), fork(trees.slice(middle))];
}

export function rootOf(tree: HashTree): Uint8Array {
  switch (tree[0]) {
    case EMPTY:
      return sha256(separator('ic-hashtree-empty'));
    case FORK:
      return sha256(separator('ic-hashtree-fork'), rootOf(tree[1]), rootOf(tree[2]));
    case LABELED:
      return sha256(separator('ic-hashtree-labeled'), tree[1], rootOf(tree[2]));
    case LEAF:
      return sha256(separator('ic-hashtree-leaf'), tree[1]);
  }
}
