import { wordFor } from '../count.ts';
import fc from 'fast-check';
import { concatBytes } from '@noble/hashes/utils.js';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../signing/bytes.ts';
import {
  blockBody,
  HEADER_BYTES,
  ICP_START,
  makeBlockReader,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_ENTRIES,
  PUSH_BYTES,
  PUSH_ENTRIES,
  readPage,
  startCursor,
  type Block,
  type BlockCursor,
} from './blocks-node.ts';
import { writeBorsh } from './borsh.ts';
import type { RawEntry } from './entries.ts';
import { writeBlock, writeIcp, type BlockDraft } from './write-blocks-node.ts';

const PAGE_BYTES = 1024 * 1024;

const entryOf = (name: string, op: RawEntry['op'] = 'upsert'): RawEntry => ({
  label: 'test_label',
  key: utf8(`key${name}`),
  value: utf8(`value${name}`),
  op,
});
const draft = fc.record<BlockDraft>({
  entries: fc.array(
    fc.record<RawEntry>({
      label: fc.string({ unit: 'binary' }),
      key: fc.uint8Array(),
      value: fc.uint8Array({ maxLength: 400 }),
      op: fc.constantFrom('upsert', 'delete'),
    }),
    { maxLength: 4 },
  ),
  timestamp_ns: fc.bigInt(0n, 2n ** 64n - 1n),
});
const drafts = fc.array(draft, { minLength: 1, maxLength: 5 });

const SMALL: BlockDraft[] = [
  { entries: [entryOf('1'), entryOf('2', 'delete')], timestamp_ns: 1n },
  { entries: [], timestamp_ns: 2n },
  { entries: [entryOf('3')], timestamp_ns: 2n ** 64n - 1n },
];

function readAll(bytes: Uint8Array, sizes: readonly number[] = [], start = startCursor) {
  const reader = makeBlockReader(start);
  const blocks: Block[] = [];
  let at = 0;
  let ended = false;
  for (let page = 0; at < bytes.length; page += 1) {
    const size = Math.max(1, sizes[page % sizes.length] ?? bytes.length);
    const read = reader.push(bytes.subarray(at, at + size));
    blocks.push(...read.blocks);
    ({ ended } = read);
    at += size;
  }
  return { reader, blocks, ended, fault: reader.finish(), cursor: reader.cursor() };
}

const draftsOf = (blocks: readonly Block[]) =>
  blocks.map(({ entries, timestamp_ns }) => ({
    entries: entries.map(({ label, key, value, op }) => ({
      label,
      key: new Uint8Array(key),
      value: new Uint8Array(value),
      op,
    })),
    timestamp_ns,
  }));

test('the published block has the published body and hash', () => {
  const cursor: BlockCursor = { ...startCursor, parent_hash: '01020304' };
  const entries = [entryOf('1'), entryOf('2')].map((entry, place) => ({ ...entry, place }));
  const body = { entries, timestamp_ns: 12_345n, parent_hash: '01020304' };
  expect(toHex(writeBorsh(blockBody, body))).toBe(
    [
      '02000000',
      '000a000000746573745f6c6162656c040000006b6579310600000076616c75653100',
      '000a000000746573745f6c6162656c040000006b6579320600000076616c75653200',
      '39300000000000000400000001020304',
    ].join(''),
  );
  const { bytes } = writeBlock(body, cursor);
  expect(readAll(bytes, [], cursor).blocks[0]?.hash).toBe(
    'b1c6f186e18d8d1617f81f0c1c88e10499d8dde1639f9b4fb74717b16d4fe922',
  );
});

test('what is written is read again, at any page sizes, with its places and its chain', () => {
  fc.assert(
    fc.property(drafts, fc.array(fc.nat(90), { minLength: 1 }), (icp, sizes) => {
      const { bytes, cursor } = writeIcp(icp);
      const read = readAll(bytes, sizes);
      expect(read).toMatchObject({ fault: null, ended: false, cursor });
      expect(draftsOf(read.blocks)).toEqual(icp);
      let offset = ICP_START;
      let parent_hash = '';
      for (const block of read.blocks) {
        expect(block).toMatchObject({ offset, parent_hash });
        expect(block.entries.map(({ place }) => place)).toEqual([...block.entries.keys()]);
        offset += block.length;
        parent_hash = block.hash;
      }
    }),
    { numRuns: 150 },
  );
});

