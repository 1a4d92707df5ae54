import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission } from '@berth/shared/access';
import { accounts } from '@berth/shared/accounts/endpoints';
import { contracts } from '@berth/shared/contracts/endpoints';
import { notices } from '@berth/shared/notices/endpoints';
import { offerings } from '@berth/shared/offerings/endpoints';
import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS } from '@berth/shared/time';
import { tokens } from '@berth/shared/tokens/endpoints';
import { ENDED_LISTED_DAYS, MAX_TOKENS } from '@berth/shared/tokens/limits';
import { dumpDatabase } from '../../../test/dump.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { encryptionEvent, linkEvent, removalEvent } from '../../../test/key-events.ts';
import { makePerson, onNewDevice, signIn, signUp, type Client } from '../../../test/people.ts';
import { SESSION_COOKIE } from '../../http/session.ts';
import { policies } from '@berth/shared/rate-limits';
import { makeLog } from '../../deps.ts';
import { isWellFormed, makeTokenSecret } from '../../lib/token-secret.ts';

const lines: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _, done) {
    lines.push(chunk.toString());
    done();
  },
});

let t: TestApp;
let ada: Client;
let names = 0;

beforeAll(async () => {
  t = await makeTestApp({ log: makeLog('trace', sink), config: { rate_limits: true } });
});
afterAll(() => t.close());

const person = () => signUp(t, `person-${++names}`, { headers: fromNetwork() });
const fromNetwork = () => ({ 'x-forwarded-for': '203.0.113.9' });

const make = (client: Client, permissions: readonly Permission[], days = 30) =>
  client.ask(tokens.create, {
    body: { name: 'Nightly report', permissions: [...permissions], days },
  });

const as = (secret: string) => ({ token: secret });
const current = async (secret: string) =>
  (await t.call(tokens.current, {}, as(secret))) as { status: number; problem: { code: string } };
/** 200, or why not. */
const stateOf = async (secret: string) => {
  const { status, problem } = await t.call(tokens.current, {}, as(secret));
  return status === 200 ? 200 : [problem.code, problem.detail];
};

