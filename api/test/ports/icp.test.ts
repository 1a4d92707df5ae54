import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeFakeIcp } from '../../src/adapters/fake/icp.ts';
import { makeCanisterIcp } from '../../src/adapters/internet-computer/index.ts';
import { makeFileIcp } from '../../src/adapters/icp-file/index.ts';
import { ICP_BYTES_BEFORE, ICP_DATA_START } from '../../src/ports/icp.ts';
import type { IcpPort } from '../../src/ports/icp.ts';
import { startMiniIc } from '../mini-ic/server.ts';

interface Subject {
  icp: IcpPort;
  append(bytes: Uint8Array): void;
  replace(bytes: Uint8Array): void;
  close(): void | Promise<void>;
}

/** Odd, so that pages end anywhere. */
const PAGE_BYTES = 4099;
const LIMITS = { timeout_ms: 5000, attempts: 3, first_wait_ms: 1, most_wait_ms: 2 };

const adapters: Record<string, (bytes: Uint8Array) => Promise<Subject>> = {
  'the fake': async (bytes) => {
    const icp = makeFakeIcp(bytes, PAGE_BYTES);
    return { icp, append: icp.append, replace: icp.replace, close: () => undefined };
  },
  'a file': async (bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-icp-'));
    const path = join(folder, 'blocks');
    writeFileSync(path, bytes);
    return {
      icp: makeFileIcp(path, PAGE_BYTES),
      append: (more) => appendFileSync(path, more),
      replace: (others) => writeFileSync(path, others),
      close: () => rmSync(folder, { recursive: true }),
    };
  },
  'the canister': async (bytes) => {
    const mini = await startMiniIc({ bytes, page_bytes: PAGE_BYTES });
    return {
      icp: makeCanisterIcp({ canister: mini.canister, host: mini.origin, limits: LIMITS }),
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
async function readAll(icp: IcpPort, from = 0): Promise<Buffer> {
  let read: Buffer = Buffer.alloc(0);
  let position = from;
  for (let more = true; more;) {
    const before = read.length === 0 ? null : read.subarray(-ICP_BYTES_BEFORE);
    const page = await icp.fetch(position, before);
    expect(page.position).toBe(ICP_DATA_START + read.length);
    read = Buffer.concat([read, page.bytes]);
    position = page.position + page.bytes.length;
    more = page.more;
  }
  return read;
}

describe.each(Object.entries(adapters))('the chain from %s', (_, make) => {
  const bytes = randomBytes(5 * PAGE_BYTES + 7);
  const tip = ICP_DATA_START + bytes.length;
  const lastBytes = bytes.subarray(-ICP_BYTES_BEFORE);
  let subject: Subject | undefined;
  const open = async (start: Uint8Array = bytes) => (subject = await make(start));
  afterEach(() => subject?.close());

  test('joins from its pages, which begin at the start of the data', async () => {
    const { icp } = await open();
    expect((await readAll(icp)).equals(bytes)).toBe(true);
    const first = await icp.fetch(0, null);
    expect(first.position).toBe(ICP_DATA_START);
    expect(first.bytes).toHaveLength(PAGE_BYTES);
    expect(first.more).toBe(true);
  });

  test('ends with an empty page, and goes on there when it has grown', async () => {
    const { icp, append } = await open();
    expect(await icp.fetch(tip, lastBytes)).toMatchObject({ position: tip, more: false });
    append(Buffer.from('more'));
    const page = await icp.fetch(tip, lastBytes);
    expect(Buffer.from(page.bytes).toString()).toBe('more');
  });

  test('that is empty has an empty page and no more', async () => {
    const { icp } = await open(new Uint8Array());
    const page = await icp.fetch(0, null);
    expect(page.bytes).toHaveLength(0);
    expect(page).toMatchObject({ position: ICP_DATA_START, more: false });
  });

  test('has nothing beyond its tip, whatever the bytes before are', async () => {
    const { icp } = await open();
    const beyond = { icp_problem: 'beyond_tip' };
    await expect(icp.fetch(tip + 1, null)).rejects.toMatchObject(beyond);
    await expect(icp.fetch(tip + 1, lastBytes)).rejects.toMatchObject(beyond);
  });

  test.each([
    ['one bit of the bytes before is another', ICP_BYTES_BEFORE + 100],
    ['at the tip', bytes.length],
    ['at the start, before which nothing is', 0],
  ])('has forked where %s', async (_name, offset) => {
    const { icp } = await open();
    const before = Buffer.from(bytes.subarray(Math.max(0, offset - ICP_BYTES_BEFORE), offset));
    const other = offset === 0 ? Buffer.alloc(ICP_BYTES_BEFORE, 1) : Buffer.from(before);
    other[3] = (other[3] ?? 0) ^ 1;
    const fetched = icp.fetch(ICP_DATA_START + offset, other);
    await expect(fetched).rejects.toMatchObject({ icp_problem: 'fork' });
    const same = await icp.fetch(ICP_DATA_START + offset, offset === 0 ? null : before);
    expect(same.position).toBe(ICP_DATA_START + offset);
  });

  test('has forked when it was replaced between two pages', async () => {
    const { icp, replace } = await open();
    const { position, bytes: page } = await icp.fetch(0, null);
    replace(randomBytes(bytes.length));
    const next = icp.fetch(position + page.length, page.slice(-ICP_BYTES_BEFORE));
    await expect(next).rejects.toMatchObject({ icp_problem: 'fork' });
  });

  test('says where its data begins and where its tip is', async () => {
    const { icp } = await open();
    expect(await icp.metadata()).toMatchObject({
      data_start: ICP_DATA_START,
      next_block_start: tip,
    });
  });

  test('is not asked once the signal is aborted', async () => {
    const { icp } = await open();
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(icp.fetch(0, null, signal)).rejects.toThrow('stopping');
    await expect(icp.metadata(signal)).rejects.toThrow('stopping');
  });
});

test('a file that is not there is unreachable', async () => {
  const icp = makeFileIcp('/nowhere/blocks');
  await expect(icp.fetch(0, null)).rejects.toMatchObject({ icp_problem: 'unreachable' });
});

test('the fake fails as often as it is told', async () => {
  const icp = makeFakeIcp();
  icp.fail('unreachable', 2);
  const unreachable = { icp_problem: 'unreachable' };
  await expect(icp.fetch(0, null)).rejects.toMatchObject(unreachable);
  await expect(icp.metadata()).rejects.toMatchObject(unreachable);
  expect(await icp.fetch(0, null)).toMatchObject({ more: false });
});