test('a chain cut at every byte gives the same blocks, and each page begins where it was cut', () => {
  const { bytes, cursor } = writeIcp(SMALL);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const reader = makeBlockReader(startCursor);
    const before = reader.push(bytes.subarray(0, cut)).blocks;
    expect(reader.next()).toEqual({
      position: ICP_START + cut,
      bytes_before: toHex(bytes.subarray(Math.max(0, cut - 16), cut)),
    });
    const blocks = [...before, ...reader.push(bytes.subarray(cut)).blocks];
    expect(draftsOf(blocks)).toEqual(SMALL);
    expect(reader.cursor()).toEqual(cursor);
  }
});

test('a new reader goes on from a cursor as the old one would have', () => {
  const { bytes, cursor } = writeIcp(SMALL);
  for (let cut = 0; cut <= bytes.length; cut += 7) {
    const first = makeBlockReader(startCursor);
    const before = first.push(bytes.subarray(0, cut)).blocks;
    const kept = JSON.parse(JSON.stringify(first.cursor())) as BlockCursor;
    const rest = readAll(bytes.subarray(kept.position - ICP_START), [], kept);
    expect(draftsOf([...before, ...rest.blocks])).toEqual(SMALL);
    expect(rest.cursor).toEqual(cursor);
  }
});

test('a chain that is cut off keeps its whole blocks and names the one that is cut', () => {
  const { bytes } = writeIcp(SMALL);
  const ends = readAll(bytes).blocks.map(({ offset, length }) => offset + length - ICP_START);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const { blocks, fault } = readAll(bytes.subarray(0, cut));
    const whole = ends.filter((end) => end <= cut);
    expect(blocks).toHaveLength(whole.length);
    const begun = whole.at(-1) ?? 0;
    const reason = `it is cut off after ${cut - begun} ${wordFor(cut - begun, 'byte')}`;
    expect(fault).toEqual(begun === cut ? null : { offset: ICP_START + begun, reason });
  }
});

test('a flipped byte stops at its block, or the block says the same as before', () => {
  const { bytes } = writeIcp(SMALL);
  const right = readAll(bytes).blocks;
  let same = 0;
  for (let place = 0; place < bytes.length; place += 1) {
    for (const flip of [1, 0x80, 0x42, 0xff]) {
      const wrong = bytes.slice();
      wrong[place] = (wrong[place] as number) ^ flip;
      const { blocks, fault } = readAll(wrong);
      const hit = right.findIndex(({ offset, length }) => ICP_START + place < offset + length);
      if (fault === null) {
        same += 1;
        expect(blocks).toEqual(right);
      } else {
        expect(blocks).toEqual(right.slice(0, hit));
        expect(fault.offset).toBe(right[hit]?.offset);
      }
    }
  }
  // Bits that zlib does not read: its level, and the padding behind the last symbol.
  expect(same).toBeLessThan(20);
});

test('after a wrong block nothing more is read, whatever comes', () => {
  const { bytes } = writeIcp(SMALL);
  const reader = makeBlockReader(startCursor);
  const fault = { offset: ICP_START, reason: 'its version is 2, not 1' };
  expect(reader.push(Uint8Array.of(2, ...bytes.subarray(1)))).toMatchObject({ blocks: [], fault });
  expect(reader.push(bytes)).toMatchObject({ blocks: [], fault });
  expect(reader.finish()).toEqual(fault);
  expect(reader.cursor()).toEqual(startCursor);
});

test('a chain that comes twice, or in another order, stops where the chain breaks', () => {
  const { bytes } = writeIcp(SMALL);
  const { blocks, fault } = readAll(new Uint8Array([...bytes, ...bytes]));
  expect(blocks).toHaveLength(SMALL.length);
  expect(fault?.offset).toBe(ICP_START + bytes.length);
  const last = blocks[2] as Block;
  const swapped = new Uint8Array([
    ...bytes.subarray(last.offset - ICP_START),
    ...bytes.subarray(0, last.offset - ICP_START),
  ]);
  expect(readAll(swapped)).toMatchObject({ blocks: [], fault: { offset: ICP_START } });
});

