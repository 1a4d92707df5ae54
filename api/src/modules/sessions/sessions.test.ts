import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { revocationEvent } from '../../../test/key-events.ts';
import {
  delegate,
  getChallenge,
  makePerson,
  onNewDevice,
  renew,
  send,
  signIn,
  signUp,
  type Client,
  type DelegationOptions,
  type Person,
} from '../../../test/people.ts';
import { listRevocations } from '../keys/index.ts';
import { CHALLENGE_MINUTES, SESSION_MINUTES } from './service.ts';

const MINUTE_MS = 60_000;
let t: TestApp;
let ada: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
});
afterAll(() => t.close());

/** What a client would send to sign in, to be bent by a test. */
async function signInBody(person: Person, leave: DelegationOptions = {}, signer = person) {
  const { nonce, text, origin } = await getChallenge(t, person.account_key.public_key);
  return {
    key: person.account_key.public_key,
    nonce,
    signature: signer.account_key.sign(text),
    delegation: delegate(person, { audience: origin, issued_at: t.clock.now(), ...leave }),
    transport: 'bearer' as const,
  };
}

type Body = Awaited<ReturnType<typeof signInBody>>;

async function refusedWith(body: Body | Omit<Body, 'delegation'>): Promise<string> {
  return (await send(t, accounts.signIn, { body })).problem().code;
}

const countSessions = async (): Promise<number> =>
  (await t.deps.db.selectFrom('sessions').select('id').execute()).length;

describe('a challenge', () => {
  test('is a text of EIP-4361’s layout, good for five minutes', async () => {
    const key = ada.account_key.public_key;
    const challenge = (await send(t, accounts.challenge, { body: { key } })).answer();
    const expires_at = isoAt(t.clock.nowMs() + CHALLENGE_MINUTES * MINUTE_MS);
    expect(challenge).toEqual({
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      expires_at,
      text: [
        'localhost:3000 wants you to sign in with your Berth key:',
        key,
        '',
        'URI: http://localhost:3000',
        'Version: 1',
        `Nonce: ${challenge.nonce}`,
        `Issued At: ${t.clock.now()}`,
        `Expiration Time: ${expires_at}`,
      ].join('\n'),
    });
  });

  test('opens one session however often it is sent', async () => {
    const body = await signInBody(ada);
    const before = await countSessions();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => send(t, accounts.signIn, { body })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status !== 200);
    expect(new Set(refused.map((reply) => reply.problem().code))).toEqual(
      new Set(['challenge.used']),
    );
    expect(await countSessions()).toBe(before + 1);
  });

  test('is refused when it comes late, and stays refused after it was erased', async () => {
    const body = await signInBody(ada);
    const other = await signInBody(ada);
    t.clock.advance(CHALLENGE_MINUTES * MINUTE_MS);
    expect(await refusedWith(body)).toBe('challenge.expired');
    t.clock.advance(DAY_MS + 1);
    await t.sweep();
    const kept = await t.deps.db.selectFrom('challenges').select('nonce').execute();
    expect(kept.map(({ nonce }) => nonce)).not.toContain(other.nonce);
    expect(await refusedWith(other)).toBe('challenge.expired');
  });

  test('made for one key is refused from another, and stays good for its own', async () => {
    const eve = makePerson();
    const body = await signInBody(ada);
    expect(await refusedWith({ ...body, key: eve.account_key.public_key })).toBe(
      'signature.invalid',
    );
    const { text } = await getChallenge(t, ada.account_key.public_key);
    const signedByEve = { ...body, signature: eve.account_key.sign(text) };
    expect(await refusedWith(signedByEve)).toBe('signature.invalid');
    expect((await send(t, accounts.signIn, { body })).status).toBe(200);
  });

  test('signed by a key of small order is refused', async () => {
    const key = `01${'0'.repeat(62)}`;
    const { nonce } = await getChallenge(t, key);
    const signature = `01${'0'.repeat(126)}`;
    expect(await refusedWith({ key, nonce, signature, transport: 'bearer' })).toBe(
      'signature.invalid',
    );
  });
});

