import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { offeringMachine } from '@berth/shared/offerings/machine';
import type { HistoryEntry } from '@berth/shared/offerings/history';
import { checkOffering } from '../../../test/invariants.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental } from '../../../test/rental.ts';

const { offerings } = endpoints;
let t: TestApp;
let ada: Client;
let bob: Client;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
  bob = await signUp(t, 'bob');
});
afterAll(() => t.close());

const at = (offering_id: string) => ({ params: { offering_id } });
const someone = () => signUp(t, `provider-${(made += 1)}`);
const historyOf = async (client: Client, id: string) => {
  const { items } = await client.ask(offerings.history, { ...at(id), query: {} });
  await checkOffering(t.deps, id);
  return items.toReversed();
};
const steps = (history: readonly HistoryEntry[]) =>
  history.map(({ action, from_state, to_state }) => `${action}: ${from_state} -> ${to_state}`);
const fileOf = (...rows: Record<string, unknown>[]) => ({
  body: { format: 'json' as const, text: JSON.stringify(rows) },
});
const row = { kind: 'compute', title: 'A machine', country: 'NL', price: '2.50', reference: 'm' };
async function idOf(client: Client): Promise<string> {
  const { items } = await client.ask(offerings.listOwn, { query: {} });
  return items[0]?.id ?? '';
}