describe('a token', () => {
  beforeAll(async () => {
    ada = await person();
  });

  test('reads and writes as its account what its permissions say, and tells what it is', async () => {
    const { token, secret } = await make(ada, ['contracts.read', 'account.write', 'account.read']);
    expect(token).toMatchObject({ name: 'Nightly report', revoked_at: null });
    expect((await t.call(contracts.list, { query: { role: 'renter' } }, as(secret))).status).toBe(
      200,
    );
    const body = { kind: 'email' as const, value: 'ada@example.org' };
    expect((await t.call(accounts.addContact, { body }, as(secret))).status).toBe(200);
    const { contacts } = await ada.ask(accounts.profile, {});
    expect(contacts.map(({ value }) => value)).toEqual(['ada@example.org']);
    const own = (await t.call(offerings.listOwn, { query: {} }, as(secret))).problem;
    expect(own).toMatchObject({ code: 'token.permission', status: 403 });
    expect(own.detail).toContain('"offerings.read"');
    const told = await t.call(tokens.current, {}, as(secret));
    expect(told.body).toEqual({
      id: token.id,
      account_id: ada.account.id,
      handle: ada.account.handle,
      display_name: ada.account.display_name,
      permissions: ['account.read', 'account.write', 'contracts.read'],
      expires_at: isoAt(t.clock.nowMs() + 30 * DAY_MS),
    });
  });

  test('is kept by its hash alone, shown once, and is in no log', async () => {
    const body = { name: 'Once', permissions: ['account.read' as const], days: 1 };
    const first = await ada.ask(tokens.create, { body }, { idempotency_key: 'once' });
    const again = await ada.refused(tokens.create, { body }, { idempotency_key: 'once' });
    expect(again.code).toBe('idempotency.done');
    const { items } = await ada.ask(tokens.list, {});
    expect(items.filter(({ name }) => name === 'Once')).toHaveLength(1);
    const { secret } = first;
    const headers = { authorization: `Bearer ${secret}` };
    await t.app.inject({ url: '/api/v1/me/profile', headers });
    await t.app.inject({ url: `/api/v1/notices?cursor=${secret}`, headers });
    await t.app.inject({ url: `/api/v1/${secret}`, headers });
    t.deps.log.error({ err: new Error(`wrong: ${secret}`), req: { headers } }, 'made up');
    const middle = secret.slice(20);
    expect((await dumpDatabase(t.deps.database)).join('\n')).not.toContain(middle);
    const logged = lines.filter((line) => !line.includes('made up')).join('\n');
    expect(logged).toContain(first.token.id);
    expect(logged).not.toContain(middle);
  });

  test('that is mistyped is known by its checksum, and looked up nowhere', async () => {
    const { secret } = await make(ada, ['account.read']);
    expect(secret).toMatch(/^berth_live_[0-9A-Za-z]{36}$/);
    expect(isWellFormed(secret)).toBe(true);
    for (const at of [11, 25, 46]) {
      const other = secret[at] === 'a' ? 'b' : 'a';
      const mistyped = secret.slice(0, at) + other + secret.slice(at + 1);
      expect(isWellFormed(mistyped)).toBe(false);
      expect(await stateOf(mistyped)).toEqual(['token.invalid', expect.stringContaining('whole')]);
    }
    expect(await stateOf(makeTokenSecret())).toEqual([
      'token.invalid',
      expect.stringContaining('not known'),
    ]);
  });

  test('ends when its time is over, and at once when it is revoked', async () => {
    const bob = await person();
    const [short, long] = [
      await make(bob, ['account.read'], 1),
      await make(bob, ['account.read'], 365),
    ];
    await bob.ask(tokens.revoke, { params: { token_id: long.token.id } });
    expect(await stateOf(long.secret)).toEqual([
      'token.invalid',
      expect.stringContaining('revoked'),
    ]);
    const twice = await bob.refused(tokens.revoke, { params: { token_id: long.token.id } });
    expect(twice.code).toBe('request.not_found');
    t.clock.advance(DAY_MS - 1);
    expect(await stateOf(short.secret)).toBe(200);
    t.clock.advance(1);
    expect(await stateOf(short.secret)).toEqual([
      'token.invalid',
      expect.stringContaining('ended'),
    ]);
  });

  test('has no more than the device that makes or rotates it', async () => {
    const cleo = await person();
    const narrow = await signIn(t, onNewDevice(cleo), { scopes: ['read', 'account'] });
    const body = { name: 'More', permissions: ['offerings.write' as const], days: 1 };
    expect((await narrow.refused(tokens.create, { body })).code).toBe('session.scope');
    const { token, secret } = await make(cleo, ['offerings.write']);
    const rotate = { params: { token_id: token.id }, body: { days: 1, overlap_hours: 0 } };
    expect((await narrow.refused(tokens.rotate, rotate)).code).toBe('session.scope');
    expect(await stateOf(secret)).toBe(200);
    const makes = await t.call(tokens.create, { body }, as(secret));
    expect(makes.problem.code).toBe('token.permission');
  });

  test('goes with the account key that made it', async () => {
    const dora = await person();
    const spare = makePerson();
    const label = 'Spare';
    await dora.ask(accounts.addKey, {
      body: { label, event: linkEvent(dora, spare.account_key) },
    });
    const thief = await signIn(t, spare);
    const [stolen, own] = [await make(thief, ['account.read']), await make(dora, ['account.read'])];
    const event = removalEvent(dora, spare.account_key.public_key);
    await dora.ask(accounts.removeKey, {
      body: { event, encryption: encryptionEvent(dora, dora) },
    });
    expect(await stateOf(stolen.secret)).toEqual([
      'token.invalid',
      expect.stringContaining('revoked'),
    ]);
    expect(await stateOf(own.secret)).toBe(200);
  });

  test('works as a bearer alone, and ends no session that it comes along with', async () => {
    const own = await signIn(t, ada);
    const { secret } = await make(own, ['account.read']);
    const cookie = `${SESSION_COOKIE}=${secret}`;
    const answer = await t.app.inject({ url: '/api/v1/me/profile', headers: { cookie } });
    expect(answer.statusCode).toBe(401);
    const again = await signIn(t, onNewDevice(ada), {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect((await again.ask(accounts.me, {})).account.id).toBe(ada.account.id);
    expect(await stateOf(secret)).toBe(200);
  });
});

describe('a rotation', () => {
  test('leaves the secret before for the overlap, never beyond its own end', async () => {
    const ed = await person();
    const { token, secret: first } = await make(ed, ['account.read'], 2);
    const params = { token_id: token.id };
    const turn = (overlap_hours: number) =>
      ed.ask(tokens.rotate, { params, body: { days: 30, overlap_hours } });
    const second = await turn(168);
    expect(second.token.id).toBe(token.id);
    expect(second.token.secrets.map(({ expires_at }) => expires_at)).toEqual([
      isoAt(t.clock.nowMs() + 30 * DAY_MS),
      isoAt(t.clock.nowMs() + 2 * DAY_MS),
    ]);
    expect([await stateOf(first), await stateOf(second.secret)]).toEqual([200, 200]);

    const third = await turn(1);
    expect(await stateOf(first)).toEqual(['token.invalid', expect.stringContaining('ended')]);
    expect(await stateOf(second.secret)).toBe(200);
    t.clock.advance(HOUR_MS);
    expect(await stateOf(second.secret)).not.toBe(200);
    expect(await stateOf(third.secret)).toBe(200);
    const fourth = await (
      await signIn(t, onNewDevice(ed))
    ).ask(tokens.rotate, {
      params,
      body: { days: 1, overlap_hours: 0 },
    });
    expect(await stateOf(third.secret)).not.toBe(200);
    expect(await stateOf(fourth.secret)).toBe(200);
  });

  test('keeps the one by whom answers are kept: a repeat with the new secret is a repeat', async () => {
    const flo = await person();
    const { token, secret } = await make(flo, ['account.write']);
    const body = { kind: 'email' as const, value: 'flo@example.org' };
    const how = { idempotency_key: 'twice' };
    const first = await t.call(accounts.addContact, { body }, { ...as(secret), ...how });
    const params = { token_id: token.id };
    const next = await flo.ask(tokens.rotate, { params, body: { days: 1, overlap_hours: 0 } });
    const again = await t.call(accounts.addContact, { body }, { ...as(next.secret), ...how });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const own = await flo.send(accounts.addContact, { body }, how);
    expect(own.headers['idempotency-replayed']).toBeUndefined();
  });
});

test('rates are counted for each token, and said in the headers', async () => {
  const gus = await person();
  const { default: limit } = policies;
  const [one, two] = [await make(gus, ['account.read']), await make(gus, ['account.read'])];
  const left = async (secret: string) =>
    String((await t.call(accounts.profile, {}, as(secret))).headers['ratelimit']);
  for (let at = 1; at < 10; at += 1) await left(one.secret);
  expect(await left(one.secret)).toContain(`r=${limit.quota - 10};`);
  expect(await left(two.secret)).toContain(`r=${limit.quota - 1};`);
  for (let at = 10; at < limit.quota; at += 1) await left(one.secret);
  const refused = await t.call(accounts.profile, {}, as(one.secret));
  expect([refused.status, refused.problem.code]).toEqual([429, 'rate_limit.exceeded']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await t.call(accounts.profile, {}, as(two.secret))).status).toBe(200);
});

test('its last use is written, with the network, at most once a minute', async () => {
  const hal = await person();
  const { token, secret } = await make(hal, ['account.read']);
  const last = async () => {
    await t.sweep();
    const { items } = await hal.ask(tokens.list, {});
    const [one] = items.find(({ id }) => id === token.id)!.secrets;
    return [one!.last_used_at, one!.last_network];
  };
  expect(await last()).toEqual([null, null]);
  await current(secret);
  const first = t.clock.now();
  expect(await last()).toEqual([first, '127.0.0.1']);
  t.clock.advance(MINUTE_MS - 1);
  await current(secret);
  expect(await last()).toEqual([first, '127.0.0.1']);
  t.clock.advance(1);
  await current(secret);
  expect(await last()).toEqual([t.clock.now(), '127.0.0.1']);
});

test('an account is told of each new secret, and has so many that work', async () => {
  const ivy = await person();
  const [first] = await Promise.all(
    Array.from({ length: MAX_TOKENS }, () => make(ivy, ['account.read'], 1)),
  );
  await t.drain();
  const { items } = await ivy.ask(notices.list, {});
  expect(items).toHaveLength(MAX_TOKENS);
  expect(items[0]!.title).toBe(
    'The API token “Nightly report” was made. If it was not you, revoke it now',
  );
  const body = { name: 'One more', permissions: ['account.read' as const], days: 1 };
  expect((await ivy.refused(tokens.create, { body })).code).toBe('account.too_many');
  await ivy.ask(tokens.revoke, { params: { token_id: first!.token.id } });
  expect((await make(ivy, ['account.read'])).token.name).toBe('Nightly report');
});

test('one that has ended is listed for a month, then erased', async () => {
  const joe = await person();
  const { token } = await make(joe, ['account.read'], 1);
  t.clock.advance(DAY_MS + ENDED_LISTED_DAYS * DAY_MS - 1);
  await t.sweep();
  const back = await signIn(t, joe);
  expect((await back.ask(tokens.list, {})).items.map(({ id }) => id)).toEqual([token.id]);
  t.clock.advance(2);
  await t.sweep();
  expect((await back.ask(tokens.list, {})).items).toEqual([]);
  expect((await dumpDatabase(t.deps.database)).join()).not.toContain(token.id);
});

test('a stream ends when the token that it was opened with is revoked', async () => {
  const live = await makeTestApp({ live: true });
  const kim = await signUp(live, 'kim');
  const { token, secret } = await make(kim, ['notices.read']);
  await live.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = live.app.server.address() as AddressInfo;
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(reply.status).toBe(200);
  await kim.ask(tokens.revoke, { params: { token_id: token.id } });
  // What it is told next finds it out.
  await make(kim, ['notices.read']);
  await reply.text();
  await live.close();
});
