import type { FastifyInstance } from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoint } from '@berth/shared/endpoint';
import { makeTestApp } from '../../test/harness.ts';
import { trim } from '../db/idempotency.ts';
import type { AccountActor } from '../lib/actor.ts';
import { answerOnce, MAX_KEPT_REPLY_CHARS } from './idempotency.ts';
import { checkLengths } from './lengths.ts';
import { mount } from './mount.ts';
import { holdsTooMany, MAX_BODY_VALUES } from './values.ts';

const fill = endpoint({
  method: 'POST',
  path: '/fill',
  summary: 'Fill',
  access: 'contracts.rent',
  body: z.object({ chars: z.number() }),
  reply: z.object({ text: z.string() }),
  problems: [],
});

let filled = 0;
function routes(app: FastifyInstance): void {
  mount(app, fill, async (_ctx, _actor, { body }) => {
    filled += 1;
    return { text: 'x'.repeat(body.chars) };
  });
  // Nobody can act for another's account yet; what is kept is apart already.
  app.post('/as/:principal/for/:acting_for', async (request) => {
    const actor = request.params as AccountActor;
    return answerOnce(
      request,
      actor,
      async () => null,
      async () => ({ status: 200, reply: actor.principal }),
    );
  });
}

const berth = await makeTestApp({ modules: [{ name: 'fill', routes }] });
afterAll(() => berth.close());
const session = await berth.plantAccount('filler');
const doer = { principal: session.account_id, acting_for: session.account_id };
const token = await berth.openSession(session);

const send = (idempotency_key: string, chars: number) =>
  berth.call(fill, { body: { chars } }, { token, idempotency_key });
const kept = () =>
  berth.deps.db
    .selectFrom('idempotency_keys')
    .where('principal', '=', session.account_id)
    .orderBy('created_at')
    .orderBy('idempotency_key')
    .select(['idempotency_key', 'reply'])
    .execute();

describe('an answer', () => {
  test('that is short is given again, and one too long is told to be done; neither is done twice', async () => {
    const frame = JSON.stringify({ text: '' }).length;
    filled = 0;
    expect((await send('short', MAX_KEPT_REPLY_CHARS - frame)).status).toBe(200);
    const again = await send('short', MAX_KEPT_REPLY_CHARS - frame);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect((await send('long', MAX_KEPT_REPLY_CHARS)).body.text).toHaveLength(MAX_KEPT_REPLY_CHARS);
    const done = await send('long', MAX_KEPT_REPLY_CHARS);
    expect([done.status, done.problem.code]).toEqual([409, 'idempotency.done']);
    expect(filled).toBe(2);
    expect((await kept()).find((row) => row.idempotency_key === 'long')?.reply).toBe('');
  });
});

test('an answer is for who asked and whom it asked for: the same key of another is another’s', async () => {
  const ask = async (principal: string, acting_for: string) => {
    const url = `/api/v1/as/${principal}/for/${acting_for}`;
    const headers = { 'idempotency-key': 'shared' };
    const answer = await berth.app.inject({ method: 'POST', url, headers });
    return answer.json<{ reply: string; replayed: boolean }>();
  };
  expect(await ask('ada', 'team')).toEqual({ status: 200, reply: 'ada', replayed: false });
  expect(await ask('bob', 'team')).toEqual({ status: 200, reply: 'bob', replayed: false });
  expect(await ask('ada', 'ada')).toEqual({ status: 200, reply: 'ada', replayed: false });
  expect(await ask('ada', 'team')).toEqual({ status: 200, reply: 'ada', replayed: true });
});

describe('what is kept for one account', () => {
  test('is its latest answers, by number and by length, and no other account’s are touched', async () => {
    const other = await berth.plantAccount('other');
    const as = { token: await berth.openSession(other), idempotency_key: 'theirs' };
    await berth.call(fill, { body: { chars: 10 } }, as);
    for (let at = 0; at < 6; at++) {
      berth.clock.advance(1_000);
      await send(`key-${at}`, 100);
    }
    const cut = (rows: number, chars: number) =>
      berth.deps.write(({ tx }) => trim(tx, doer, { rows, chars }));
    await cut(4, 1_000_000);
    expect((await kept()).map((row) => row.idempotency_key)).toEqual([
      'key-2',
      'key-3',
      'key-4',
      'key-5',
    ]);
    await cut(4, 250);
    expect((await kept()).map((row) => row.idempotency_key)).toEqual(['key-4', 'key-5']);
    expect((await berth.call(fill, { body: { chars: 10 } }, as)).headers).toMatchObject({
      'idempotency-replayed': 'true',
    });
  });

  test('is looked at again and again, so that a flood is cut while it goes on', async () => {
    const flooder = await berth.plantAccount('flooder');
    const flood = await berth.openSession(flooder);
    const chars = MAX_KEPT_REPLY_CHARS - 20;
    const floods = 1_100;
    for (let at = 0; at < floods; at++) {
      const how = { token: flood, idempotency_key: `flood-${at}` };
      await berth.call(fill, { body: { chars } }, how);
    }
    const { n } = await berth.deps.db
      .selectFrom('idempotency_keys')
      .where('principal', '=', flooder.account_id)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    // What has come since the last look, and no more than the budget before it.
    expect(Number(n)).toBeLessThan(floods - 400);
  });
});

describe('a body', () => {
  test('has every list counted before its items are read, whatever it is inside', () => {
    const item = z.object({ names: z.array(z.string()).max(2) });
    const check = checkLengths(
      z.object({
        lists: z.array(item).max(3).optional(),
        either: z
          .union([z.strictObject({ ids: z.array(z.string()).max(1) }), z.string()])
          .nullable(),
        free: z.record(z.string(), z.unknown()),
      }),
    );
    const say = (value: unknown) => check(value, '')?.pointer ?? null;
    expect(say({ lists: [1, 2, 3] })).toBeNull();
    expect(say({ lists: [1, 2, 3, 4] })).toBe('/lists');
    expect(say({ lists: [{ names: ['a', 'b', 'c'] }] })).toBe('/lists/0/names');
    expect(say({ either: { ids: [1, 2] } })).toBe('/either/ids');
    expect(say({ either: null, free: [] })).toBeNull();
    const names = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [at, 0]));
    expect(say({ free: names })).toBe('/free');
    expect(say('no object')).toBeNull();
  });

  test('with a list that has no bound is served by nobody', () => {
    expect(() => checkLengths(z.object({ all: z.array(z.string()) }))).toThrow('greatest length');
  });

  test('has its values counted before it is read, whatever stands in its texts', () => {
    const many = `[${'{},'.repeat(MAX_BODY_VALUES)}{}]`;
    expect(holdsTooMany(many)).toBe(true);
    expect(holdsTooMany(JSON.stringify({ text: many }))).toBe(false);
    expect(holdsTooMany(JSON.stringify({ text: `\\"${many}`, more: `${many}\\` }))).toBe(false);
    expect(holdsTooMany(`{"text":"${'\\\\'.repeat(300_000)}",${many}`)).toBe(true);
    expect(holdsTooMany('"never ends '.padEnd(300_000, ','))).toBe(false);
  });
});
