/** However large what is sent or read within its bounds is, others are answered meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import type { Endpoint } from '@berth/shared/endpoint';
import { addressOf } from '@berth/shared/endpoint';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { makeId } from '@berth/shared/ids';
import { columnNames } from '@berth/shared/offerings/columns';
import { MAX_IMPORT_ROWS } from '@berth/shared/offerings/schemas';
import { makeCast, type Cast } from './cast.ts';
import { move, rentalIn, viewOf } from './rental.ts';

/** What parsing a fixed text thrice took where the bound was set; a slower processor has longer. */
const PARSED_WITHIN_MS = 30;
/** The longest that one piece of work may keep the thread, in its own processor time, here. */
const MAX_BLOCK_MS = 200 * Math.max(1, parsedIn_ms() / PARSED_WITHIN_MS);
const BODY_BYTES = 256 * 1024;
const FILE_BYTES = 3 * 1024 * 1024;

let cast: Cast;

beforeAll(async () => {
  cast = await makeCast();
});

afterAll(() => cast.t.close());

/** The least processor time of five tries. */
function parsedIn_ms(): number {
  const text = JSON.stringify(
    Array.from({ length: 50_000 }, (_, at) => ({ name: `row ${at}`, at })),
  );
  const tries = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    for (let at = 0; at < 3; at++) JSON.parse(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...tries);
}

/**
 * Runs something and answers the most processor time that one turn of the event loop took
 * meanwhile: what others would have waited for, however busy the machine is.
 */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest_us = 0;
  let running = true;
  let before = process.threadCpuUsage();
  const turn = () => {
    const { user, system } = process.threadCpuUsage(before);
    longest_us = Math.max(longest_us, user + system);
    before = process.threadCpuUsage();
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  running = false;
  return longest_us / 1_000;
}

const repeated = (item: string, bytes: number) =>
  `[${Array.from({ length: Math.floor(bytes / (item.length + 1)) }, () => item).join()}]`;

/** A body whose every field is that text, which is JSON. */
function bodiesOf({ body, body_limit }: Endpoint): string[] {
  const bytes = (body_limit === 'file' ? FILE_BYTES : BODY_BYTES) - 1_000;
  const shape = (body as { shape?: object } | undefined)?.shape ?? {};
  return ['{}', '0'].flatMap((item) => {
    const list = repeated(item, bytes);
    return [list, ...Object.keys(shape).map((name) => `{${JSON.stringify(name)}:${list}}`)];
  });
}

const writes = allEndpoints.filter(
  ({ body, rate_limit }) => body !== undefined && rate_limit !== 'sign_in',
);

test.each(writes.map((one) => ({ name: one.name, one })))(
  '$name refuses lists of anything, as long as a body may be, in a moment',
  async ({ one }) => {
    const { t, provider } = cast;
    const url = addressOf(one, { params: paramsOf(one) });
    for (const payload of bodiesOf(one)) {
      const send = () =>
        t.app.inject({
          method: one.method,
          url,
          payload,
          headers: {
            ...provider.headers,
            'content-type': 'application/json',
            'idempotency-key': makeId('session'),
          },
        });
      const longest_ms = await longestTurn(async () => {
        expect([404, 413, 422]).toContain((await send()).statusCode);
      });
      expect(longest_ms, payload.slice(0, 40)).toBeLessThan(MAX_BLOCK_MS);
    }
  },
);

const paramsOf = ({ path }: Endpoint) =>
  Object.fromEntries(
    [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => [
      name,
      name === 'contract_id' ? '0'.repeat(64) : name === 'offering_id' ? cast.offering.id : 'x',
    ]),
  );

const row = `{${columnNames.map((name) => `"${name}":"${'x'.repeat(80)}"`).join()}}`;
const files = {
  'lists of empty objects': repeated('{}', FILE_BYTES),
  'one object with a million names': `[{${'"a":1,'.repeat(FILE_BYTES / 6)}"b":1}]`,
  'as many rows as are taken, each wrong in every cell': `[${Array.from({ length: MAX_IMPORT_ROWS }, () => row).join()}]`,
  'a deep nest': `${'['.repeat(FILE_BYTES / 2)}${']'.repeat(FILE_BYTES / 2)}`,
};

