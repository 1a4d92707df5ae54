import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

const MAX_DEPTH = 32;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Throws with the JSON Pointer of the first value that JSON cannot carry unchanged. */
function refuseUnwritable(value: unknown, pointer: string, depth: number): void {
  const refuse = (what: string): never => {
    throw new TypeError(`Canonical JSON cannot hold ${what} (at "${pointer}")`);
  };
  if (depth > MAX_DEPTH) refuse(`more than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    if (!value.isWellFormed()) refuse('a lone surrogate');
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(String(value));
    return;
  }
  if (typeof value !== 'object')
    return refuse(value === undefined ? 'undefined' : `a ${typeof value}`);
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? Array.from(value, (item: unknown, index) => [index, item])
    : Object.entries(value);
  if (!Array.isArray(value) && !isPlain(value)) {
    refuse('anything but plain objects, arrays, text, numbers, booleans and null');
  }
  for (const [name, item] of entries) {
    if (!String(name).isWellFormed()) refuse('a lone surrogate');
    // Readers of JSON drop it, so what was signed would not be what is read.
    if (name === '__proto__') refuse('the name __proto__');
    refuseUnwritable(item, `${pointer}/${name}`, depth + 1);
  }
}

/** RFC 8785 canonical JSON. Throws a TypeError for what JSON drops or changes (undefined, NaN). */
export function canonical(value: unknown): string {
  refuseUnwritable(value, '', 0);
  return canonicalize(value) as string;
}

/** SHA-256 of bytes, or of a text's UTF-8 bytes, as 64 hex characters. */
export const sha256Hex = (input: string | Uint8Array): string =>
  bytesToHex(sha256(typeof input === 'string' ? utf8ToBytes(input) : input));
