import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { endpoint } from '@berth/shared/endpoint';
import { makeId } from '@berth/shared/ids';
import { addHours } from '@berth/shared/time';
import { makeTestApp } from '../../test/harness.ts';
import type { TestApp } from '../../test/harness.ts';
import { mount } from './mount.ts';
import { clearSession, SESSION_COOKIE, setSession, signSession } from './session.ts';

const reply = z.object({ who: z.string(), device_key: z.string().nullable() });
const ends = {
  see: endpoint({
    method: 'GET',
    path: '/see',
    summary: 'See',
    access: 'account.read',
    reply,
    problems: [],
  }),
  open: endpoint({
    method: 'GET',
    path: '/open',
    summary: 'Open',
    access: 'anyone',
    reply,
    problems: [],
  }),
  change: endpoint({
    method: 'POST',
    path: '/change',
    summary: 'Change',
    access: 'offerings.write',
    reply,
    problems: [],
  }),
  enter: endpoint({
    method: 'POST',
    path: '/enter',
    summary: 'Enter',
    access: 'anyone',
    body: z.object({ leave: z.boolean() }),
    reply: z.object({ token: z.string() }),
    problems: [],
  }),
};

function routes(app: FastifyInstance): void {
  mount(app, ends.see, async (_ctx, actor) => ({ who: actor.key, device_key: actor.device_key }));
  mount(app, ends.open, async (_ctx, actor) => ({ who: actor.kind, device_key: null }));
  mount(app, ends.change, async (_ctx, actor) => ({ who: actor.key, device_key: null }));
  mount(app, ends.enter, async ({ clock }, _actor, { body }, wire) => {
    const created_at = clock.now();
    const expires_at = addHours(created_at, 1);
    if (body.leave) clearSession(wire.reply);
    const session = { id: 'ses_x', account_id: 'acc_x', created_at, expires_at };
    return { token: body.leave ? '' : setSession(wire.reply, session) };
  });
}

const make = (config = {}) => makeTestApp({ modules: [{ name: 'ends', routes }], config });
const berth: TestApp = await make();
afterAll(() => berth.close());

let account: { account_id: string; key: string };
let handles = 0;
beforeEach(async () => {
  account = await berth.plantAccount(`account-${++handles}`);
});
const see = (token: string) => berth.call(ends.see, {}, { token });
const codeOf = async (token: string) => (await see(token)).problem.code;

describe('a session', () => {
  test('acts for its account, with the bearer token or the cookie', async () => {
    const token = await berth.openSession(account);
    expect((await see(token)).body.who).toBe(account.key);
    const headers = { cookie: `a=b; ${SESSION_COOKIE}=${token}` };
    expect((await berth.call(ends.see, {}, { headers })).body.who).toBe(account.key);
  });

  test('is over at its time', async () => {
    const token = await berth.openSession(account);
    berth.clock.advance(15 * 60_000 - 1);
    expect((await see(token)).status).toBe(200);
    berth.clock.advance(1);
    expect((await see(token)).problem).toMatchObject({ status: 401, code: 'session.expired' });
  });

  test('is over at once when it or its delegation is revoked', async () => {
    const { account_id, key } = account;
    const delegation_id = await delegate(account_id, key);
    const plain = await berth.openSession(account);
    const delegated = await berth.openSession({ account_id, key: 'd'.repeat(64), delegation_id });
    expect((await see(delegated)).body).toEqual({ who: key, device_key: 'd'.repeat(64) });
    const revoked_at = berth.clock.now();
    await berth.deps.write(async ({ tx }) => {
      await tx.updateTable('delegations').set({ revoked_at }).execute();
      await tx
        .updateTable('sessions')
        .set({ revoked_at })
        .where('delegation_id', 'is', null)
        .execute();
    });
    expect([await codeOf(delegated), await codeOf(plain)]).toEqual([
      'delegation.revoked',
      'session.expired',
    ]);
  });

  test('does only what it was given the scope for', async () => {
    const token = await berth.openSession({ ...account, scopes: ['read'] });
    expect((await see(token)).status).toBe(200);
    const { problem } = await berth.call(ends.change, {}, { token });
    expect(problem).toMatchObject({ status: 403, code: 'session.scope' });
  });

  test('that has ended still sees what is open to anyone', async () => {
    const token = await berth.openSession(account);
    expect((await berth.call(ends.open, {}, { token })).body.who).toBe('account');
    berth.clock.advance(3_600_000);
    expect((await berth.call(ends.open, {}, { token })).body.who).toBe('anonymous');
  });
});

describe('a token', () => {
  const session = (id: string) => ({
    id,
    account_id: account.account_id,
    created_at: berth.clock.now(),
    expires_at: addHours(berth.clock.now(), 1),
  });

  test('that is missing, made up, unsigned or of another service is refused', async () => {
    expect((await berth.call(ends.see, {})).problem.code).toBe('session.missing');
    const token = await berth.openSession(account);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const hs256 = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
    const other = await make({ public_origin: 'https://other.example' });
    const foreign = signSession(other.app, session(idOf(payload)));
    await other.close();
    const bad = [
      '',
      'x',
      `${none}.${payload}.`,
      `${hs256}.${payload}.${signature}`,
      `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${head}.${Buffer.from('{}').toString('base64url')}.${signature}`,
      foreign,
      signSession(berth.app, session(makeId('session'))),
    ];
    for (const one of bad) expect(await codeOf(one)).toBe('session.expired');
  });

  const idOf = (payload: string) =>
    (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string }).sid;
});

describe('the cookie', () => {
  test('is for this host over HTTPS only, out of reach of scripts and foreign forms', async () => {
    const { headers } = await berth.call(ends.enter, { body: { leave: false } });
    const [value = '', ...attributes] = String(headers['set-cookie']).split('; ');
    expect(value).toMatch(/^__Host-berth=ey/);
    expect(attributes.sort()).toEqual([
      expect.stringMatching(/^Expires=/),
      'HttpOnly',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  test('is gone after leaving', async () => {
    const { headers } = await berth.call(ends.enter, { body: { leave: true } });
    expect(String(headers['set-cookie'])).toContain('Expires=Thu, 01 Jan 1970');
  });

  test('changes nothing for another site', async () => {
    const cookie = `${SESSION_COOKIE}=${await berth.openSession(account)}`;
    const origin = berth.deps.config.public_origin;
    const statusWith = async (headers: Record<string, string>) =>
      (await berth.call(ends.change, {}, { headers: { cookie, ...headers } })).status;
    expect(await statusWith({ origin })).toBe(200);
    expect(await statusWith({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusWith({})).toBe(403);
    expect(await statusWith({ origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe(403);
    expect(await statusWith({ 'sec-fetch-site': 'same-site' })).toBe(403);
  });
});

async function delegate(account_id: string, account_key: string): Promise<string> {
  const id = account_key;
  const at = berth.clock.now();
  await berth.deps.write(({ tx }) =>
    tx
      .insertInto('delegations')
      .values({
        id,
        account_id,
        account_key,
        device_key: 'd'.repeat(64),
        label: 'laptop',
        delegation: '{}',
        signature: '',
        issued_at: at,
        expires_at: addHours(at, 24),
        revoked_at: null,
      })
      .execute(),
  );
  return id;
}