describe('an offering’s history', () => {
  test('says who did what and when, and which fields, the newest first', async () => {
    ada = await someone();
    const { id, version, ...listed } = await listOffering(ada);
    t.clock.advance(60_000);
    const now = t.clock.now();
    const own = await ada.ask(offerings.getOwn, at(id));
    const change = { type: 'price_percent' as const, percent: 10 };
    const which = [{ offering_id: id, version: own.version }];
    await ada.ask(offerings.bulk, { body: { offerings: which, change } });
    expect(version).toBe(own.version);
    const { items } = await ada.ask(offerings.history, { ...at(id), query: {} });
    expect(items[0]).toMatchObject({
      seq: 2,
      action: 'change',
      to_state: 'listed',
      role: 'provider',
      by_name: listed.provider.display_name,
      at: now,
      memo: 'With others, in one change',
      changed: ['price_e9s'],
    });
    expect(steps(await historyOf(ada, id))).toEqual([
      'create: null -> draft',
      'list: draft -> listed',
      'change: listed -> listed',
    ]);
  });

  test('goes forward in time, though a process whose clock is behind makes the next move', async () => {
    ada = await someone();
    const { id, version, updated_at } = await listOffering(ada);
    t.clock.advance(-2_000);
    const body = { version, action: 'pause' as const };
    await ada.ask(offerings.move, { ...at(id), body });
    t.clock.advance(1_000);
    const own = await ada.ask(offerings.move, { ...at(id), body: { version: 3, action: 'list' } });
    t.clock.advance(1_000);
    expect(own.updated_at).toBe(updated_at);
    const times = (await historyOf(ada, id)).map((entry) => entry.at);
    expect(times).toEqual(times.map(() => updated_at));
  });

  test('is read in pages, and is its provider’s alone', async () => {
    ada = await someone();
    const { id } = await listOffering(ada);
    const first = await ada.ask(offerings.history, { ...at(id), query: { limit: 1 } });
    expect(steps(first.items)).toEqual(['list: draft -> listed']);
    const query = { limit: 1, cursor: first.next_cursor ?? '' };
    const second = await ada.ask(offerings.history, { ...at(id), query });
    expect(steps(second.items)).toEqual(['create: null -> draft']);
    expect(second.next_cursor).toBeNull();
    expect(await bob.refused(offerings.history, { ...at(id), query: {} })).toMatchObject({
      code: 'request.not_found',
    });
  });

  test('begins with the next move where the offering was made before there was one', async () => {
    ada = await someone();
    const { id, version } = await listOffering(ada);
    const before = await t.deps.db
      .selectFrom('offerings')
      .where('id', '=', id)
      .selectAll()
      .executeTakeFirstOrThrow();
    const old = { ...before, id: id.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')) };
    await t.deps.write(({ tx }) =>
      tx
        .insertInto('offerings')
        .values({ ...old, reference: null, log_length: 0, head_hash: null })
        .execute(),
    );
    expect(await historyOf(ada, old.id)).toEqual([]);
    const body = { action: 'pause' as const, version };
    await ada.ask(offerings.move, { ...at(old.id), body });
    expect(steps(await historyOf(ada, old.id))).toEqual(['pause: listed -> paused']);
  });

  test('a unit that was rented is no move of it, and the next one goes on from there', async () => {
    ada = await someone();
    const offering = await listOffering(ada, { stock: 2 });
    await requestRental(bob, offering);
    const own = await ada.ask(offerings.getOwn, at(offering.id));
    expect(own.stock).toBe(1);
    const change = { type: 'price_percent' as const, percent: 10 };
    const which = [{ offering_id: offering.id, version: own.version }];
    await ada.ask(offerings.bulk, { body: { offerings: which, change } });
    await requestRental(bob, await ada.ask(offerings.getOwn, at(offering.id)));
    const { version } = await ada.ask(offerings.getOwn, at(offering.id));
    const body = { action: 'pause' as const, version };
    await ada.ask(offerings.move, { ...at(offering.id), body });
    const set = { offerings: [{ offering_id: offering.id, version: version + 1 }] };
    await ada.ask(offerings.bulk, { body: { ...set, change: { type: 'stock_set', stock: 1 } } });
    const history = await historyOf(ada, offering.id);
    expect(history.map(({ action, changed }) => [action, changed])).toEqual([
      ['create', []],
      ['list', []],
      ['change', ['price_e9s']],
      ['pause', []],
      ['change', ['stock']],
    ]);
  });
});

describe('what a file wants', () => {
  test('is reached by moves of the machine, each an entry', async () => {
    ada = await someone();
    await ada.ask(offerings.import, fileOf({ ...row, state: 'listed' }));
    const id = await idOf(ada);
    const { version } = await ada.ask(offerings.getOwn, at(id));
    await ada.ask(offerings.move, { ...at(id), body: { action: 'archive', version } });
    await ada.ask(offerings.import, fileOf({ ...row, price: '3', state: 'listed' }));
    await ada.ask(offerings.import, fileOf({ ...row, price: '3', state: 'draft' }));
    const history = await historyOf(ada, id);
    expect(steps(history)).toEqual([
      'create: null -> draft',
      'list: draft -> listed',
      'archive: listed -> archived',
      'change: archived -> archived',
      'restore: archived -> draft',
      'list: draft -> listed',
      'archive: listed -> archived',
      'restore: archived -> draft',
    ]);
    expect(history[3]).toMatchObject({ memo: 'From a file', changed: ['price_e9s'] });
  });

  test('is refused in the machine’s sentence where it has no such moves', async () => {
    ada = await someone();
    const free = { ...row, price: '0', state: 'listed' };
    const { rows } = await ada.ask(offerings.previewImport, fileOf(free));
    const needs = offeringMachine.moves.find(({ action }) => action === 'list')?.needs;
    expect(rows[0]?.errors).toMatchObject([{ field: 'price', message: needs?.[0]?.sentence }]);
    await ada.ask(offerings.import, fileOf({ ...row, state: 'listed' }));
    const taken = await ada.ask(offerings.previewImport, fileOf({ ...row, price: '0' }));
    expect(taken.rows[0]?.errors).toMatchObject([
      { field: 'price', message: needs?.[0]?.sentence },
    ]);
  });
});

test('a change of many that is undone is undone by moves of the machine', async () => {
  ada = await someone();
  const { id, version } = await listOffering(ada);
  const which = [{ offering_id: id, version }];
  const change = { type: 'move' as const, action: 'archive' as const };
  const { change_id } = await ada.ask(offerings.bulk, { body: { offerings: which, change } });
  await ada.ask(offerings.undoBulk, { params: { change_id } });
  expect(steps(await historyOf(ada, id)).slice(2)).toEqual([
    'archive: listed -> archived',
    'restore: archived -> draft',
    'list: draft -> listed',
  ]);
});
