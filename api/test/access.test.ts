/** Every endpoint x who asks: the access that the endpoint declares is the access it has. */
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  permissionOfSide,
  permissions,
  permissionsFor,
  permissionsOf,
  roleHas,
  scopes,
  tokenPermissions,
  type Permission,
  type Role,
  type Scope,
} from '@berth/shared/access';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { DAY_MS } from '@berth/shared/time';
import { adminsAlone, agreed, given, givenToTokens, notByTokens } from './agreed.ts';
import { makeTestApp, type TestApp } from './harness.ts';
import { signIn, onNewDevice, signUp, type Client } from './people.ts';
import { listOffering, rentalIn } from './rental.ts';

let t: TestApp;
let admin: Client;
let owner: Client;
let stranger: Client;
let ids: Record<string, string>;

beforeAll(async () => {
  t = await makeTestApp();
  owner = await signUp(t, 'harbour');
  admin = await signUp(t, 'harbourmaster');
  await t.deps.write(({ tx }) =>
    tx.updateTable('accounts').set({ is_admin: 1 }).where('id', '=', admin.account.id).execute(),
  );
  stranger = await signUp(t, 'stranger');
  const renter = await signUp(t, 'sailor');
  const offering = await listOffering(owner);
  const hidden = await listOffering(owner, { visibility: 'private', title: 'Hidden' });
  const contact = { kind: 'email' as const, value: 'a@example.org' };
  ids = {
    offering_id: hidden.id,
    contract_id: await rentalIn('pending', { renter, provider: owner, offering }),
    contact_id: (await owner.ask(endpoints.accounts.addContact, { body: contact })).id,
    ssh_key_id: makeId('ssh_key'),
    hold_id: makeId('hold'),
    saved_search_id: (
      await owner.ask(endpoints.saved.saveSearch, {
        body: { name: 'Mine', q: '', sort: 'best', hours: 720, weights: '', tells: false },
      })
    ).id,
    mapping_id: (
      await owner.ask(endpoints.offerings.createMapping, {
        body: { name: 'Mine', mapping: { rows_at: '', columns: {} } },
      })
    ).id,
    change_id: (
      await owner.ask(endpoints.offerings.bulk, {
        body: {
          offerings: [{ offering_id: hidden.id, version: hidden.version }],
          change: { type: 'stock_add', by: 1 },
        },
      })
    ).change_id,
    session_id: owner.session_id,
    delegation_id: owner.delegation_id ?? '',
    key: owner.account.key,
    handle: 'nobody-has-this',
    webhook_id: (
      await owner.ask(endpoints.webhooks.create, {
        body: { url: 'https://example.org/', description: '', types: ['notice.made'] },
      })
    ).webhook.id,
    delivery_id: makeId('delivery'),
    token_id: (await makeToken(owner, ['account.read'])).token.id,
    block_offset: '8388608',
    entry: '0',
  };
});

/** An API token of what these permissions say. */
const makeToken = (client: Client, permissions: readonly Permission[]) =>
  client.ask(endpoints.tokens.create, {
    body: { name: 'A program', permissions: [...permissions], days: 1 },
  });

const tokenHeaders = async (client: Client, permissions: readonly Permission[]) => ({
  authorization: `Bearer ${(await makeToken(client, permissions)).secret}`,
});

afterAll(() => t.close());

/** Status and code of a refusal; of what is given only the status, as a stream has no end. */
async function verdictOf(
  one: (typeof allEndpoints)[number],
  headers: Record<string, string>,
): Promise<[status: number, code: string | null]> {
  const answer = await t.app.inject({ ...requestOf(one, headers), payloadAsStream: true });
  const body = answer.stream();
  if (answer.statusCode >= 400) return [answer.statusCode, codeIn(await text(body))];
  body.destroy();
  return [answer.statusCode, null];
}

const codeIn = (body: string): string => (JSON.parse(body) as { code: string }).code;

const addressFor = (path: string): string =>
  `/api/v1${path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '')}`;

const requestOf = (one: (typeof allEndpoints)[number], headers: Record<string, string>) => ({
  method: one.method,
  url: addressFor(one.path),
  headers: { 'idempotency-key': 'k', ...headers },
  ...(one.method === 'GET' || one.method === 'DELETE' ? {} : { payload: {} }),
});

const ask = (one: (typeof allEndpoints)[number], headers: Record<string, string>) =>
  t.app.inject(requestOf(one, headers));

test('every endpoint stands in the agreed table with the access it declares', () => {
  expect(Object.fromEntries(allEndpoints.map(({ name, access }) => [name, access]))).toEqual(
    agreed,
  );
});

test('each scope gives the agreed permissions, and only an admin has those of admins', () => {
  for (const scope of scopes) {
    const all = [...permissionsOf('admin', [scope])];
    expect(all.sort()).toEqual([...given[scope]].sort());
    expect([...permissionsOf('owner', [scope])].sort()).toEqual(
      all.filter((one) => !adminsAlone.includes(one)),
    );
  }
  expect(Object.values(given).flat().sort()).toEqual([...permissions].sort());
});

test('tokens can be given the agreed permissions, and not what signs or needs a session', () => {
  expect([...tokenPermissions].sort()).toEqual([...givenToTokens].sort());
  const needy = allEndpoints.filter(({ needs }) => needs !== undefined);
  expect(Object.fromEntries(needy.map(({ name, needs }) => [name, needs]))).toEqual(notByTokens);
});

test('a contract is moved by a side whose permission its endpoint names', () => {
  expect(endpoints.contracts.move.access).toEqual(Object.values(permissionOfSide));
});

