import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { MAX_ACCOUNT_KEYS } from '@berth/shared/accounts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import { keyLinkText } from '@berth/shared/signing/delegation';
import { keyEventText } from '@berth/shared/signing/key-events';
import { RESTORE_MS } from '@berth/shared/signing/key-history';
import { CLOCK_SKEW_MS, isoAt } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import {
  encryptionEvent,
  linkEvent,
  removalEvent,
  restorationEvent,
} from '../../../test/key-events.ts';
import {
  makePerson,
  makeTestKey,
  onNewDevice,
  renew,
  send,
  signIn,
  signUp,
  type Client,
  type Person,
} from '../../../test/people.ts';

let t: TestApp;
let ada: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
});
afterAll(() => t.close());

/** What a client would send so that `key` joins its account. */
const linkBody = (...given: Parameters<typeof linkEvent>) => ({
  label: 'Spare',
  event: linkEvent(...given),
});

const codeOf = async (client: Client, body: ReturnType<typeof linkBody>): Promise<string> =>
  (await client.refused(accounts.addKey, { body })).code;

/** Somebody with a first and a second phrase. */
async function twoPhrases(handle: string) {
  const first = await signUp(t, handle);
  const spare = makePerson();
  await first.ask(accounts.addKey, { body: linkBody(first, spare.account_key) });
  return { first, spare };
}

/** Removes `key` of the client's account by the signature of `by`, through this session. */
const removal = (client: Client, key: string, by: Person = client) => ({
  body: {
    event: removalEvent(client, key, by.account_key),
    encryption: encryptionEvent(client, by),
  },
});

const restore = (client: Client, key: Person) =>
  send(t, accounts.restoreKey, {
    body: {
      event: restorationEvent(client, key.account_key),
      encryption: encryptionEvent(client, key),
    },
  });

const keyOf = ({ account_key }: Person): string => account_key.public_key;

const titlesOf = async (client: Client): Promise<string[]> => {
  await t.drain();
  return (await client.ask(endpoints.notices.list, {})).items.map(({ title }) => title);
};

