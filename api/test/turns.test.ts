/**
 * No request keeps the others waiting, however large its bounds let it be. What is measured is the
 * processor time between two turns of the event loop, which a busy machine does not change, beside
 * that of a fixed piece of work, which a slow one takes as much longer.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_LOG_ENTRIES } from '@berth/shared/contracts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { insertRows } from '../src/db/compiled.ts';
import { makeCast, type Cast } from './cast.ts';
import { move, rentalIn } from './rental.ts';

/** Verifications of a signature in 200 ms, on a machine as docs/benchmarks.md has it. */
const MOST_VERIFICATIONS = 1_600;

const { offerings, contracts } = endpoints;
let cast: Cast;
let contract_id: string;
let most_ms: number;

beforeAll(async () => {
  cast = await makeCast();
  contract_id = await rentalIn('active', cast);
  await move(cast.renter, contract_id, 'message');
  await fillLog();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const text = Buffer.alloc(600);
  const signature = sign(null, text, privateKey);
  const before = process.threadCpuUsage();
  for (let n = 0; n < MOST_VERIFICATIONS; n += 1) verify(null, text, publicKey, signature);
  most_ms = msSince(before);
});
afterAll(() => cast.t.close());

const msSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

/** As many entries as a log can have; nobody verifies here what they say. */
async function fillLog(): Promise<void> {
  await cast.t.deps.write(async ({ tx }) => {
    const ours = tx.selectFrom('log').where('subject_id', '=', contract_id);
    const last = await ours.orderBy('seq', 'desc').selectAll().executeTakeFirstOrThrow();
    const more = Array.from({ length: MAX_LOG_ENTRIES - last.seq - 1 }, (_, n) => {
      const seq = last.seq + n + 1;
      return { ...last, seq, hash: seq.toString(16).padStart(64, '0') };
    });
    await insertRows(tx, 'log', more);
    await tx
      .updateTable('contract_sign_requests')
      .set({ version: MAX_LOG_ENTRIES })
      .where('contract_id', '=', contract_id)
      .execute();
  });
}

/** The longest turn of the event loop meanwhile, in ms of the processor. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest_ms = 0;
  let before = process.threadCpuUsage();
  let isGoing = true;
  const look = () => {
    longest_ms = Math.max(longest_ms, msSince(before));
    before = process.threadCpuUsage();
    if (isGoing) setImmediate(look);
  };
  setImmediate(look);
  await nextTurn();
  await work();
  await nextTurn();
  isGoing = false;
  return longest_ms;
}

const file = (price: number) => ({
  format: 'csv' as const,
  text: [
    'reference,title,kind,country,price,unit,state',
    // One is there already.
    ...Array.from({ length: MAX_OFFERINGS - 1 }, (_, n) => {
      return `ref-${n},Machine ${n},compute,NL,${price + n},month,listed`;
    }),
  ].join('\n'),
});
const change = { type: 'price_percent' as const, percent: 5 };

interface Case {
  name: string;
  ask: () => Promise<{ status: number }>;
}

const all = { query: { limit: MAX_PAGE_SIZE } };
const ofContract = () => ({ params: { contract_id } });

async function bulkOfAll(): Promise<{ status: number }> {
  const { rows } = await cast.provider.ask(offerings.previewBulk, {
    body: { which: { filter: {} }, change },
  });
  expect(rows).toHaveLength(MAX_OFFERINGS);
  const seen = rows.map(({ offering_id, version }) => ({ offering_id, version }));
  return cast.provider.send(offerings.bulk, { body: { offerings: seen, change } });
}

async function undoOfAll(): Promise<{ status: number }> {
  const { items } = await cast.provider.ask(offerings.listBulk, {});
  const [{ change_id } = { change_id: '' }] = items;
  return cast.provider.send(offerings.undoBulk, { params: { change_id } });
}

const exportAs = (format: 'csv' | 'json') =>
  cast.provider.send(offerings.export, { query: { format } });

/** The largest that each kind of request can be, in an order in which each finds what it needs. */
const cases: Case[] = [
  {
    name: 'a preview of a file that fills an account',
    ask: () => cast.provider.send(offerings.previewImport, { body: file(1) }),
  },
  {
    name: 'an import that fills an account',
    ask: () => cast.provider.send(offerings.import, { body: file(1) }),
  },
  {
    name: 'an import that changes every offering',
    ask: () => cast.provider.send(offerings.import, { body: file(2) }),
  },
  { name: 'a change of all at once', ask: bulkOfAll },
  { name: 'an undo of it', ask: undoOfAll },
  { name: 'an export', ask: () => exportAs('csv') },
  { name: 'an export as JSON', ask: () => exportAs('json') },
  { name: 'a page of one’s own', ask: () => cast.provider.send(offerings.listOwn, all) },
  { name: 'a contract with a full log', ask: () => cast.renter.send(contracts.get, ofContract()) },
  {
    name: 'a page of its entries',
    ask: () => cast.renter.send(contracts.entries, { ...ofContract(), ...all }),
  },
  { name: 'its evidence', ask: () => cast.renter.send(contracts.evidence, ofContract()) },
];

test.each(cases)('$name leaves the others their turn', async ({ ask }) => {
  let status = 0;
  const longest_ms = await longestTurn(async () => {
    ({ status } = await ask());
  });
  expect(status).toBe(200);
  expect(longest_ms).toBeLessThan(most_ms);
});
