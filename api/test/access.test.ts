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
  type Access,
  type Permission,
  type Role,
  type Scope,
} from '@berth/shared/access';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { DAY_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from './harness.ts';
import { signIn, onNewDevice, signUp, type Client } from './people.ts';
import { listOffering, rentalIn } from './rental.ts';

/**
 * The agreed table, written out by hand, so that a slip in an endpoint's definition is seen.
 * What is not listed here fails the first test below.
 */
const agreed: Record<string, Access> = {
  'platform.live': 'anyone',
  'rates.show': 'anyone',
  'platform.ready': 'anyone',
  'platform.openapi': 'anyone',
  'platform.about': 'anyone',
  'platform.demo': 'anyone',
  'platform.keys': 'anyone',
  'accounts.challenge': 'anyone',
  'accounts.checkHandle': 'anyone',
  'accounts.signUp': 'anyone',
  'accounts.signIn': 'anyone',
  'accounts.signOut': 'account.read',
  'accounts.me': 'account.read',
  'accounts.profile': 'account.read',
  'accounts.changeProfile': 'account.write',
  'accounts.addContact': 'account.write',
  'accounts.removeContact': 'account.write',
  'accounts.addSshKey': 'account.write',
  'accounts.removeSshKey': 'account.write',
  'accounts.addKey': 'account.keys',
  'accounts.removeKey': 'account.keys',
  'accounts.restoreKey': 'anyone',
  'accounts.keyEvents': 'account.keys',
  'accounts.publishEncryptionKey': 'account.keys',
  'accounts.revokeDevice': ['account.read', 'account.keys'],
  'accounts.endSession': 'account.keys',
  'accounts.provider': 'anyone',
  'market.search': 'anyone',
  'market.facets': 'anyone',
  'market.completions': 'anyone',
  'market.featured': 'anyone',
  'market.compare': 'anyone',
  'market.position': 'anyone',
  'ledger.billing': 'billing.read',
  'ledger.postings': 'billing.read',
  'ledger.contract': 'contracts.read',
  'ledger.trial': 'admin.money',
  'ledger.entries': 'admin.money',
  'ledger.journal': 'admin.money',
  'ledger.transfer': 'admin.money',
  'offerings.get': 'anyone',
  'offerings.hold': 'contracts.rent',
  'offerings.releaseHold': 'contracts.rent',
  'offerings.listOwn': 'offerings.read',
  'offerings.getOwn': 'offerings.read',
  'offerings.statistics': 'offerings.read',
  'offerings.history': 'offerings.read',
  'offerings.create': 'offerings.write',
  'offerings.change': 'offerings.write',
  'offerings.duplicate': 'offerings.write',
  'offerings.move': 'offerings.write',
  'offerings.setAutoAccept': 'offerings.write',
  'offerings.removeAutoAccept': 'offerings.write',
  'offerings.previewBulk': 'offerings.write',
  'offerings.bulk': 'offerings.write',
  'offerings.listBulk': 'offerings.read',
  'offerings.undoBulk': 'offerings.write',
  'offerings.saveRows': 'offerings.write',
  'offerings.previewImport': 'offerings.write',
  'offerings.import': 'offerings.write',
  'offerings.suggestMapping': 'offerings.write',
  'offerings.listMappings': 'offerings.read',
  'offerings.createMapping': 'offerings.write',
  'offerings.changeMapping': 'offerings.write',
  'offerings.removeMapping': 'offerings.write',
  'offerings.export': 'offerings.read',
  'contracts.request': 'contracts.rent',
  'contracts.move': ['contracts.rent', 'contracts.provide'],
  'contracts.list': 'contracts.read',
  'contracts.askers': 'contracts.read',
  'contracts.get': 'contracts.read',
  'contracts.entries': 'contracts.read',
  'contracts.details': 'contracts.read',
  'contracts.evidence': 'contracts.read',
  'contracts.recipient': 'contracts.read',
  'contracts.dashboard': 'contracts.read',
  'contracts.providerDays': 'contracts.read',
  'blocks.list': 'contracts.read',
  'blocks.block': 'contracts.provide',
  'blocks.unblock': 'contracts.provide',
  'icp.provider': 'anyone',
  'icp.sync': 'admin.icp',
  'icp.entries': 'admin.icp',
  'icp.entry': 'admin.icp',
  'icp.run': 'admin.icp',
  'admin.log': 'admin.log',
  'admin.work': 'admin.work',
  'admin.runAgain': 'admin.work',
  'saved.listOfferings': 'saved.read',
  'saved.listOfferingIds': 'saved.read',
  'saved.saveOffering': 'saved.write',
  'saved.removeOffering': 'saved.write',
  'saved.listSearches': 'saved.read',
  'saved.saveSearch': 'saved.write',
  'saved.changeSearch': 'saved.write',
  'saved.removeSearch': 'saved.write',
  'notices.list': 'notices.read',
  'notices.read': 'notices.read',
  'notices.stream': 'notices.read',
  'notices.publicStream': 'anyone',
};

/** Old evidence and every device's leave have these scopes: what each gives is written out here. */
const given: Record<Scope, readonly Permission[]> = {
  read: [
    'account.read',
    'billing.read',
    'contracts.read',
    'offerings.read',
    'saved.read',
    'notices.read',
  ],
  rent: ['contracts.rent', 'saved.write'],
  provide: ['contracts.provide', 'offerings.write'],
  account: ['account.write', 'account.keys', 'admin.icp', 'admin.log', 'admin.money', 'admin.work'],
};
const adminsAlone: readonly Permission[] = ['admin.icp', 'admin.log', 'admin.money', 'admin.work'];

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
    block_offset: '8388608',
    entry: '0',
  };
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

const nowhere = {
  offering_id: makeId('offering'),
  contract_id: '0'.repeat(64),
  contact_id: makeId('contact'),
  hold_id: makeId('hold'),
  change_id: makeId('bulk_change'),
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