test('an all-zero header ends the chain, and a block that comes there later is read', () => {
  const { bytes, cursor } = writeIcp(SMALL.slice(0, 2));
  const reader = makeBlockReader(startCursor);
  const padded = new Uint8Array([...bytes, ...new Uint8Array(100)]);
  expect(reader.push(padded)).toMatchObject({ blocks: [{}, {}], fault: null, ended: true });
  expect(reader.next()).toEqual({
    position: cursor.position,
    bytes_before: cursor.bytes_before,
  });
  expect(reader.finish()).toBe(null);
  const later = writeIcp(SMALL.slice(2), cursor);
  expect(reader.push(later.bytes)).toMatchObject({ blocks: [{}], fault: null, ended: false });
  expect(reader.cursor()).toEqual(later.cursor);
});

/** A block with any header and payload. */
function forged(payload: Uint8Array, header: [number, number, number, number]): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  header.forEach((value, at) => {
    view.setUint32(4 * at, value >>> 0, true);
  });
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}
const packed = (body: Uint8Array, after: readonly number[] = []) => {
  const payload = new Uint8Array([...deflateSync(body), ...after]);
  return forged(payload, [1, 0, HEADER_BYTES + payload.length, 0]);
};
const emptyBody = fromHex('00000000'.repeat(4));
const count = (entries: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(entries);
  return new Uint8Array([...bytes, ...emptyBody.subarray(4)]);
};

test.each<[string, Uint8Array, RegExp]>([
  ['another version', forged(emptyBody, [2, 0, 32, 0]), /version is 2/],
  ['a block before the first', forged(emptyBody, [1, -20, 32, 0]), /before has 20 bytes, not 0/],
  ['no payload', forged(emptyBody, [1, 0, 16, 0]), /it has 16 bytes/],
  ['less than a header', forged(emptyBody, [1, 0, 3, 0]), /it has 3 bytes/],
  ['the longest length', forged(emptyBody, [1, 0, 0xffffffff, 0]), /it has 4294967295 bytes/],
  ['a reserved field', forged(emptyBody, [1, 0, 32, 7]), /reserved field is 7/],
  ['bytes that are not packed', forged(emptyBody, [1, 0, 32, 0]), /zlib does not unpack it/],
  ['a packed part', forged(deflateSync(emptyBody).subarray(0, 6), [1, 0, 22, 0]), /zlib/],
  ['bytes behind what is packed', packed(emptyBody, [0, 0]), /left over after what zlib/],
  ['a bomb', packed(new Uint8Array(MAX_BLOCK_BYTES + 1)), /unpacks to more than 2097152/],
  ['too many entries', packed(count(MAX_BLOCK_ENTRIES + 1)), /10001 entries, of 10000/],
  ['entries that are missing', packed(count(MAX_BLOCK_ENTRIES)), /variant|missing/],
  ['bytes behind the block', packed(new Uint8Array(17)), /left over: 1, at byte 16/],
  ['a long parent hash', packed(fromHex(`${'00'.repeat(12)}21000000`)), /33 bytes where/],
  ['another parent', packed(fromHex(`${'00'.repeat(12)}0100000007`)), /its parent is 07,.* none/],
])('%s is named', (_, bytes, reason) => {
  const { blocks, fault } = readAll(bytes);
  expect(blocks).toEqual([]);
  expect(fault?.offset).toBe(ICP_START);
  expect(fault?.reason).toMatch(reason);
});

test('a block of the largest size is read, and one entry or byte more is refused', () => {
  const entry = {
    label: '',
    key: new Uint8Array(),
    value: new Uint8Array(),
    op: 'upsert',
  } as const;
  const full = { entries: Array<RawEntry>(MAX_BLOCK_ENTRIES).fill(entry), timestamp_ns: 0n };
  expect(readAll(writeIcp([full]).bytes).blocks[0]?.entries).toHaveLength(MAX_BLOCK_ENTRIES);
  const value = crypto.getRandomValues(new Uint8Array(65_536));
  const around = writeBorsh(blockBody, {
    entries: Array.from({ length: 32 }, (_, place) => ({ ...entry, value, place })),
    timestamp_ns: 0n,
    parent_hash: '',
  }).length;
  const last = (more: number) =>
    value.subarray(0, value.length - (around - MAX_BLOCK_BYTES) + more);
  const entries = (more: number) => [
    ...Array<RawEntry>(31).fill({ ...entry, value }),
    { ...entry, value: last(more) },
  ];
  const largest = writeIcp([{ entries: entries(0), timestamp_ns: 0n }]);
  expect(readAll(largest.bytes, [1_000]).blocks).toHaveLength(1);
  const beyond = writeIcp([{ entries: entries(1), timestamp_ns: 0n }]);
  expect(readAll(beyond.bytes).fault?.reason).toMatch(/more than 2097152/);
});

