/** Bytes that grow at their end, and numbers in them: seven bits a byte, the lowest first. */
export interface Bytes {
  data: Uint8Array;
  length: number;
}

const FIRST_BYTES = 8;
const MOST_OF_ONE = 5;

export const makeBytes = (size = FIRST_BYTES): Bytes => ({ data: new Uint8Array(size), length: 0 });

export function pushNumber(bytes: Bytes, value: number): void {
  if (bytes.length + MOST_OF_ONE > bytes.data.length) {
    const grown = new Uint8Array(Math.ceil(bytes.data.length * 1.5) + MOST_OF_ONE);
    grown.set(bytes.data);
    bytes.data = grown;
  }
  let rest = value;
  while (rest > 127) {
    bytes.data[bytes.length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes.data[bytes.length++] = rest;
}

/** Puts every number from one place to another into `into`; answers how many. */
export function readNumbers({ data }: Bytes, from: number, to: number, into: number[]): number {
  let count = 0;
  let at = from;
  while (at < to) {
    let byte = data[at++]!;
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = data[at++]!;
      value |= (byte & 127) << shift;
    }
    into[count++] = value >>> 0;
  }
  return count;
}