describe.each(Object.entries(files))('a file of %s', (_, text) => {
  test.each(['previewImport', 'import', 'suggestMapping'] as const)(
    'is read or refused by %s beside others',
    async (name) => {
      const body = { format: 'json' as const, text };
      const longest_ms = await longestTurn(async () => {
        const { status } = await cast.provider.send(endpoints.offerings[name], { body });
        expect(status).toBeLessThan(500);
      });
      expect(longest_ms).toBeLessThan(MAX_BLOCK_MS);
    },
  );

  test('as CSV, too', async () => {
    const body = { format: 'csv' as const, text: text.replaceAll('"', '') };
    const longest_ms = await longestTurn(async () => {
      const { status } = await cast.provider.send(endpoints.offerings.previewImport, { body });
      expect(status).toBeLessThan(500);
    });
    expect(longest_ms).toBeLessThan(MAX_BLOCK_MS);
  });
});

describe('a contract whose log is as long as a log may be', () => {
  const ENTRIES = 2_000;
  const MAX_REPLY_BYTES = 500_000;
  let contract_id: string;
  let size = 0;

  beforeAll(async () => {
    contract_id = await rentalIn('active', cast);
    await move(cast.provider, contract_id, 'rotate_credentials');
    const { db, write } = cast.t.deps;
    const entry = await db
      .selectFrom('log')
      .where('subject_id', '=', contract_id)
      .orderBy('seq', 'desc')
      .limit(1)
      .selectAll()
      .executeTakeFirstOrThrow();
    const details = await db
      .selectFrom('contract_provisioning_details')
      .where('contract_id', '=', contract_id)
      .orderBy('seq', 'desc')
      .limit(1)
      .selectAll()
      .executeTakeFirstOrThrow();
    const rows = Array.from({ length: ENTRIES - entry.seq - 1 }, (_, at) => entry.seq + 1 + at);
    await write(async ({ tx }) => {
      for (const seq of rows) {
        await tx
          .insertInto('log')
          .values({ ...entry, seq })
          .execute();
        await tx
          .insertInto('contract_provisioning_details')
          .values({ ...details, seq })
          .execute();
      }
      await tx
        .updateTable('contract_sign_requests')
        .set({ version: ENTRIES })
        .where('contract_id', '=', contract_id)
        .execute();
    });
    size = rows.length + 2;
  });

  test('answers its newest entries, and says how many there are', async () => {
    let bytes = 0;
    const longest_ms = await longestTurn(async () => {
      const reply = await cast.renter.send(endpoints.contracts.get, { params: { contract_id } });
      bytes = reply.text.length;
    });
    expect(longest_ms).toBeLessThan(MAX_BLOCK_MS);
    expect(bytes).toBeLessThan(MAX_REPLY_BYTES);
    const view = await viewOf(cast.renter, contract_id);
    expect([view.entry_count, view.details_count]).toEqual([ENTRIES, size]);
    expect(view.entries.at(-1)?.seq).toBe(ENTRIES - 1);
    expect(view.first_entry).toMatchObject({ seq: 0, action: 'request' });
  });

  test.each(['entries', 'details'] as const)('pages all its %s, each once', async (name) => {
    const seqs: number[] = [];
    let cursor: string | undefined;
    do {
      const ask = { params: { contract_id }, query: { limit: MAX_PAGE_SIZE, cursor } };
      const longest_ms = await longestTurn(async () => {
        const page = await cast.renter.ask(endpoints.contracts[name], ask);
        seqs.push(...page.items.map(({ seq }) => seq));
        cursor = page.next_cursor ?? undefined;
      });
      expect(longest_ms).toBeLessThan(MAX_BLOCK_MS);
    } while (cursor !== undefined);
    expect(seqs).toHaveLength(name === 'entries' ? ENTRIES : size);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => b - a));
  });
});
