import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { MAX_ACCOUNT_KEYS } from '@berth/shared/accounts/schemas';
import { keyLinkText } from '@berth/shared/signing/delegation';
import { CLOCK_SKEW_MS, isoAt } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import {
  makePerson,
  makeTestKey,
  onNewDevice,
  renew,
  signIn,
  signUp,
  type Client,
  type TestKey,
} from '../../../test/people.ts';
import { listKeyEvents } from './index.ts';

let t: TestApp;
let ada: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
});
afterAll(() => t.close());

interface LinkOptions {
  by?: TestKey;
  at?: string;
  account_id?: string;
}

/** What a client would send so that `key` joins its account. */
function linkBody(client: Client, key: TestKey, options: LinkOptions = {}) {
  const { by = client.account_key, at = t.clock.now(), account_id = client.account.id } = options;
  const link = { account_id, key: key.public_key, by: by.public_key, at };
  const text = keyLinkText(link);
  return { label: 'Spare', link, signature: by.sign(text), key_signature: key.sign(text) };
}

const codeOf = async (client: Client, body: ReturnType<typeof linkBody>): Promise<string> =>
  (await client.refused(accounts.addKey, { body })).code;

describe('a further account key', () => {
  test('joins by two signatures, signs in, and its link is kept as evidence', async () => {
    const spare = makePerson();
    const body = linkBody(ada, spare.account_key);
    const view = await ada.ask(accounts.addKey, { body });
    expect(view).toMatchObject({ key: spare.account_key.public_key, label: 'Spare' });
    expect((await ada.ask(accounts.profile, {})).keys).toContainEqual(view);
    const { account } = await signIn(t, spare);
    expect(account).toEqual(ada.account);
    const { label: _, link: said, ...signatures } = body;
    const [, ...joined] = await listKeyEvents(t.deps.db, [ada.account.id]);
    expect(joined).toEqual([{ kind: 'link', said, ...signatures }]);
  });

  test('is refused without the signature of each of the two keys', async () => {
    const [key, eve] = [makeTestKey(), makeTestKey()];
    const body = linkBody(ada, key);
    const forged = eve.sign(keyLinkText(body.link));
    expect(await codeOf(ada, { ...body, signature: forged })).toBe('signature.invalid');
    expect(await codeOf(ada, { ...body, key_signature: forged })).toBe('signature.invalid');
    expect(await codeOf(ada, linkBody(ada, key, { by: eve }))).toBe('signature.invalid');
    const { device_key } = ada;
    expect(await codeOf(ada, linkBody(ada, key, { by: device_key }))).toBe('signature.invalid');
  });

  test('is refused with a link that was signed for another account', async () => {
    const eve = await signUp(t, 'eve');
    const stolen = linkBody(ada, makeTestKey());
    expect(await codeOf(eve, stolen)).toBe('signature.invalid');
    const foreign = linkBody(eve, makeTestKey(), { account_id: ada.account.id });
    expect(await codeOf(eve, foreign)).toBe('signature.invalid');
  });

  test.each([CLOCK_SKEW_MS + 1, -CLOCK_SKEW_MS - 1])(
    'is refused by a clock that is %i ms off, and told the time',
    async (skew_ms) => {
      const at = isoAt(t.clock.nowMs() + skew_ms);
      const body = linkBody(ada, makeTestKey(), { at });
      expect(await ada.refused(accounts.addKey, { body })).toMatchObject({
        code: 'statement.clock',
        now: t.clock.now(),
      });
    },
  );

  test('that belongs to another account is refused', async () => {
    const bob = await signUp(t, 'bob');
    expect(await codeOf(ada, linkBody(ada, bob.account_key))).toBe('account.key_taken');
  });

  test('is refused beyond ten, also when they come at once', async () => {
    const carol = await signUp(t, 'carol');
    const replies = await Promise.all(
      Array.from({ length: MAX_ACCOUNT_KEYS + 2 }, () =>
        carol.send(accounts.addKey, { body: linkBody(carol, makeTestKey()) }),
      ),
    );
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.map((reply) => reply.problem().code)).toEqual(
      Array.from({ length: 3 }, () => 'account.too_many'),
    );
    expect((await carol.ask(accounts.profile, {})).keys).toHaveLength(MAX_ACCOUNT_KEYS);
  });
});

describe('an account key that is removed', () => {
  test('is out at once with its devices, never comes back, and its link stays', async () => {
    const dan = await signUp(t, 'dan');
    const spare = makePerson();
    await dan.ask(accounts.addKey, { body: linkBody(dan, spare.account_key) });
    const other = await signIn(t, onNewDevice(spare));
    const key = spare.account_key.public_key;
    await dan.ask(accounts.removeKey, { params: { key } });
    expect((await other.refused(accounts.me, {})).code).toBe('delegation.revoked');
    await expect(renew(other)).rejects.toMatchObject({ problem: { code: 'delegation.revoked' } });
    await expect(signIn(t, spare)).rejects.toMatchObject({
      problem: { code: 'account.not_found' },
    });
    expect(await codeOf(dan, linkBody(dan, spare.account_key))).toBe('account.key_taken');
    const byRemoved = linkBody(dan, makeTestKey(), { by: spare.account_key });
    expect(await codeOf(dan, byRemoved)).toBe('signature.invalid');
    expect(await listKeyEvents(t.deps.db, [dan.account.id])).toHaveLength(2);
    expect((await dan.ask(accounts.me, {})).account.handle).toBe('dan');
  });

  test('may be the one this session stands on, which ends with it', async () => {
    const fay = await signUp(t, 'fay');
    const spare = makePerson();
    await fay.ask(accounts.addKey, { body: linkBody(fay, spare.account_key) });
    const { key } = fay.account;
    expect((await fay.send(accounts.removeKey, { params: { key } })).status).toBe(204);
    expect((await fay.refused(accounts.me, {})).code).toBe('delegation.revoked');
    const { account } = await signIn(t, spare);
    expect(account).toMatchObject({ id: fay.account.id, key: spare.account_key.public_key });
  });

  test('is never the last one, also when two are removed at once', async () => {
    const gil = await signUp(t, 'gil');
    const { key } = gil.account;
    expect((await gil.refused(accounts.removeKey, { params: { key } })).code).toBe(
      'account.last_key',
    );
    const spare = makeTestKey();
    await gil.ask(accounts.addKey, { body: linkBody(gil, spare) });
    const replies = await Promise.all(
      [spare.public_key, key].map((one) => gil.send(accounts.removeKey, { params: { key: one } })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
    const left = await t.deps.db
      .selectFrom('account_keys')
      .where('account_id', '=', gil.account.id)
      .where('removed_at', 'is', null)
      .select('key')
      .execute();
    expect(left).toHaveLength(1);
  });

  test('of a stranger and a missing one answer the same bytes', async () => {
    const hal = await signUp(t, 'hal');
    const stranger = await hal.send(accounts.removeKey, { params: { key: ada.account.key } });
    const missing = await hal.send(accounts.removeKey, { params: { key: 'ab'.repeat(32) } });
    expect(missing.status).toBe(404);
    expect(stranger.text).toBe(missing.text);
  });
});