/** Every kind of actor: a role, and a device with one scope or with all. */
const kinds: { role: Role; scopes: readonly Scope[] }[] = (['owner', 'admin'] as const).flatMap(
  (role) => [...scopes.map((scope) => ({ role, scopes: [scope] })), { role, scopes }],
);

const guarded = allEndpoints.filter(({ access }) => access !== 'anyone');

describe.each(guarded.map((one) => ({ one, name: one.name })))('$name', ({ one }) => {
  test('answers 401 without a session, with a broken one and with one that has ended', async () => {
    const none = await ask(one, {});
    expect([none.statusCode, none.json<{ code: string }>().code]).toEqual([401, 'session.missing']);
    const broken = await ask(one, { authorization: `Bearer ${owner.token ?? ''}x` });
    expect(broken.statusCode).toBe(401);
    const short = await signIn(t, onNewDevice(owner));
    await short.ask(endpoints.accounts.signOut, {});
    expect((await ask(one, short.headers)).json<{ code: string }>().code).toBe('session.expired');
  });

  test.each(kinds)('is for $role by $scopes what the table says', async ({ role, scopes }) => {
    const whose = role === 'admin' ? admin : owner;
    const device = await signIn(t, onNewDevice(whose), { scopes: [...scopes] });
    const verdict = await verdictOf(one, device.headers);
    const enough = permissionsFor(one.access);
    if (enough.some((name) => permissionsOf(role, scopes).has(name))) {
      expect([401, 403]).not.toContain(verdict[0]);
    } else if (enough.some((name) => roleHas(role, name))) {
      expect(verdict).toEqual([403, 'session.scope']);
    } else {
      expect(verdict).toEqual([404, 'request.not_found']);
    }
  });

  test('is for an API token with all permissions, of an admin too, what the table says', async () => {
    const verdict = await verdictOf(one, everyToken);
    const enough = permissionsFor(one.access);
    if (!enough.some((name) => roleHas('owner', name))) {
      expect(verdict).toEqual([404, 'request.not_found']);
    } else if (!enough.some((name) => givenToTokens.includes(name))) {
      expect(verdict).toEqual([403, 'token.permission']);
    } else if (one.name in notByTokens) {
      expect(verdict).toEqual([403, 'token.refused']);
    } else {
      expect([401, 403]).not.toContain(verdict[0]);
    }
  });

  test('refuses an API token that was given all else', async () => {
    const enough = permissionsFor(one.access);
    if (!enough.some((name) => roleHas('owner', name)) || one.name === 'tokens.current') return;
    const verdict = await verdictOf(one, tokenWithout.get(enough.join()) ?? narrowToken);
    expect(verdict).toEqual([403, 'token.permission']);
  });

  test('takes a cookie for a change only from its own site', async () => {
    if (one.method === 'GET') return;
    const browser = await signIn(t, onNewDevice(admin), { transport: 'cookie' });
    const foreign = await ask(one, {
      cookie: browser.cookie ?? '',
      origin: 'https://evil.example',
    });
    expect(foreign.json<{ code: string }>().code).toBe('origin.foreign');
  });
});

/** A token that an admin gave all there is, one of notices alone, and those without some. */
let everyToken: Record<string, string>;
let narrowToken: Record<string, string>;
const tokenWithout = new Map<string, Record<string, string>>();

beforeAll(async () => {
  everyToken = await tokenHeaders(admin, givenToTokens);
  narrowToken = await tokenHeaders(owner, ['notices.read']);
  for (const { access } of guarded) {
    const enough = permissionsFor(access);
    if (tokenWithout.has(enough.join()) || !enough.some((one) => givenToTokens.includes(one))) {
      continue;
    }
    const rest = givenToTokens.filter((one) => !enough.includes(one));
    if (rest.length === 0) continue;
    tokenWithout.set(enough.join(), await tokenHeaders(owner, rest));
  }
});

const named = guarded.filter(({ path }) => path.includes(':'));

test.each(named.map((one) => ({ one, name: one.name })))(
  '$name hides from a stranger what is another’s, byte for byte as if it were not there',
  async ({ one }) => {
    const theirs = await ask(one, stranger.headers);
    const kept = ids;
    ids = { ...ids, ...nowhere };
    const missing = await ask(one, stranger.headers);
    ids = kept;
    // A body that is refused before the look-up is refused alike for both.
    expect([404, 422]).toContain(theirs.statusCode);
    expect(theirs.statusCode).toBe(missing.statusCode);
    if (theirs.statusCode === 404) expect(theirs.payload).toBe(missing.payload);
  },
);

test.each(named.map((one) => ({ one, name: one.name })))(
  '$name hides from a token of another what is not its account’s',
  async ({ one }) => {
    const headers = await strangersToken();
    const [status] = await verdictOf(one, headers);
    expect([403, 404, 422]).toContain(status);
  },
);

let ofStranger: Promise<Record<string, string>> | undefined;
const strangersToken = () => (ofStranger ??= tokenHeaders(stranger, givenToTokens));

const nowhere = {
  offering_id: makeId('offering'),
  contract_id: '0'.repeat(64),
  contact_id: makeId('contact'),
  hold_id: makeId('hold'),
  change_id: makeId('bulk_change'),
  token_id: makeId('token'),
  webhook_id: makeId('webhook'),
  mapping_id: makeId('import_mapping'),
  saved_search_id: makeId('saved_search'),
  session_id: makeId('session'),
  delegation_id: '0'.repeat(64),
  key: '1'.repeat(64),
};

test('a session ends by itself when its time is over', async () => {
  const short = await signIn(t, onNewDevice(owner));
  t.clock.advance(DAY_MS);
  expect((await short.refused(endpoints.accounts.me, {})).code).toBe('session.expired');
});
