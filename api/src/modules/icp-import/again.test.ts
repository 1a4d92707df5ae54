import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import type { IcpPort } from '../../ports/icp.ts';
import {
  approval,
  checkIn,
  makeIcp,
  profile,
  register,
  reply,
  reputation,
  request,
  takenBack,
  transfer,
  unknown,
} from '../../../test/icp.ts';
import { dumpDatabase } from '../../../test/dump.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson } from '../../../test/people.ts';
import { importIcp } from './index.ts';

const provider = makePerson('provider on the chain');
const renter = makePerson('renter on the chain');
const stranger = makePerson('stranger on the chain');

/** A chain of every label, in blocks of a few entries. */
function everything(): Buffer {
  const chain = makeIcp();
  const asked = request(renter, provider);
  const refused = request(renter, provider, { memo: 'two' });
  chain.add(register(provider), register(renter, 'user_register'));
  chain.add(profile(provider, 'Rotterdam Racks'), transfer('a'), approval('a'));
  chain.add(asked.entry, refused.entry, reply(stranger, asked, true));
  chain.add(checkIn(provider), reputation([provider, 5n]), unknown('New'));
  chain.add(reply(provider, asked, true), reply(provider, refused, false), transfer('b'));
  chain.wait(86_400);
  chain.add(checkIn(provider), takenBack(transfer('a')), reputation([provider, -2n], [renter, 1n]));
  chain.add(
    checkIn(provider),
    checkIn(provider),
    transfer('b'),
    takenBack(reputation([provider, 5n])),
  );
  chain.add(reply(provider, asked, false), request(stranger, provider, {}, renter).entry);
  return chain.bytes();
}
const bytes = everything();

let t: TestApp;
beforeEach(async () => {
  t = await makeTestApp();
});
afterEach(() => t.close());

const read = (port: IcpPort) => importIcp(t.deps, { port, source: 'a test' });
const dump = () => dumpDatabase(t.deps.database);
let wanted: string[] | undefined;
const expected = async () => {
  if (wanted !== undefined) return wanted;
  const other = await makeTestApp();
  await importIcp(other.deps, { port: makeFakeIcp(bytes), source: 'a test' });
  wanted = await dumpDatabase(other.deps.database);
  await other.close();
  return wanted;
};

describe('the same database comes of an import', () => {
  test('that runs twice, also under another clock', async () => {
    t.clock.advance(1_000_000);
    await read(makeFakeIcp(bytes));
    expect(await dump()).toEqual(await expected());
    t.clock.advance(1_000_000);
    expect(await read(makeFakeIcp(bytes))).toMatchObject({ outcome: 'done', blocks: 0 });
    expect(await dump()).toEqual(await expected());
  });

  test.each([17, 100, 333])('whose pages of %d bytes cut blocks anywhere', async (page_bytes) => {
    await read(makeFakeIcp(bytes, page_bytes));
    expect(await dump()).toEqual(await expected());
  });

  test('that grows, stops and loses its chain now and then', async () => {
    const port = makeFakeIcp(bytes.subarray(0, 400), 150);
    expect(await read(port)).toMatchObject({ outcome: 'broken_block' });
    port.replace(bytes);
    port.fail('unreachable', 1);
    expect(await read(port)).toMatchObject({ outcome: 'unreachable' });
    const ending = new AbortController();
    const options = { port, source: 'a test', signal: ending.signal };
    const onProgress = () => {
      ending.abort();
    };
    expect(await importIcp(t.deps, { ...options, onProgress })).toMatchObject({
      outcome: 'stopped',
    });
    await read(port);
    expect(await dump()).toEqual(await expected());
  });

  test('by two processes at once, of which one imports', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const chain = makeFakeIcp(bytes, 99);
    const slow: IcpPort = {
      ...chain,
      async fetch(...page) {
        asked.resolve();
        await answered.promise;
        return chain.fetch(...page);
      },
    };
    const first = read(slow);
    await asked.promise;
    expect(await read(makeFakeIcp(bytes))).toMatchObject({ outcome: 'busy' });
    answered.resolve();
    expect(await first).toMatchObject({ outcome: 'done' });
    expect(await dump()).toEqual(await expected());
  });
});

describe('a process that is killed in the middle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-icp-'));
  const file = join(folder, 'blocks');
  writeFileSync(file, bytes);
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL('../../../test/killed-import.ts', import.meta.url));
  const runImport = (kill_at: number) =>
    new Promise<string | number>((resolve) => {
      const args = [script, t.where, file, String(kill_at)];
      execFile(process.execPath, args, (error) => resolve(error?.signal ?? error?.code ?? 0));
    });

  test('goes on where it stood, at once', async () => {
    for (const kill_at of [1, 3, 4, 4]) expect(await runImport(kill_at)).toBe('SIGKILL');
    expect(await runImport(0)).toBe(0);
    expect(await dump()).toEqual(await expected());
    const runs = await t.deps.db.selectFrom('icp_runs').select('outcome').execute();
    expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['killed', 'done']));
  });
});
