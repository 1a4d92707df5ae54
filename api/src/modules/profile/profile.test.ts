import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { contactKinds, contactRules } from '@berth/shared/accounts/contacts';
import { MAX_CONTACTS, MAX_SSH_KEYS } from '@berth/shared/accounts/schemas';
import { makeSshKeyPair } from '@berth/shared/ssh-key';
import { DAY_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { send, signUp, type Client } from '../../../test/people.ts';
import { listOffering, move, rentalIn } from '../../../test/rental.ts';

let t: TestApp;
let ada: Client;
let eve: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  eve = await signUp(t, 'eve');
});
afterAll(() => t.close());

describe('the profile', () => {
  test('changes name and words, and says the next version', async () => {
    const body = { version: 1, display_name: 'Ada', about: 'Engines.\nAnalytical ones.' };
    const changed = await ada.ask(accounts.changeProfile, { body });
    expect(changed).toMatchObject({
      version: 2,
      account: { display_name: 'Ada', about: body.about },
    });
    expect(await ada.ask(accounts.profile, {})).toEqual(changed);
  });

  test('keeps one of many changes made on the same version, and tells the others', async () => {
    const { version } = await ada.ask(accounts.profile, {});
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ada.send(accounts.changeProfile, {
          body: { version, display_name: `Ada ${n}`, about: '' },
        }),
      ),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status !== 200);
    for (const reply of refused) {
      expect(reply.problem()).toMatchObject({ code: 'account.moved', version: version + 1 });
    }
    expect((await ada.ask(accounts.profile, {})).version).toBe(version + 1);
  });

  test.each([
    [{ version: 1, display_name: '', about: '' }, '/display_name'],
    [{ version: 1, display_name: 'x'.repeat(61), about: '' }, '/display_name'],
    [{ version: 1, display_name: 'a\nb', about: '' }, '/display_name'],
    [{ version: 1, display_name: 'Ada', about: 'x'.repeat(501) }, '/about'],
  ])('refuses %j and says which field', async (body, pointer) => {
    const problem = await ada.refused(accounts.changeProfile, { body });
    expect(problem).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  test('is for who is signed in', async () => {
    const reply = await send(t, accounts.profile, {});
    expect(reply.problem().code).toBe('session.missing');
  });
});

describe('contacts', () => {
  test('of each kind are kept, listed and removed', async () => {
    for (const kind of contactKinds) {
      const body = { kind, value: contactRules[kind].example };
      const contact = await ada.ask(accounts.addContact, { body });
      expect((await ada.ask(accounts.profile, {})).contacts).toContainEqual(contact);
      await ada.ask(accounts.removeContact, { params: { contact_id: contact.id } });
    }
    expect((await ada.ask(accounts.profile, {})).contacts).toEqual([]);
  });

  test('of a wrong form are refused with an example', async () => {
    const body = { kind: 'phone' as const, value: '020 123' };
    expect(await ada.refused(accounts.addContact, { body })).toMatchObject({
      code: 'request.invalid',
      errors: [{ pointer: '/value', message: contactRules.phone.message }],
    });
  });

  test('that are there already are answered as they are', async () => {
    const body = { kind: 'email' as const, value: 'eve@example.org' };
    const first = await eve.ask(accounts.addContact, { body });
    expect(await eve.ask(accounts.addContact, { body })).toEqual(first);
  });

  test('never number more than allowed, also when they come at once', async () => {
    const bob = await signUp(t, 'bob');
    const replies = await Promise.all(
      Array.from({ length: MAX_CONTACTS + 5 }, (_, n) =>
        bob.send(accounts.addContact, { body: { kind: 'email', value: `b${n}@example.org` } }),
      ),
    );
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.map((reply) => reply.problem().code)).toEqual(
      Array.from({ length: 5 }, () => 'account.too_many'),
    );
    expect((await bob.ask(accounts.profile, {})).contacts).toHaveLength(MAX_CONTACTS);
  });
});