describe('a delegation', () => {
  const cases: [string, () => DelegationOptions, string][] = [
    ['for another origin', () => ({ audience: 'https://evil.example' }), 'delegation.invalid'],
    [
      'that lasts longer than 90 days',
      () => ({ expires_at: isoAt(t.clock.nowMs() + 91 * DAY_MS) }),
      'delegation.invalid',
    ],
    [
      'of a clock six minutes ahead',
      () => ({ issued_at: isoAt(t.clock.nowMs() + 6 * MINUTE_MS) }),
      'delegation.invalid',
    ],
    [
      'that is over',
      () => ({
        issued_at: isoAt(t.clock.nowMs() - 2 * DAY_MS),
        expires_at: isoAt(t.clock.nowMs() - DAY_MS),
      }),
      'delegation.expired',
    ],
  ];
  test.each(cases)('%s is refused, and nothing is kept', async (_, leave, code) => {
    const before = await countSessions();
    const body = await signInBody(onNewDevice(ada), leave());
    expect(await refusedWith(body)).toBe(code);
    expect(await countSessions()).toBe(before);
    const { device_key } = body.delegation.delegation;
    const kept = await t.deps.db
      .selectFrom('delegations')
      .where('device_key', '=', device_key)
      .select('id')
      .execute();
    expect(kept).toEqual([]);
  });

  test('of a clock four minutes ahead is taken', async () => {
    const issued_at = isoAt(t.clock.nowMs() + 4 * MINUTE_MS);
    const body = await signInBody(onNewDevice(ada), { issued_at });
    expect((await send(t, accounts.signIn, { body })).status).toBe(200);
  });

  test('by another account’s key is refused', async () => {
    const eve = makePerson();
    const body = await signInBody(ada);
    const byEve = await signInBody(eve);
    expect(await refusedWith({ ...body, delegation: byEve.delegation })).toBe('delegation.invalid');
    const { signature } = byEve.delegation;
    const next = await signInBody(ada);
    expect(await refusedWith({ ...next, delegation: { ...next.delegation, signature } })).toBe(
      'delegation.invalid',
    );
  });

  test('for another account’s device is refused: it would sign in as a stranger', async () => {
    const mallory = await signUp(t, 'mallory');
    const body = await signInBody({ ...mallory, device_key: ada.device_key });
    expect(await refusedWith(body)).toBe('delegation.invalid');
    expect((await renew(ada)).account.handle).toBe('ada');
  });

  test('is what an account key signs in with', async () => {
    const { delegation: _, ...body } = await signInBody(ada);
    expect(await refusedWith(body)).toBe('delegation.invalid');
  });

  test('of few scopes gives a session of those scopes', async () => {
    const narrow = await signIn(t, onNewDevice(ada), { scopes: ['read'] });
    expect((await narrow.ask(accounts.me, {})).session.scopes).toEqual(['read']);
    const contact = { kind: 'email' as const, value: 'ada@example.org' };
    const { code } = await narrow.refused(accounts.addContact, { body: contact });
    expect(code).toBe('session.scope');
  });
});