describe('a further account key', () => {
  test('joins by two signatures, signs in, and its link is kept as evidence', async () => {
    const spare = makePerson();
    const body = linkBody(ada, spare.account_key);
    const view = await ada.ask(accounts.addKey, { body });
    expect(view).toMatchObject({ key: spare.account_key.public_key, label: 'Spare' });
    expect((await ada.ask(accounts.profile, {})).keys).toContainEqual(view);
    const { account } = await signIn(t, spare);
    expect(account).toEqual(ada.account);
    expect((await ada.ask(accounts.keyEvents, {})).events).toEqual([
      expect.objectContaining({ kind: 'first_encryption_key', by: ada.account.key }),
      body.event,
    ]);
  });

  test('is refused without the signature of each of the two keys', async () => {
    const [key, eve] = [makeTestKey(), makeTestKey()];
    const body = linkBody(ada, key);
    const forged = eve.sign(keyLinkText(body.event.said));
    const bent = (change: object) => ({ ...body, event: { ...body.event, ...change } });
    expect(await codeOf(ada, bent({ signature: forged }))).toBe('signature.invalid');
    expect(await codeOf(ada, bent({ key_signature: forged }))).toBe('signature.invalid');
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
  test('is out at once with its devices, and its removal is kept as it was signed', async () => {
    const { first, spare } = await twoPhrases('dan');
    const other = await signIn(t, onNewDevice(spare));
    const ask = removal(first, keyOf(spare));
    await first.ask(accounts.removeKey, ask);
    expect((await other.refused(accounts.me, {})).code).toBe('delegation.revoked');
    await expect(renew(other)).rejects.toMatchObject({ problem: { code: 'delegation.revoked' } });
    t.clock.advance(1);
    expect(await codeOf(first, linkBody(first, spare.account_key))).toBe('account.key_taken');
    const byRemoved = linkBody(first, makeTestKey(), { by: spare.account_key });
    expect(await codeOf(first, byRemoved)).toBe('signature.invalid');
    const { events } = await first.ask(accounts.keyEvents, {});
    expect(events.at(-1)).toEqual(ask.body.event);
    expect(await titlesOf(first)).toContainEqual(expect.stringMatching(/“Spare” was removed/));
  });

  test('is removed by an account key alone: no device, stranger or old signature does', async () => {
    const { first, spare } = await twoPhrases('eda');
    const [key, eve] = [keyOf(spare), await signUp(t, 'eve-2')];
    const good = removalEvent(first, key);
    const at = isoAt(t.clock.nowMs() - CLOCK_SKEW_MS - 1);
    const wrong: [typeof good, string][] = [
      [removalEvent(first, key, first.device_key), 'signature.invalid'],
      [removalEvent(first, key, eve.account_key), 'signature.invalid'],
      [{ ...good, signature: first.sign(keyEventText('removal', good.said)) }, 'signature.invalid'],
      [removalEvent(first, key, first.account_key, { at }), 'statement.clock'],
      [removalEvent(eve, key, first.account_key), 'signature.invalid'],
    ];
    for (const [event, code] of wrong) {
      expect((await first.refused(accounts.removeKey, { body: { event } })).code).toBe(code);
    }
    expect((await signIn(t, onNewDevice(spare))).account.id).toBe(first.account.id);
  });

  test('may be the one this session stands on; new credentials go to who signed', async () => {
    const { first, spare } = await twoPhrases('fay');
    const { event, encryption } = removal(first, keyOf(first), spare).body;
    expect((await first.refused(accounts.removeKey, { body: { event } })).code).toBe(
      'account.key_refused',
    );
    expect((await first.send(accounts.removeKey, { body: { event, encryption } })).status).toBe(
      204,
    );
    expect((await first.refused(accounts.me, {})).code).toBe('delegation.revoked');
    const { account } = await signIn(t, spare);
    expect(account).toMatchObject({
      id: first.account.id,
      key: keyOf(spare),
      encryption_key: spare.encryption_key,
    });
  });

  test('is told so when it signs in, undoes it within 72 hours, and is then safe', async () => {
    const { first, spare } = await twoPhrases('gil');
    const thief = await signIn(t, onNewDevice(spare));
    await thief.ask(accounts.removeKey, removal(thief, keyOf(first), spare));
    t.clock.advance(RESTORE_MS - 1);
    await expect(signIn(t, onNewDevice(first))).rejects.toMatchObject({
      problem: {
        code: 'account.key_removed',
        account_id: first.account.id,
        handle: 'gil',
        returns_until: isoAt(t.clock.nowMs() + 1),
      },
    });
    expect((await restore(first, first)).status).toBe(204);
    const back = await signIn(t, onNewDevice(first));
    expect(back.account.encryption_key).toBe(first.encryption_key);
    expect(await titlesOf(back)).toContainEqual(expect.stringMatching(/is back/));
    const again = await signIn(t, onNewDevice(spare));
    const refused = await again.refused(accounts.removeKey, removal(again, keyOf(first), spare));
    expect(refused.code).toBe('account.key_refused');
    await back.ask(accounts.removeKey, removal(back, keyOf(spare)));
    expect((await again.refused(accounts.me, {})).code).toBe('delegation.revoked');
  });

  test('comes back also where a thief’s clock was as far ahead as it may be', async () => {
    const { first, spare } = await twoPhrases('ann');
    const thief = await signIn(t, onNewDevice(spare));
    const ahead = { at: isoAt(t.clock.nowMs() + CLOCK_SKEW_MS) };
    const event = removalEvent(thief, keyOf(first), spare.account_key, ahead);
    const encryption = encryptionEvent(thief, spare, ahead);
    await thief.ask(accounts.removeKey, { body: { event, encryption } });
    expect((await restore(first, first)).status).toBe(204);
    const back = await signIn(t, onNewDevice(first));
    await back.ask(accounts.removeKey, removal(back, keyOf(spare)));
    const { account } = await back.ask(accounts.me, {});
    expect(account.encryption_key).toBe(first.encryption_key);
  });

  test('does not come back after 72 hours, nor by another’s signature', async () => {
    const { first, spare } = await twoPhrases('hal');
    await first.ask(accounts.removeKey, removal(first, keyOf(spare)));
    const forged = restorationEvent(first, spare.account_key);
    const signature = first.account_key.sign(keyEventText('restoration', forged.said));
    const body = { event: { ...forged, signature } };
    expect((await send(t, accounts.restoreKey, { body })).problem().code).toBe('signature.invalid');
    t.clock.advance(RESTORE_MS + 1);
    expect((await restore(first, spare)).problem().code).toBe('account.key_refused');
    await expect(signIn(t, onNewDevice(spare))).rejects.toMatchObject({
      problem: { code: 'account.key_removed', returns_until: null },
    });
  });

  test('leaves the devices it had out when it comes back', async () => {
    const { first, spare } = await twoPhrases('ida');
    const phone = await signIn(t, onNewDevice(spare));
    await first.ask(accounts.removeKey, removal(first, keyOf(spare)));
    expect((await restore(first, spare)).status).toBe(204);
    await expect(renew(phone)).rejects.toMatchObject({ problem: { code: 'delegation.revoked' } });
  });

  test('is one of two when both remove each other at once, and the first one wins', async () => {
    const { first, spare } = await twoPhrases('jon');
    const other = await signIn(t, onNewDevice(spare));
    const replies = await Promise.all([
      first.send(accounts.removeKey, removal(first, keyOf(spare))),
      other.send(accounts.removeKey, removal(other, keyOf(first), spare)),
    ]);
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    // Whoever was faster: the first key comes back, and its second removal of the other stands.
    t.clock.advance(1);
    if (replies[0].status !== 204) expect((await restore(first, first)).status).toBe(204);
    for (const _ of ['once', 'for good']) {
      t.clock.advance(1);
      const back = await signIn(t, onNewDevice(first));
      const reply = await back.send(accounts.removeKey, removal(back, keyOf(spare)));
      expect([204, 404]).toContain(reply.status);
      t.clock.advance(1);
      await restore(first, spare);
      t.clock.advance(1);
    }
    await expect(signIn(t, onNewDevice(spare))).rejects.toMatchObject({
      problem: { code: 'account.key_removed' },
    });
    expect((await signIn(t, onNewDevice(first))).account.handle).toBe('jon');
  });

  test('is never the last one, also when two are removed at once', async () => {
    const gus = await signUp(t, 'gus');
    expect((await gus.refused(accounts.removeKey, removal(gus, keyOf(gus)))).code).toBe(
      'account.last_key',
    );
  });

  test('keeps its place among ten while it can come back', async () => {
    const kim = await signUp(t, 'kim');
    const spares = Array.from({ length: MAX_ACCOUNT_KEYS - 1 }, () => makePerson());
    for (const { account_key } of spares) {
      await kim.ask(accounts.addKey, { body: linkBody(kim, account_key) });
    }
    const [gone] = spares as [Person];
    await kim.ask(accounts.removeKey, removal(kim, keyOf(gone)));
    expect(await codeOf(kim, linkBody(kim, makeTestKey()))).toBe('account.too_many');
    expect((await kim.ask(accounts.profile, {})).keys).toContainEqual(
      expect.objectContaining({
        key: keyOf(gone),
        removed_at: t.clock.now(),
        returns_until: isoAt(t.clock.nowMs() + RESTORE_MS),
      }),
    );
    t.clock.advance(RESTORE_MS + 1);
    const back = await renew(kim);
    await back.ask(accounts.addKey, { body: linkBody(back, makeTestKey()) });
  });

  test('of a stranger and a missing one answer the same bytes', async () => {
    const hal = await signUp(t, 'hal-2');
    const stranger = await hal.send(accounts.removeKey, removal(hal, ada.account.key));
    const missing = await hal.send(accounts.removeKey, removal(hal, 'ab'.repeat(32)));
    expect(missing.status).toBe(404);
    expect(stranger.text).toBe(missing.text);
  });
});

describe('the encryption key', () => {
  test('is rotated by any of the account’s keys, and every party sees the new one', async () => {
    const { first, spare } = await twoPhrases('lea');
    const event = encryptionEvent(first, spare);
    await first.ask(accounts.publishEncryptionKey, { body: { event } });
    const { account, keys } = await first.ask(accounts.profile, {});
    expect(account.encryption_key).toBe(spare.encryption_key);
    expect(keys.filter(({ is_sealed_to }) => is_sealed_to).map(({ key }) => key)).toEqual([
      keyOf(spare),
    ]);
    expect(await titlesOf(first)).toContainEqual(expect.stringMatching(/open with .*“Spare”/));
    await first.ask(accounts.removeKey, removal(first, keyOf(spare)));
    const after = await first.ask(accounts.profile, {});
    expect(after.account.encryption_key).toBe(first.encryption_key);
  });

  test('is never published by a stranger, a device, or as one nothing can be sealed to', async () => {
    const max = await signUp(t, 'max');
    t.clock.advance(1);
    const own = encryptionEvent(max, max);
    const zero = '0'.repeat(64);
    const wrong: [typeof own, string][] = [
      [encryptionEvent(max, makePerson()), 'signature.invalid'],
      [encryptionEvent(max, { ...max, account_key: max.device_key }), 'signature.invalid'],
      [{ ...own, said: { ...own.said, encryption_key: zero } }, 'signature.invalid'],
      [encryptionEvent(max, { ...max, encryption_key: zero }), 'request.invalid'],
    ];
    for (const [event, code] of wrong) {
      const refused = await max.refused(accounts.publishEncryptionKey, { body: { event } });
      expect(refused.code).toBe(code);
    }
  });
});

test('what was signed about keys is never changed or removed', async () => {
  const events = t.deps.db.selectFrom('account_key_events').selectAll();
  const before = await events.execute();
  await expect(
    t.deps.database.write((tx) =>
      tx.updateTable('account_key_events').set({ event: '{}' }).execute(),
    ),
  ).rejects.toThrow(/append only/);
  await expect(
    t.deps.database.write((tx) => tx.deleteFrom('account_key_events').execute()),
  ).rejects.toThrow(/append only/);
  expect(await events.execute()).toEqual(before);
});