describe('SSH keys', () => {
  test('are written anew without a comment, with ssh-keygen’s fingerprint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
    const file = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada@home', '-f', file]);
    const text = readFileSync(`${file}.pub`, 'utf8');
    const printed = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    const body = { label: 'Laptop', public_key: `  ${text}` };
    const key = await ada.ask(accounts.addSshKey, { body });
    expect(key.public_key).toBe(text.split(' ').slice(0, 2).join(' '));
    expect(printed.split(' ')[1]).toBe(key.fingerprint);
    expect((await ada.ask(accounts.profile, {})).ssh_keys).toEqual([key]);
    const again = { label: 'Once more', public_key: text };
    expect(await ada.refused(accounts.addSshKey, { body: again })).toMatchObject({
      code: 'ssh_key.taken',
      detail: 'It is there as "Laptop".',
    });
    await ada.ask(accounts.removeSshKey, { params: { ssh_key_id: key.id } });
    expect((await ada.ask(accounts.profile, {})).ssh_keys).toEqual([]);
  });

  test('that cannot be read are refused with a sentence for their field', async () => {
    const body = { label: 'Oops', public_key: '-----BEGIN OPENSSH PRIVATE KEY-----' };
    const problem = await ada.refused(accounts.addSshKey, { body });
    expect(problem).toMatchObject({
      code: 'ssh_key.invalid',
      errors: [{ pointer: '/public_key', message: problem.detail }],
    });
    expect(problem.detail).toContain('private half');
  });

  test('never number more than allowed, also when they come at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: MAX_SSH_KEYS + 3 }, (_, n) => {
        const { public_key } = makeSshKeyPair('').key;
        return eve.send(accounts.addSshKey, { body: { label: `Key ${n}`, public_key } });
      }),
    );
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.map((reply) => reply.problem().code)).toEqual(
      Array.from({ length: 3 }, () => 'account.too_many'),
    );
    expect((await eve.ask(accounts.profile, {})).ssh_keys).toHaveLength(MAX_SSH_KEYS);
  });
});

test('a stranger’s contact or SSH key and a missing one answer the same bytes', async () => {
  const { contacts, ssh_keys } = await eve.ask(accounts.profile, {});
  const removal = async (contact_id: string) =>
    (await ada.send(accounts.removeContact, { params: { contact_id } })).text;
  const missing = await removal(`con_${'0'.repeat(20)}`);
  expect(JSON.parse(missing)).toMatchObject({ code: 'request.not_found', status: 404 });
  expect(await removal(contacts[0]?.id ?? '')).toBe(missing);
  for (const ssh_key_id of [ssh_keys[0]?.id ?? '', `ssh_${'0'.repeat(20)}`]) {
    const reply = await ada.send(accounts.removeSshKey, { params: { ssh_key_id } });
    expect(reply.text).toBe(missing);
  }
  expect(await eve.ask(accounts.profile, {})).toMatchObject({ contacts, ssh_keys });
});

test('the same request twice adds one contact', async () => {
  const body = { kind: 'url' as const, value: 'https://example.org/ada' };
  const once = { idempotency_key: 'the-same' };
  const first = await ada.send(accounts.addContact, { body }, once);
  const second = await ada.send(accounts.addContact, { body }, once);
  expect(second.text).toBe(first.text);
  expect(second.headers['idempotency-replayed']).toBe('true');
});

describe('a provider’s page', () => {
  const page = async (handle: string) => send(t, accounts.provider, { params: { handle } });

  test('shows anybody the account, what is listed and how its contracts ended', async () => {
    const provider = await signUp(t, 'harbour', { display_name: 'Harbour Compute' });
    const offering = await listOffering(provider, { stock: 10 });
    expect((await provider.ask(accounts.me, {})).is_provider).toBe(true);
    const parties = { renter: ada, provider, offering };
    await rentalIn('active', parties);
    await rentalIn('active', parties, { hours: 48 });
    await rentalIn('failed', parties);
    await rentalIn('rejected', parties);
    await rentalIn('cancelled', parties);
    await rentalIn('pending', parties);
    await move(provider, await rentalIn('accepted', parties), 'cancel');
    t.clock.advance(DAY_MS);
    await t.sweep();
    await t.drain();
    expect((await page('harbour')).answer()).toEqual({
      account: provider.account,
      listed_offerings: 1,
      contracts: { completed: 1, active: 1, cancelled_by_provider: 1, failed: 1, expired: 1 },
      record: { renters: 1, ended: 6, kept: 3, median_response_s: 0 },
    });
  });

  test('is missing, byte for byte, for who has never listed anything', async () => {
    const renter = await page('eve');
    expect(renter.status).toBe(404);
    expect((await page('nobody-at-all')).text).toBe(renter.text);
  });
});