describe('a session', () => {
  test('comes in a cookie that scripts cannot read or as a bearer token, never both', async () => {
    const person = onNewDevice(ada);
    const body = { ...(await signInBody(person)), transport: 'cookie' as const };
    const browser = await send(t, accounts.signIn, { body });
    expect(browser.answer().token).toBe(null);
    expect(browser.headers['set-cookie']).toMatch(
      /^__Host-berth=[\w.-]+;.*Path=\/;.*HttpOnly; Secure; SameSite=Lax$/,
    );
    const agent = await send(t, accounts.signIn, { body: await signInBody(person) });
    expect(agent.answer().token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(agent.headers['set-cookie']).toBeUndefined();
  });

  test('ends after an hour, and the device key opens the next one by itself', async () => {
    const client = await signIn(t, onNewDevice(ada));
    t.clock.advance(SESSION_MINUTES * MINUTE_MS - 1);
    await client.ask(accounts.me, {});
    t.clock.advance(1);
    expect((await client.refused(accounts.me, {})).code).toBe('session.expired');
    const next = await renew(client);
    expect((await next.ask(accounts.me, {})).account.id).toBe(ada.account.id);
  });

  test('ends no later than the delegation it stands on', async () => {
    const expires_at = isoAt(t.clock.nowMs() + 10 * MINUTE_MS);
    const client = await signIn(t, onNewDevice(ada), { expires_at });
    expect((await client.ask(accounts.me, {})).session.expires_at).toBe(expires_at);
    t.clock.advance(10 * MINUTE_MS);
    await expect(renew(client)).rejects.toMatchObject({ problem: { code: 'delegation.expired' } });
  });

  test('ends when its device signs in again, and when its browser does so as anybody', async () => {
    const phone = await signIn(t, onNewDevice(ada));
    const again = await signIn(t, phone);
    expect((await phone.refused(accounts.me, {})).code).toBe('session.expired');
    const bob = await signUp(t, 'bob', { headers: again.headers });
    expect((await again.refused(accounts.me, {})).code).toBe('session.expired');
    const desk = await signIn(t, onNewDevice(ada), { headers: bob.headers });
    expect((await bob.refused(accounts.me, {})).code).toBe('session.expired');
    expect((await desk.ask(accounts.me, {})).account.handle).toBe('ada');
  });

  test('ends when its device key opens the next one with it', async () => {
    const phone = await signIn(t, onNewDevice(ada));
    const { nonce, text } = await getChallenge(t, phone.device_key.public_key);
    const key = phone.device_key.public_key;
    const body = { key, nonce, signature: phone.sign(text), transport: 'bearer' as const };
    await send(t, accounts.signIn, { body }, { headers: phone.headers });
    expect((await phone.refused(accounts.me, {})).code).toBe('session.expired');
  });

  test('that is signed out answers 401 and its cookie is cleared', async () => {
    const client = await signIn(t, onNewDevice(ada), { transport: 'cookie' });
    const reply = await client.send(accounts.signOut, {});
    expect(reply.status).toBe(204);
    expect(reply.headers['set-cookie']).toMatch(/^__Host-berth=;.*Expires=Thu, 01 Jan 1970/);
    expect((await client.refused(accounts.me, {})).code).toBe('session.expired');
  });

  test('is listed with its device and browser, and can be ended from another', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };
    const phone = await signIn(t, onNewDevice(ada), { label: 'Phone', headers });
    const desk = await signIn(t, onNewDevice(ada), { label: 'Desk' });
    const { sessions } = await desk.ask(accounts.profile, {});
    expect(sessions.find(({ id }) => id === phone.session_id)).toMatchObject({
      device_label: 'Phone',
      user_agent: 'Firefox on Linux',
      is_this: false,
    });
    expect(sessions.find(({ is_this }) => is_this)?.id).toBe(desk.session_id);
    const params = { session_id: phone.session_id };
    await desk.ask(accounts.endSession, { params });
    expect((await phone.refused(accounts.me, {})).code).toBe('session.expired');
    expect((await desk.send(accounts.endSession, { params })).status).toBe(404);
  });

  test('is erased with the name of its browser thirty days after its end', async () => {
    const client = await signIn(t, onNewDevice(ada));
    const find = () =>
      t.deps.db.selectFrom('sessions').where('id', '=', client.session_id).select('id').execute();
    t.clock.advance(30 * DAY_MS);
    await t.sweep();
    expect(await find()).toHaveLength(1);
    t.clock.advance(SESSION_MINUTES * MINUTE_MS + 1);
    await t.sweep();
    expect(await find()).toHaveLength(0);
  });
});

