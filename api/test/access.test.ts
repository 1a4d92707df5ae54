/** Every endpoint x who asks: the access that the endpoint declares is the access it has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes, type Access } from '@berth/shared/access';
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
  'platform.ready': 'anyone',
  'platform.openapi': 'anyone',
  'platform.about': 'anyone',
  'platform.demo': 'anyone',
  'platform.keys': 'anyone',
  'accounts.challenge': 'anyone',
  'accounts.checkHandle': 'anyone',
  'accounts.signUp': 'anyone',
  'accounts.signIn': 'anyone',
  'accounts.signOut': 'read',
  'accounts.me': 'read',
  'accounts.profile': 'read',
  'accounts.changeProfile': 'account',
  'accounts.addContact': 'account',
  'accounts.removeContact': 'account',
  'accounts.addSshKey': 'account',
  'accounts.removeSshKey': 'account',
  'accounts.addKey': 'account',
  'accounts.removeKey': 'account',
  'accounts.restoreKey': 'anyone',
  'accounts.keyEvents': 'account',
  'accounts.publishEncryptionKey': 'account',
  'accounts.revokeDevice': 'read',
  'accounts.endSession': 'account',
  'accounts.provider': 'anyone',
  'market.search': 'anyone',
  'market.facets': 'anyone',
  'market.completions': 'anyone',
  'market.featured': 'anyone',
  'market.compare': 'anyone',
  'market.position': 'anyone',
  'offerings.get': 'anyone',
  'offerings.hold': 'rent',
  'offerings.releaseHold': 'rent',
  'offerings.listOwn': 'read',
  'offerings.getOwn': 'read',
  'offerings.statistics': 'read',
  'offerings.create': 'provide',
  'offerings.change': 'provide',
  'offerings.duplicate': 'provide',
  'offerings.move': 'provide',
  'offerings.setAutoAccept': 'provide',
  'offerings.removeAutoAccept': 'provide',
  'offerings.previewBulk': 'provide',
  'offerings.bulk': 'provide',
  'offerings.listBulk': 'read',
  'offerings.undoBulk': 'provide',
  'offerings.saveRows': 'provide',
  'offerings.previewImport': 'provide',
  'offerings.import': 'provide',
  'offerings.suggestMapping': 'provide',
  'offerings.listMappings': 'read',
  'offerings.createMapping': 'provide',
  'offerings.changeMapping': 'provide',
  'offerings.removeMapping': 'provide',
  'offerings.export': 'read',
  'contracts.request': 'rent',
  'contracts.move': 'read',
  'contracts.list': 'read',
  'contracts.askers': 'read',
  'contracts.get': 'read',
  'contracts.entries': 'read',
  'contracts.details': 'read',
  'contracts.evidence': 'read',
  'contracts.recipient': 'read',
  'contracts.dashboard': 'read',
  'blocks.list': 'read',
  'blocks.block': 'provide',
  'blocks.unblock': 'provide',
  'icp.provider': 'anyone',
  'icp.sync': 'admin',
  'icp.entries': 'admin',
  'icp.entry': 'admin',
  'icp.run': 'admin',
  'admin.log': 'admin',
  'admin.failingWork': 'admin',
  'admin.runAgain': 'admin',
  'saved.listOfferings': 'read',
  'saved.listOfferingIds': 'read',
  'saved.saveOffering': 'rent',
  'saved.removeOffering': 'rent',
  'saved.listSearches': 'read',
  'saved.saveSearch': 'rent',
  'saved.changeSearch': 'rent',
  'saved.removeSearch': 'rent',
  'notices.list': 'read',
  'notices.read': 'read',
  'notices.stream': 'read',
  'notices.publicStream': 'anyone',
};

let t: TestApp;
let owner: Client;
let stranger: Client;
let ids: Record<string, string>;

beforeAll(async () => {
  t = await makeTestApp();
  owner = await signUp(t, 'harbour');
  await t.deps.write(({ tx }) =>
    tx.updateTable('accounts').set({ is_admin: 1 }).where('id', '=', owner.account.id).execute(),
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

const addressFor = (path: string): string =>
  `/api/v1${path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '')}`;

const ask = (one: (typeof allEndpoints)[number], headers: Record<string, string>) =>
  t.app.inject({
    method: one.method,
    url: addressFor(one.path),
    headers: { 'idempotency-key': 'k', ...headers },
    ...(one.method === 'GET' || one.method === 'DELETE' ? {} : { payload: {} }),
  });

test('every endpoint stands in the agreed table with the access it declares', () => {
  expect(Object.fromEntries(allEndpoints.map(({ name, access }) => [name, access]))).toEqual(
    agreed,
  );
});

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

  test('answers 403 to a device whose delegation leaves its scope out', async () => {
    const needed = one.access === 'admin' ? 'account' : one.access;
    const others = scopes.filter((scope) => scope !== needed);
    const narrow = await signIn(t, onNewDevice(owner), { scopes: others });
    const refused = await ask(one, narrow.headers);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([
      403,
      'session.scope',
    ]);
  });

  test('takes a cookie for a change only from its own site', async () => {
    if (one.method === 'GET') return;
    const browser = await signIn(t, onNewDevice(owner), { transport: 'cookie' });
    const foreign = await ask(one, {
      cookie: browser.cookie ?? '',
      origin: 'https://evil.example',
    });
    expect(foreign.json<{ code: string }>().code).toBe('origin.foreign');
  });
});

test.each(
  guarded.filter(({ access }) => access === 'admin').map((one) => ({ one, name: one.name })),
)('$name is not there for an account that is no admin', async ({ one }) => {
  const refused = await ask(one, stranger.headers);
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([
    404,
    'request.not_found',
  ]);
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
