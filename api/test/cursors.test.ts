import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import { makeTestApp } from './harness.ts';
import { signUp } from './people.ts';
import { listOffering, requestRental } from './rental.ts';

/** A longer one is refused as a field is. */
const MAX_CURSOR_LENGTH = 500;
const paged = allEndpoints.filter(
  ({ query }) => query instanceof z.ZodObject && 'cursor' in query.shape,
);

const { webhooks } = endpoints;
const berth = await makeTestApp();
afterAll(() => berth.close());
const ann = await signUp(berth, 'ann');
const bob = await signUp(berth, 'bob');
const offering = await listOffering(ann);
const offering_id = offering.id;
const { contract_id } = await requestRental(bob, offering);
const { webhook } = await ann.ask(webhooks.create, {
  body: { url: 'https://example.org/', description: '', types: ['notice.made'] },
});
await berth.deps.write(({ tx }) => tx.updateTable('accounts').set({ is_admin: 1 }).execute());
const token = ann.token ?? '';

async function answerTo(endpoint: (typeof paged)[number], cursor: string) {
  const query = { cursor, ...(endpoint.name === 'contracts.list' && { role: 'renter' }) };
  const ask: object = {
    params: { handle: 'ann', contract_id, offering_id, webhook_id: webhook.id },
    query,
  };
  const { status, problem } = await berth.call(endpoint, ask, { token });
  return status === 200 ? 'a page' : problem.code;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** What a column may be given: of its own type and past its bounds, and of every other. */
const value = fc.oneof(
  fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, null, true, {}, []),
  fc.constantFrom(
    '',
    'a',
    '\0',
    '\ud800',
    "' or 1=1 --",
    'e9s:9999999999999999999',
    'NaN',
    '9'.repeat(40),
  ),
  fc.constantFrom('2026-01-01T00:00:00.000Z', 'a'.repeat(64), 'off_0', 'acc_0'),
  fc.jsonValue({ maxDepth: 1 }),
);
const sorts = fc.constantFrom('newest', 'due', 'own', 'saved', 'latest', 'best', '__proto__');
const crafted = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(sorts, fc.array(value, { maxLength: 6 }))
      .map(([s, v]) => base64url([s, ...v])),
  },
  fc.jsonValue({ maxDepth: 1 }).map(base64url),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
);

test('there are endpoints with pages', () => {
  expect(paged.length).toBeGreaterThan(7);
});

test.each(paged.map((one) => [one.name, one] as const))(
  'whatever a cursor of %s holds is a page or a problem, and never our fault',
  async (_, endpoint) => {
    expect(await answerTo(endpoint, '')).toBe('a page');
    await fc.assert(
      fc.asyncProperty(crafted, async (cursor) => {
        if (cursor === '' || cursor.length > MAX_CURSOR_LENGTH) return;
        expect(['a page', 'cursor.invalid']).toContain(await answerTo(endpoint, cursor));
      }),
      { numRuns: 150, endOnFailure: true },
    );
  },
);
