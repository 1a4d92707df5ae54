import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { principalOf } from '@berth/shared/signing/principal';
import { makePhrase } from '@berth/shared/signing/phrase';
import { makeLog } from '../../deps.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import {
  delegate,
  getChallenge,
  makePerson,
  onNewDevice,
  renew,
  send,
  signIn,
  signUp,
  type Person,
} from '../../../test/people.ts';

let t: TestApp;

beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

/** What a client would send to sign up, to be bent by a test. */
async function signUpBody(handle: string, person: Person = makePerson()) {
  const { account_key, encryption_key } = person;
  const { nonce, text, origin } = await getChallenge(t, account_key.public_key);
  return {
    handle,
    key: account_key.public_key,
    nonce,
    signature: account_key.sign(text),
    encryption: {
      public_key: encryption_key,
      signature: account_key.sign(encryptionKeyText(encryption_key)),
    },
    delegation: delegate(person, { audience: origin, issued_at: t.clock.now() }),
    transport: 'bearer' as const,
  };
}

const sendSignUp = (body: Awaited<ReturnType<typeof signUpBody>>) =>
  send(t, accounts.signUp, { body });

const countRows = async () => {
  const count = async (table: 'accounts' | 'account_keys' | 'delegations') =>
    (
      await t.deps.db
        .selectFrom(table)
        .select(sql<number>`1`.as('one'))
        .execute()
    ).length;
  return [await count('accounts'), await count('account_keys'), await count('delegations')];
};

describe('signing up', () => {
  test('makes an account with its key, principal and encryption key, and signs in', async () => {
    const person = makePerson(makePhrase());
    const ada = await signUp(t, 'ada', { person, display_name: 'Ada Lovelace' });
    const { public_key: key } = person.account_key;
    expect(ada.account).toEqual({
      id: expect.stringMatching(/^acc_/) as string,
      handle: 'ada',
      display_name: 'Ada Lovelace',
      about: '',
      key,
      principal: principalOf(key),
      encryption_key: person.encryption_key,
      created_at: t.clock.now(),
    });
    expect(await ada.ask(accounts.me, {})).toEqual({
      account: ada.account,
      session: {
        id: ada.session_id,
        expires_at: expect.any(String) as string,
        scopes: ['read', 'rent', 'provide', 'account'],
        key,
      },
      unread_notices: 0,
      is_provider: false,
      is_admin: false,
    });
  });

  test('takes a handle in any case, which is then its name too', async () => {
    const body = await signUpBody('  Grace-Hopper ');
    const { account } = (await sendSignUp(body)).answer();
    expect(account).toMatchObject({ handle: 'grace-hopper', display_name: 'grace-hopper' });
  });

  test.each(['admin', 'api', 'berth', 'support', 'Security'])(
    'does not give away the handle %s',
    async (handle) => {
      const reply = await sendSignUp(await signUpBody(handle));
      expect(reply.problem().code).toBe('account.handle_taken');
      const params = { handle };
      const { available } = (await send(t, accounts.checkHandle, { params })).answer();
      expect(available).toBe(false);
    },
  );

  test('gives a handle to one of many who ask at once, and keeps nothing else', async () => {
    const [accountsBefore = 0, keysBefore = 0, delegationsBefore = 0] = await countRows();
    const bodies = await Promise.all(Array.from({ length: 10 }, () => signUpBody('popular')));
    const replies = await Promise.all(bodies.map(sendSignUp));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect(reply.problem().code).toBe('account.handle_taken');
    }
    const after = [accountsBefore + 1, keysBefore + 1, delegationsBefore + 1];
    expect(await countRows()).toEqual(after);
  });

  test('lets the same challenge try another handle when the first is taken', async () => {
    const body = await signUpBody('ada');
    expect((await sendSignUp(body)).problem().code).toBe('account.handle_taken');
    expect((await sendSignUp({ ...body, handle: 'ada-2' })).status).toBe(200);
  });

  test('is once for each key', async () => {
    const person = makePerson();
    await signUp(t, 'first', { person });
    const reply = await sendSignUp(await signUpBody('second', person));
    expect(reply.problem().code).toBe('account.key_taken');
    const params = { handle: 'second' };
    const { available } = (await send(t, accounts.checkHandle, { params })).answer();
    expect(available).toBe(true);
  });

  test('takes no encryption key that the account key did not publish', async () => {
    const body = await signUpBody('carol');
    const other = makePerson();
    const swapped = { ...body.encryption, public_key: other.encryption_key };
    const reply = await sendSignUp({ ...body, encryption: swapped });
    expect(reply.problem().code).toBe('signature.invalid');
  });

  test.each(['0'.repeat(64), `01${'0'.repeat(62)}`])(
    'takes no encryption key that nothing can be sealed to: %s',
    async (public_key) => {
      const person = makePerson();
      const body = await signUpBody('carol', person);
      const signature = person.account_key.sign(encryptionKeyText(public_key));
      const reply = await sendSignUp({ ...body, encryption: { public_key, signature } });
      expect(reply.problem()).toMatchObject({
        code: 'request.invalid',
        errors: [{ pointer: '/encryption/public_key' }],
      });
    },
  );

  test('refuses a delegation by another key than the one that signs up', async () => {
    const body = await signUpBody('carol');
    const { delegation } = await signUpBody('carol');
    expect((await sendSignUp({ ...body, delegation })).problem().code).toBe('delegation.invalid');
  });

  test.each([
    ['a', '/handle'],
    ['-ada', '/handle'],
    ['a--b', '/handle'],
    ['ada lovelace', '/handle'],
    ['ä-ö-ü', '/handle'],
    ['x'.repeat(33), '/handle'],
  ])('refuses the handle %s and says which field', async (handle, pointer) => {
    const reply = await sendSignUp(await signUpBody(handle));
    expect(reply.problem()).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });
});