describe('a device that is removed', () => {
  test('is out at once with every session it has, and cannot renew', async () => {
    const phone = await signIn(t, onNewDevice(ada), { label: 'Phone' });
    const again = await signIn(t, phone, { label: 'Phone, signed in again' });
    const desk = await signIn(t, onNewDevice(ada));
    const isPhone = ({ device_key }: { device_key: string }) =>
      device_key === phone.device_key.public_key;
    const { devices } = await desk.ask(accounts.profile, {});
    const [device, ...more] = devices.filter(isPhone);
    expect(more).toEqual([]);
    const body = { event: revocationEvent(desk, device?.device_key ?? '') };
    await desk.ask(accounts.revokeDevice, { body });
    for (const client of [phone, again]) {
      expect((await client.refused(accounts.me, {})).code).toBe('delegation.revoked');
      await expect(renew(client)).rejects.toMatchObject({
        problem: { code: 'delegation.revoked' },
      });
    }
    const after = await desk.ask(accounts.profile, {});
    expect(after.devices.some(isPhone)).toBe(false);
    expect(after.sessions.map(({ id }) => id)).not.toContain(phone.session_id);
    expect((await desk.send(accounts.revokeDevice, { body })).status).toBe(404);
  });

  test('cannot come back under any delegation, only with a new device key', async () => {
    const phone = await signIn(t, onNewDevice(ada));
    const desk = await signIn(t, onNewDevice(ada));
    const body = { event: revocationEvent(desk, phone.device_key.public_key) };
    await desk.ask(accounts.revokeDevice, { body });
    const again = await signInBody(phone);
    expect(await refusedWith({ ...again, delegation: phone.delegation })).toBe(
      'delegation.revoked',
    );
    t.clock.advance(1);
    await expect(signIn(t, phone)).rejects.toMatchObject({
      problem: { code: 'delegation.revoked' },
    });
    expect((await signIn(t, onNewDevice(phone))).account.id).toBe(ada.account.id);
  });

  test('is revoked by the session’s own key alone, and that is kept as it was signed', async () => {
    const phone = await signIn(t, onNewDevice(ada));
    const desk = await signIn(t, onNewDevice(ada));
    const event = revocationEvent(desk, phone.device_key.public_key);
    const byOther = revocationEvent(ada, phone.device_key.public_key);
    const late = { ...event, said: { ...event.said, at: '2020-01-01T00:00:00.000Z' } };
    const codes: [unknown, string][] = [
      [{ ...event, signature: byOther.signature }, 'signature.invalid'],
      [{ ...byOther }, 'signature.invalid'],
      [late, 'statement.clock'],
      [{ ...event, delegation: null }, 'statement.invalid'],
    ];
    for (const [wrong, code] of codes) {
      const body = { event: wrong as typeof event };
      expect((await desk.refused(accounts.revokeDevice, { body })).code).toBe(code);
    }
    await desk.ask(accounts.revokeDevice, { body: { event } });
    expect(await listRevocations(t.deps.db, [phone.device_key.public_key])).toEqual([event]);
  });

  test('may leave by itself whatever it was given leave for, and put out no other', async () => {
    const narrow = await signIn(t, onNewDevice(ada), { scopes: ['read', 'rent'] });
    const other = revocationEvent(narrow, ada.device_key.public_key);
    expect((await narrow.refused(accounts.revokeDevice, { body: { event: other } })).code).toBe(
      'session.scope',
    );
    const event = revocationEvent(narrow, narrow.device_key.public_key);
    await narrow.ask(accounts.revokeDevice, { body: { event } });
    expect((await narrow.refused(accounts.me, {})).code).toBe('delegation.revoked');
  });
});

test('a stranger’s device or session and a missing one answer the same bytes', async () => {
  const eve = await signUp(t, 'eve');
  const text = async (params: { device_key: string } | { session_id: string }) => {
    const reply =
      'session_id' in params
        ? await eve.send(accounts.endSession, { params })
        : await eve.send(accounts.revokeDevice, {
            body: { event: revocationEvent(eve, params.device_key) },
          });
    expect(reply.status).toBe(404);
    return reply.text;
  };
  const missing = await text({ session_id: `ses_${'0'.repeat(20)}` });
  expect(await text({ session_id: ada.session_id })).toBe(missing);
  expect(await text({ device_key: ada.device_key.public_key })).toBe(missing);
  expect(await text({ device_key: '0'.repeat(64) })).toBe(missing);
});
