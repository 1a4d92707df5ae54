import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeFakeLedger } from '../../src/adapters/fake/ledger.ts';
import { makeCanisterLedger } from '../../src/adapters/internet-computer/index.ts';
import { makeFileLedger } from '../../src/adapters/ledger-file/index.ts';
import { LEDGER_BYTES_BEFORE, LEDGER_DATA_START } from '../../src/ports/ledger.ts';
import type { LedgerPort } from '../../src/ports/ledger.ts';
import { startMiniIc } from '../mini-ic/server.ts';

interface Subject {
  ledger: LedgerPort;
  append(bytes: Uint8Array): void;
  replace(bytes: Uint8Array): void;
  close(): void | Promise<void>;
}

/** Odd, so that pages end anywhere. */
const PAGE_BYTES = 4099;
const LIMITS = { timeout_ms: 5000, attempts: 3, first_wait_ms: 1, most_wait_ms: 2 };

const adapters: Record<string, (bytes: Uint8Array) => Promise<Subject>> = {
  'the fake': async (bytes) => {
    const ledger = makeFakeLedger(bytes, PAGE_BYTES);
    return { ledger, append: ledger.append, replace: ledger.replace, close: () => undefined };
  },
  'a file': async (bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-ledger-'));
    const path = join(folder, 'blocks');
    writeFileSync(path, bytes);
    return {
      ledger: makeFileLedger(path, PAGE_BYTES),
      append: (more) => appendFileSync(path, more),
      replace: (others) => writeFileSync(path, others),
      close: () => rmSync(folder, { recursive: true }),
    };
  },
  'the canister': async (bytes) => {
    const mini = await startMiniIc({ bytes, page_bytes: PAGE_BYTES });
    return {
      ledger: makeCanisterLedger({ canister: mini.canister, host: mini.origin, limits: LIMITS }),
      append(more) {
        mini.state.bytes = Buffer.concat([mini.state.bytes, more]);
      },
      replace(others) {
        mini.state.bytes = others;
      },
      close: mini.close,
    };
  },
};

/** What a reader that checks for forks gets, page by page. */
async function readAll(ledger: LedgerPort, from = 0): Promise<Buffer> {
  let read: Buffer = Buffer.alloc(0);
  let position = from;
  for (let more = true; more;) {
    const before = read.length === 0 ? null : read.subarray(-LEDGER_BYTES_BEFORE);
    const page = await ledger.fetch(position, before);
    expect(page.position).toBe(LEDGER_DATA_START + read.length);
    read = Buffer.concat([read, page.bytes]);
    position = page.position + page.bytes.length;
    more = page.more;
  }
  return read;
}

describe.each(Object.entries(adapters))('the ledger from %s', (_, make) => {
  const bytes = randomBytes(5 * PAGE_BYTES + 7);
  const tip = LEDGER_DATA_START + bytes.length;
  const lastBytes = bytes.subarray(-LEDGER_BYTES_BEFORE);
  let subject: Subject | undefined;
  const open = async (start: Uint8Array = bytes) => (subject = await make(start));
  afterEach(() => subject?.close());

  test('joins from its pages, which begin at the start of the data', async () => {
    const { ledger } = await open();
    expect((await readAll(ledger)).equals(bytes)).toBe(true);
    const first = await ledger.fetch(0, null);
    expect(first.position).toBe(LEDGER_DATA_START);
    expect(first.bytes).toHaveLength(PAGE_BYTES);
    expect(first.more).toBe(true);
  });

  test('ends with an empty page, and goes on there when it has grown', async () => {
    const { ledger, append } = await open();
    expect(await ledger.fetch(tip, lastBytes)).toMatchObject({ position: tip, more: false });
    append(Buffer.from('more'));
    const page = await ledger.fetch(tip, lastBytes);
    expect(Buffer.from(page.bytes).toString()).toBe('more');
  });

  test('that is empty has an empty page and no more', async () => {
    const { ledger } = await open(new Uint8Array());
    const page = await ledger.fetch(0, null);
    expect(page.bytes).toHaveLength(0);
    expect(page).toMatchObject({ position: LEDGER_DATA_START, more: false });
  });

  test('has nothing beyond its tip, whatever the bytes before are', async () => {
    const { ledger } = await open();
    const beyond = { ledger_problem: 'beyond_tip' };
    await expect(ledger.fetch(tip + 1, null)).rejects.toMatchObject(beyond);
    await expect(ledger.fetch(tip + 1, lastBytes)).rejects.toMatchObject(beyond);
  });

  test.each([
    ['one bit of the bytes before is another', LEDGER_BYTES_BEFORE + 100],
    ['at the tip', bytes.length],
    ['at the start, before which nothing is', 0],
  ])('has forked where %s', async (_name, offset) => {
    const { ledger } = await open();
    const before = Buffer.from(bytes.subarray(Math.max(0, offset - LEDGER_BYTES_BEFORE), offset));
    const other = offset === 0 ? Buffer.alloc(LEDGER_BYTES_BEFORE, 1) : Buffer.from(before);
    other[3] = (other[3] ?? 0) ^ 1;
    const fetched = ledger.fetch(LEDGER_DATA_START + offset, other);
    await expect(fetched).rejects.toMatchObject({ ledger_problem: 'fork' });
    const same = await ledger.fetch(LEDGER_DATA_START + offset, offset === 0 ? null : before);
    expect(same.position).toBe(LEDGER_DATA_START + offset);
  });

  test('has forked when it was replaced between two pages', async () => {
    const { ledger, replace } = await open();
    const { position, bytes: page } = await ledger.fetch(0, null);
    replace(randomBytes(bytes.length));
    const next = ledger.fetch(position + page.length, page.slice(-LEDGER_BYTES_BEFORE));
    await expect(next).rejects.toMatchObject({ ledger_problem: 'fork' });
  });

  test('says where its data begins and where its tip is', async () => {
    const { ledger } = await open();
    expect(await ledger.metadata()).toMatchObject({
      data_start: LEDGER_DATA_START,
      next_block_start: tip,
    });
  });

  test('is not asked once the signal is aborted', async () => {
    const { ledger } = await open();
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(ledger.fetch(0, null, signal)).rejects.toThrow('stopping');
    await expect(ledger.metadata(signal)).rejects.toThrow('stopping');
  });
});

test('a file that is not there is unreachable', async () => {
  const ledger = makeFileLedger('/nowhere/blocks');
  await expect(ledger.fetch(0, null)).rejects.toMatchObject({ ledger_problem: 'unreachable' });
});

test('the fake fails as often as it is told', async () => {
  const ledger = makeFakeLedger();
  ledger.fail('unreachable', 2);
  const unreachable = { ledger_problem: 'unreachable' };
  await expect(ledger.fetch(0, null)).rejects.toMatchObject(unreachable);
  await expect(ledger.metadata()).rejects.toMatchObject(unreachable);
  expect(await ledger.fetch(0, null)).toMatchObject({ more: false });
});