describe('signing in', () => {
  test('with the phrase on another device reaches the same account', async () => {
    const phrase = makePhrase();
    const { account } = await signUp(t, 'traveller', { person: makePerson(phrase) });
    const typed = `  ${phrase.toUpperCase().replaceAll(' ', '   ')} `;
    const elsewhere = await signIn(t, onNewDevice(makePerson(typed)));
    expect(elsewhere.account).toEqual(account);
  });

  test('with a key that nobody has says so only to who holds that key', async () => {
    const nobody = makePerson();
    await expect(signIn(t, nobody)).rejects.toMatchObject({
      problem: { code: 'account.not_found', status: 404 },
    });
    const { nonce } = await getChallenge(t, nobody.account_key.public_key);
    const key = nobody.account_key.public_key;
    const signature = makePerson().account_key.sign('anything');
    const body = { key, nonce, signature, transport: 'bearer' as const };
    const reply = await send(t, accounts.signIn, { body });
    expect(reply.problem().code).toBe('signature.invalid');
  });
});

test('no secret is written to the log, and none but public keys to the database', async () => {
  const lines: string[] = [];
  const log = makeLog('trace', { write: (line) => lines.push(line) });
  const own = await makeTestApp({ log });
  const phrase = makePhrase();
  const person = makePerson(phrase);
  const agent = await signUp(own, 'secretive', { person });
  const browser = await signIn(own, onNewDevice(person), { transport: 'cookie' });
  const next = await renew(agent);
  await browser.ask(accounts.profile, {});
  await browser.refused(accounts.me, {}, { headers: { cookie: `${browser.cookie ?? ''}x` } });
  await next.send(accounts.signOut, {});
  const tables = ['accounts', 'account_keys', 'delegations', 'challenges', 'sessions'] as const;
  const more = ['idempotency_keys', 'outbox'] as const;
  const rows: unknown[] = [];
  for (const table of [...tables, ...more]) {
    rows.push(await own.deps.db.selectFrom(table).selectAll().execute());
  }
  const kept = JSON.stringify(rows);
  await own.close();
  const log_text = lines.join('');
  expect(lines.length).toBeGreaterThan(5);
  expect(kept).toContain(person.account_key.public_key);
  const secrets = {
    phrase,
    words: phrase.split(' ').slice(0, 3).join(' '),
    account: person.account_key.secret,
    device: person.device_key.secret,
    other: browser.device_key.secret,
    bearer: agent.token ?? '',
    renewed: next.token ?? '',
    cookie: (browser.cookie ?? '').split('=')[1] ?? '',
  };
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(8);
    expect(log_text.includes(secret), `${name} in the log`).toBe(false);
    expect(kept.includes(secret), `${name} in the database`).toBe(false);
  }
});
