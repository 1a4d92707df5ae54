import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import type { OfferingMove } from '@berth/shared/offerings/machine';
import { MAX_OFFERINGS, offeringInput, type OfferingInput } from '@berth/shared/offerings/schemas';
import { termsHash, termsOf } from '@berth/shared/offerings/terms';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { linkEvent, removalEvent } from '../../../test/key-events.ts';
import { makePerson, send, signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, rentalIn, someOffering } from '../../../test/rental.ts';
import { getAnyTerms } from './index.ts';

const { offerings } = endpoints;
let t: TestApp;
let ada: Client;
let eve: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  eve = await signUp(t, 'eve');
});
afterAll(() => t.close());

const written = (changes: Partial<OfferingInput> = {}) =>
  z.encode(offeringInput, { ...someOffering, ...changes });
const draftOf = (client: Client, changes: Partial<OfferingInput> = {}) =>
  client.ask(offerings.create, { body: written(changes) });
const at = (offering_id: string) => ({ params: { offering_id } });
const moveTo = (action: OfferingMove, version: number) => ({
  body: { action, version },
});

describe('a draft', () => {
  test('says what was written, costs an hour rounded up, and can be listed', async () => {
    const made = await draftOf(ada, { price_e9s: 1_000_000_000n, unit: 'month' });
    expect(made).toMatchObject({
      ...written({ price_e9s: 1_000_000_000n, unit: 'month' }),
      state: 'draft',
      version: 1,
      hourly_e9s: '1388889',
      listed_at: null,
      auto_accept_hours: null,
      open_contracts: 0,
      provider: { handle: 'ada', key: ada.account_key.public_key },
    });
    expect(made.moves.map(({ action }) => action)).toEqual(['list', 'archive']);
    expect(await ada.ask(offerings.getOwn, at(made.id))).toEqual(made);
  });

  test('keeps its terms, whose hash anyone can compute from the view', async () => {
    const made = await draftOf(ada);
    expect(termsHash(termsOf(made))).toBe(made.terms_hash);
    const kept = await getAnyTerms(t.deps.db, made.terms_hash);
    expect(JSON.parse(kept)).toEqual(termsOf(made));
  });

  test('is listed by a key that its account has, though another made it that is removed', async () => {
    const kim = await signUp(t, 'kim');
    const spare = makePerson();
    const event = linkEvent(kim, spare.account_key);
    await kim.ask(endpoints.accounts.addKey, { body: { label: 'Spare', event } });
    const made = await draftOf(await signIn(t, spare));
    expect(made.provider.key).toBe(spare.account_key.public_key);
    const removal = { event: removalEvent(kim, made.provider.key) };
    await kim.ask(endpoints.accounts.removeKey, { body: removal });
    const listed = await kim.ask(offerings.move, { ...at(made.id), ...moveTo('list', 1) });
    expect(listed.provider.key).toBe(kim.account_key.public_key);
    expect(listed.terms_hash).toBe(termsHash(termsOf(listed)));
    expect(JSON.parse(await getAnyTerms(t.deps.db, listed.terms_hash))).toEqual(termsOf(listed));
  });

  test.each([
    ['a title of two letters', { title: 'ab' }, '/title'],
    ['a lone surrogate', { title: 'Fine \ud800 title' }, '/title'],
    ['control characters', { description: 'a\u0000b' }, '/description'],
    ['more hours at least than at most', { min_hours: 9, max_hours: 8 }, '/max_hours'],
    ['a GPU without its model', { gpu_model: null }, '/gpu_model'],
    ['an unknown kind', { kind: 'boat' }, '/kind'],
    ['half a unit', { stock: 1.5 }, '/stock'],
    ['an amount as a number', { price_e9s: 5 }, '/price_e9s'],
    ['a huge amount', { price_e9s: '9000000000000000000' }, '/price_e9s'],
    ['too many features', { features: Array<string>(31).fill('x') }, '/features'],
    ['a country of three letters', { country: 'NLD' }, '/country'],
  ])('refuses %s, and says where', async (_, changes, pointer) => {
    const body = { ...written(), ...changes } as ReturnType<typeof written>;
    const refused = await ada.refused(offerings.create, { body });
    expect(refused).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  test('has a reference that no other of its provider has', async () => {
    const [first, second] = [await draftOf(ada, { reference: 'a-1' }), await draftOf(ada)];
    const again = await ada.refused(offerings.create, { body: written({ reference: 'a-1' }) });
    expect(again).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/reference' }] });
    const body = { version: second.version, offering: written({ reference: 'a-1' }) };
    const changed = await ada.refused(offerings.change, { ...at(second.id), body });
    expect(changed.errors).toMatchObject([{ pointer: '/offering/reference' }]);
    expect((await draftOf(eve, { reference: 'a-1' })).reference).toBe('a-1');
    const copy = await ada.ask(offerings.duplicate, at(first.id));
    expect(copy).toMatchObject({ title: first.title, state: 'draft', reference: null });
    expect(copy.id).not.toBe(first.id);
  });

  test('is one of a limited number; archived ones do not count', async () => {
    const max = await signUp(t, 'max');
    const { id } = await draftOf(max);
    await t.deps.write(async ({ tx }) => {
      const row = await tx
        .selectFrom('offerings')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const rows = Array.from({ length: MAX_OFFERINGS - 1 }, () => ({
        ...row,
        id: makeId('offering'),
      }));
      for (let from = 0; from < rows.length; from += 100) {
        await tx
          .insertInto('offerings')
          .values(rows.slice(from, from + 100))
          .execute();
      }
    });
    const create = () => max.refused(offerings.create, { body: written() });
    expect(await create()).toMatchObject({ code: 'account.too_many' });
    const copy = await max.refused(offerings.duplicate, at(id));
    expect(copy).toMatchObject({ code: 'account.too_many' });
    await max.ask(offerings.move, { ...at(id), ...moveTo('archive', 1) });
    await draftOf(max);
    const back = await max.refused(offerings.move, { ...at(id), ...moveTo('restore', 2) });
    expect(back).toMatchObject({ code: 'account.too_many' });
  });
});

describe('a change', () => {
  test('on an old version is refused with the version there is, and changes nothing', async () => {
    const draft = await draftOf(ada);
    const body = { version: 1, offering: written({ title: 'Another title' }) };
    const changed = await ada.ask(offerings.change, { ...at(draft.id), body });
    expect(changed).toMatchObject({ title: 'Another title', version: 2 });
    const late = await ada.refused(offerings.change, {
      ...at(draft.id),
      body: { version: 1, offering: written({ title: 'A late title' }) },
    });
    expect(late).toMatchObject({ code: 'offering.moved', version: 2 });
    const moved = await ada.refused(offerings.move, { ...at(draft.id), ...moveTo('list', 1) });
    expect(moved).toMatchObject({ code: 'offering.moved', version: 2, state: 'draft' });
    expect(await ada.ask(offerings.getOwn, at(draft.id))).toEqual(changed);
  });

  test('of many at once on one version is made once', async () => {
    const draft = await draftOf(ada);
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        ada.send(offerings.change, {
          ...at(draft.id),
          body: { version: 1, offering: written({ stock: n }) },
        }),
      ),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(15);
  });

  test('makes new terms where it alters them, and keeps the old ones', async () => {
    const draft = await draftOf(ada);
    const change = (version: number, changes: Partial<OfferingInput>) =>
      ada.ask(offerings.change, {
        ...at(draft.id),
        body: { version, offering: written(changes) },
      });
    const stocked = await change(1, { stock: 9, visibility: 'unlisted', reference: 'terms' });
    expect(stocked.terms_hash).toBe(draft.terms_hash);
    const dearer = await change(2, { price_e9s: 99_000_000_000n });
    expect(dearer.terms_hash).not.toBe(draft.terms_hash);
    expect(termsHash(termsOf(dearer))).toBe(dearer.terms_hash);
    const back = await change(3, {});
    expect(back.terms_hash).toBe(draft.terms_hash);
    const kept = await t.deps.db
      .selectFrom('offering_terms')
      .where('offering_id', '=', draft.id)
      .select('terms_hash')
      .execute();
    expect(kept.map((row) => row.terms_hash).sort()).toEqual(
      [draft.terms_hash, dearer.terms_hash].sort(),
    );
  });

  test('never writes over a unit that was rented after the form was opened', async () => {
    const listed = await listOffering(ada, { stock: 2 });
    await rentalIn('pending', { renter: eve, provider: ada, offering: listed });
    const body = { version: listed.version, offering: written({ stock: 2 }) };
    const refused = await ada.refused(offerings.change, { ...at(listed.id), body });
    expect(refused).toMatchObject({ code: 'offering.moved', version: listed.version + 1 });
    const now = await ada.ask(offerings.getOwn, at(listed.id));
    expect(now).toMatchObject({ stock: 1, open_contracts: 1 });
  });

  test('of what is public tells the outbox, and of what is hidden nothing', async () => {
    await t.drain();
    const told = async () => {
      const rows = await t.deps.db
        .selectFrom('outbox')
        .where('position', 'is', null)
        .where('topic', '=', 'offering.changed')
        .select('payload')
        .execute();
      await t.drain();
      return rows.map(({ payload }) => JSON.parse(payload) as unknown);
    };
    await draftOf(ada);
    await listOffering(ada, { visibility: 'private' });
    await listOffering(ada, { visibility: 'unlisted' });
    expect(await told()).toEqual([]);
    const { id: offering_id, version } = await listOffering(ada);
    expect(await told()).toMatchObject([{ offering_id, available: true }]);
    const body = { version, offering: written({ visibility: 'private' }) };
    await ada.ask(offerings.change, { ...at(offering_id), body });
    expect(await told()).toMatchObject([{ offering_id, available: false }]);
  });
});

describe('the moves', () => {
  test('list nothing without a price, nor take the price from what is listed', async () => {
    const free = await draftOf(ada, { price_e9s: 0n });
    expect(free.moves.map(({ action }) => action)).toEqual(['archive']);
    const refused = await ada.refused(offerings.move, { ...at(free.id), ...moveTo('list', 1) });
    expect(refused).toMatchObject({ code: 'offering.incomplete', moves: ['archive'] });
    const listed = await listOffering(ada);
    const body = { version: listed.version, offering: written({ price_e9s: 0n }) };
    const changed = await ada.refused(offerings.change, { ...at(listed.id), body });
    expect(changed).toMatchObject({ code: 'offering.incomplete' });
  });

  test('keep the time of the first listing, so that pausing moves nothing to the top', async () => {
    const listed = await listOffering(ada);
    t.clock.advance(60_000);
    const ask = (action: 'pause' | 'list', version: number) =>
      ada.ask(offerings.move, { ...at(listed.id), ...moveTo(action, version) });
    const paused = await ask('pause', listed.version);
    const again = await ask('list', paused.version);
    expect(again.listed_at).toBe(listed.listed_at);
    expect(again.updated_at > listed.updated_at).toBe(true);
  });
});

describe('who sees it:', () => {
  test('everyone what is listed and not private, its provider all, others a 404', async () => {
    const missing = await send(t, offerings.get, at(makeId('offering')));
    expect(missing.status).toBe(404);
    const seen = async (id: string) => {
      const replies = [await send(t, offerings.get, at(id)), await eve.send(offerings.get, at(id))];
      for (const { status, text } of replies.filter((reply) => reply.status !== 200)) {
        expect([status, text]).toEqual([404, missing.text]);
      }
      expect((await ada.ask(offerings.get, at(id))).id).toBe(id);
      return replies.map(({ status }) => status);
    };
    expect(await seen((await draftOf(ada)).id)).toEqual([404, 404]);
    expect(await seen((await listOffering(ada)).id)).toEqual([200, 200]);
    expect(await seen((await listOffering(ada, { visibility: 'unlisted' })).id)).toEqual([
      200, 200,
    ]);
    expect(await seen((await listOffering(ada, { visibility: 'private' })).id)).toEqual([404, 404]);
    const { id, version } = await listOffering(ada);
    await ada.ask(offerings.move, { ...at(id), ...moveTo('pause', version) });
    expect(await seen(id)).toEqual([404, 404]);
  });

  test('nobody reaches the own side of another’s offering, whatever the verb', async () => {
    const { id, version } = await listOffering(ada);
    const missing = (await send(t, offerings.get, at(makeId('offering')))).text;
    const replies = [
      await eve.send(offerings.getOwn, at(id)),
      await eve.send(offerings.change, { ...at(id), body: { version, offering: written() } }),
      await eve.send(offerings.move, { ...at(id), ...moveTo('pause', version) }),
      await eve.send(offerings.duplicate, at(id)),
      await eve.send(offerings.removeAutoAccept, at(id)),
      await eve.send(offerings.getOwn, at('not-an-id')),
    ];
    for (const { status, text } of replies) expect([status, text]).toEqual([404, missing]);
  });
});

test('one’s own come latest change first, by page, state and words, with counts', async () => {
  const pat = await signUp(t, 'pat');
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    t.clock.advance(1_000);
    ids.unshift((await draftOf(pat, { title: `Machine number ${n}`, reference: `r_${n}` })).id);
  }
  await pat.ask(offerings.move, { ...at(ids[0] ?? ''), ...moveTo('archive', 1) });
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = cursor === undefined ? { limit: 2 } : { limit: 2, cursor };
    const page = await pat.ask(offerings.listOwn, { query });
    found.push(...page.items.map(({ id }) => id));
    expect(page.counts).toEqual({ draft: 4, listed: 0, paused: 0, archived: 1 });
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(found).toEqual(ids);
  const idsOf = async (query: object) =>
    (await pat.ask(offerings.listOwn, { query })).items.map(({ id }) => id);
  expect(await idsOf({ state: 'archived' })).toEqual([ids[0]]);
  expect(await idsOf({ q: 'NUMBER r_3' })).toEqual([ids[1]]);
  expect(await idsOf({ q: 'r%3' })).toEqual([]);
  for (const cursor of [
    'x',
    'WyJvd24iLDEsMl0',
    Buffer.from('["own","a","b"]').toString('base64url'),
  ]) {
    const refused = await pat.refused(offerings.listOwn, { query: { cursor } });
    expect(refused).toMatchObject({ code: 'cursor.invalid' });
  }
});
