import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFakeIcp } from '../../adapters/fake/icp.ts';
import { icpProblem, type IcpPage, type IcpPort } from '../../ports/icp.ts';
import { checkIn, makeIcp, reputation, takenBack, transfer } from '../../../test/icp.ts';
import { dumpDatabase } from '../../../test/dump.ts';
import { makeTestApp, testDialect, type TestApp } from '../../../test/harness.ts';
import { makePerson } from '../../../test/people.ts';
import { importIcp } from './index.ts';

const SEEDS = testDialect === 'sqlite' ? 1_000 : 50;
const PAGE_BYTES = 900;
const provider = makePerson('provider on the chain');

let t: TestApp;
beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const read = (port: IcpPort) => importIcp(t.deps, { port, source: 'a test' });
const dump = () => dumpDatabase(t.deps.database);

const undo = new Error('This transaction is undone');

/** Does it all in one transaction and undoes it, so that a seed costs no commit. */
const undone = (work: (deps: Parameters<typeof importIcp>[0]) => Promise<void>) =>
  t.deps
    .write(async (ctx) => {
      await work({ ...t.deps, db: ctx.tx, write: (inner) => inner(ctx) });
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });

const TABLES = [
  ...(['icp_entries', 'icp_blocks', 'icp_cursor', 'icp_counts'] as const),
  ...(['icp_transfers', 'icp_approvals', 'icp_check_ins', 'icp_keys'] as const),
  ...(['icp_reputation_changes', 'icp_runs'] as const),
];
const forget = () =>
  t.deps.write(async ({ tx }) => {
    for (const table of TABLES) await tx.deleteFrom(table).execute();
  });

/** Of entries that nobody's account comes of, so that they can be forgotten again. */
function icpOfSums(): Buffer {
  const chain = makeIcp();
  for (let block = 0; block < 5; block += 1) {
    const one = transfer(`one ${block}`);
    chain.add(one, transfer(`two ${block}`, { amount_e9s: BigInt(block) }));
    chain.add(reputation([provider, BigInt(block)]), takenBack(one));
  }
  chain.add(checkIn(provider));
  return chain.bytes();
}
const bytes = icpOfSums();

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A chain whose pages come doubled, too early, too late, cut, spoilt or not at all. */
function spoil(port: IcpPort, random: () => number): IcpPort {
  let last: IcpPage | null = null;
  return {
    ...port,
    async fetch(position, bytes_before, signal) {
      const page = await port.fetch(position, bytes_before, signal);
      const before = last;
      last = page;
      const pick = Math.floor(random() * 14);
      const cut = Math.floor(random() * page.bytes.length);
      switch (pick) {
        case 0:
          return { ...page, bytes: Buffer.concat([page.bytes, page.bytes]) };
        case 1:
          return before ?? page;
        case 2:
          return before === null ? page : { ...page, bytes: before.bytes };
        case 3:
          return port.fetch(position + page.bytes.length, null, signal);
        case 4:
          return { ...page, bytes: page.bytes.slice(cut) };
        case 5:
          return { ...page, bytes: page.bytes.slice(0, cut), more: random() < 0.5 };
        case 6:
          return { ...page, bytes: page.bytes.map((byte, at) => (at === cut ? byte ^ 1 : byte)) };
        case 7:
          throw icpProblem('unreachable', 'Not now.');
        default:
          return page;
      }
    },
  };
}

describe('a chain whose pages come doubled, reordered, cut or spoilt', () => {
  test(`leaves the same database in each of ${SEEDS} seeds`, async () => {
    await read(makeFakeIcp(bytes));
    const wanted = await dump();
    await forget();
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      await undone(async (deps) => {
        const port = makeFakeIcp(bytes, PAGE_BYTES);
        const options = { port: spoil(port, randomOf(seed)), source: 'a test' };
        outcomes.add((await importIcp(deps, options)).outcome);
        const again = await importIcp(deps, { port, source: 'a test' });
        expect(again, `seed ${seed}`).toMatchObject({ outcome: 'done' });
        const { dialect } = t.deps.database;
        expect(await dumpDatabase({ dialect, read: deps.db }), `seed ${seed}`).toEqual(wanted);
      });
    }
    expect([...outcomes].sort()).toEqual(['broken_block', 'done', 'unreachable']);
  });
});

describe('a fork', () => {
  test('is refused loudly and changes nothing, and so is a chain that has become shorter', async () => {
    await forget();
    const port = makeFakeIcp(bytes);
    await read(port);
    const wanted = await dump();
    const other = makeIcp();
    for (let block = 0; block < 30; block += 1) other.add(transfer(`other ${block}`));
    port.replace(other.bytes());
    expect(await read(port)).toMatchObject({
      outcome: 'fork',
      blocks: 0,
      detail: expect.stringMatching(/other bytes before/) as string,
    });
    port.replace(bytes.subarray(0, 600));
    expect(await read(port)).toMatchObject({ outcome: 'fork', blocks: 0 });
    expect(await dump()).toEqual(wanted);
    const runs = await t.deps.db.selectFrom('icp_runs').select(['outcome', 'detail']).execute();
    expect(runs.filter(({ outcome }) => outcome === 'fork')).toHaveLength(2);
  });
});

test('a block that cannot be read ends the run, with its offset and why; what came before is kept', async () => {
  await forget();
  const whole = makeFakeIcp(bytes, 300);
  const good = await read(whole);
  await forget();
  const spoilt = Buffer.from(bytes);
  spoilt[bytes.length - 20] = (spoilt[bytes.length - 20] ?? 0) ^ 0xff;
  const ended = await read(makeFakeIcp(spoilt, 300));
  expect(ended).toMatchObject({ outcome: 'broken_block', blocks: good.blocks - 1 });
  expect(ended.detail).toBe(
    `The block at ${ended.position} cannot be read: ${ended.detail?.split('read: ')[1]}`,
  );
  expect(await read(whole)).toMatchObject({ outcome: 'done', blocks: 1 });
});