test('a page that unpacks to more than memory should hold is given in parts, none lost', () => {
  const value = new Uint8Array(MAX_BLOCK_BYTES - 1_000);
  const large = { entries: [{ ...entryOf('1'), value }], timestamp_ns: 0n };
  const many = { entries: Array<RawEntry>(MAX_BLOCK_ENTRIES).fill(entryOf('2')), timestamp_ns: 0n };
  const { bytes, cursor } = writeIcp([
    ...Array<BlockDraft>(20).fill(large),
    ...Array<BlockDraft>(12).fill(many),
  ]);
  expect(bytes.length).toBeLessThan(PAGE_BYTES);
  const reader = makeBlockReader(startCursor);
  let blocks = 0;
  let parts = 0;
  let before = bytes.length;
  for (const read of readPage(reader, bytes)) {
    const unpacked = read.blocks.reduce((sum, block) => sum + block.unpacked_length, 0);
    const entries = read.blocks.reduce((sum, block) => sum + block.entries.length, 0);
    expect(unpacked).toBeLessThan(PUSH_BYTES + MAX_BLOCK_BYTES);
    expect(entries).toBeLessThan(PUSH_ENTRIES + MAX_BLOCK_ENTRIES);
    expect(reader.buffered_bytes()).toBeLessThan(before);
    before = reader.buffered_bytes() + 1;
    blocks += read.blocks.length;
    parts += 1;
    expect(reader.next().position).toBe(cursor.position);
    expect(reader.next().bytes_before).toBe(cursor.bytes_before);
  }
  expect([blocks, parts > 3, reader.cursor()]).toEqual([32, true, cursor]);
  expect(reader.finish()).toBe(null);
});

test('who pushes the next page while there is more gets every block all the same', () => {
  const value = new Uint8Array(MAX_BLOCK_BYTES - 1_000);
  const large = { entries: [{ ...entryOf('1'), value }], timestamp_ns: 0n };
  const [first, second] = [writeIcp(Array<BlockDraft>(12).fill(large)), SMALL];
  const later = writeIcp(second, first.cursor);
  const reader = makeBlockReader(startCursor);
  const begun = reader.push(first.bytes);
  expect(begun.more).toBe(true);
  const rest = reader.push(later.bytes);
  expect(begun.blocks.length + rest.blocks.length).toBe(15);
  expect(reader.cursor()).toEqual(later.cursor);
  const cut = makeBlockReader(startCursor);
  cut.push(concatBytes(first.bytes, later.bytes));
  expect(cut.finish()).toMatchObject({ offset: cut.cursor().position });
});

test('of 200,000 entries in pages no more is held than one block', () => {
  const value = crypto.getRandomValues(new Uint8Array(90));
  const entries = Array.from({ length: 5_000 }, (_, at) => ({ ...entryOf(String(at)), value }));
  const { bytes } = writeIcp(
    Array.from({ length: 40 }, (_, at) => ({ entries, timestamp_ns: BigInt(at) })),
  );
  const reader = makeBlockReader(startCursor);
  let [read, longest, held] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at += PAGE_BYTES / 8) {
    const { blocks, fault } = reader.push(bytes.subarray(at, at + PAGE_BYTES / 8));
    expect(fault).toBe(null);
    for (const block of blocks) {
      read += block.entries.length;
      longest = Math.max(longest, block.length);
    }
    held = Math.max(held, reader.buffered_bytes());
  }
  expect(read).toBe(200_000);
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThanOrEqual(longest);
  expect(reader.buffered_bytes()).toBe(0);
});
