import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { ContractView, SignedMove } from '@berth/shared/contracts/schemas';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { signingInputOf } from '@berth/shared/signing/statement';
import { CLOCK_SKEW_MS, DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { checkContract, checkStock } from '../../../test/invariants.ts';
import { onNewDevice, signIn, signUp, type Client } from '../../../test/people.ts';
import {
  deliveryOf,
  listOffering,
  move,
  rentalIn,
  requestRental,
  setAutoAccept,
  signedMove,
  signedRequest,
  viewOf,
} from '../../../test/rental.ts';

const { contracts, offerings, notices } = endpoints;
const UNITS = 1_000;

let t: TestApp;
let cast: { renter: Client; provider: Client; offering: OfferingView };

beforeAll(async () => {
  t = await makeTestApp();
  const provider = await signUp(t, 'harbour');
  const renter = await signUp(t, 'sailor');
  cast = { renter, provider, offering: await listOffering(provider, { stock: UNITS }) };
});

afterAll(() => t.close());

const again = (client: Client): Promise<Client> => signIn(t, client);

/** Time goes by: timed moves are made, notices written, and everybody signs in again. */
async function wait(ms: number): Promise<void> {
  t.clock.advance(ms);
  await t.sweep();
  await t.drain();
  const [renter, provider] = [await again(cast.renter), await again(cast.provider)];
  cast = { ...cast, renter, provider };
}

const countContracts = async (): Promise<number> => {
  const { count } = await t.deps.db
    .selectFrom('contract_sign_requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
};

describe('a request', () => {
  test('makes a pending contract, takes a unit and is signed by renter and service', async () => {
    const { contract_id, state, version } = await requestRental(cast.renter, cast.offering);
    expect([state, version]).toEqual(['pending', 2]);
    const view = await viewOf(cast.renter, contract_id);
    expect(view.entries.map(({ action, role }) => [action, role])).toEqual([
      ['request', 'renter'],
      ['submit', 'system'],
    ]);
    expect(view).toMatchObject({ role: 'renter', waits_on: 'provider', total_e9s: '483080000000' });
    await checkContract(t.deps, contract_id);
    await checkStock(t.deps, cast.offering.id, UNITS);
  });

  test('sent again, with any Idempotency-Key, makes one contract', async () => {
    const before = await countContracts();
    const { body } = await signedRequest(cast.renter, cast.offering);
    const first = await cast.renter.ask(contracts.request, { body });
    const again = await cast.renter.ask(contracts.request, { body });
    expect(again).toEqual(first);
    expect(await countContracts()).toBe(before + 1);
  });

  test('sent 50 times at once with one Idempotency-Key makes one contract', async () => {
    const before = await countContracts();
    const { body } = await signedRequest(cast.renter, cast.offering);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        cast.renter.send(contracts.request, { body }, { idempotency_key: 'fifty' }),
      ),
    );
    const statuses = new Set(replies.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true);
    expect(await countContracts()).toBe(before + 1);
    const again = await cast.renter.send(contracts.request, { body }, { idempotency_key: 'fifty' });
    expect(again.text).toBe(replies.find(({ status }) => status === 200)?.text);
  });

  test('with a nonce that made another contract is refused', async () => {
    const nonce = randomBytes(16).toString('hex');
    await requestRental(cast.renter, cast.offering, { nonce });
    const { body } = await signedRequest(cast.renter, cast.offering, { nonce, hours: 5 });
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'statement.invalid',
    });
  });

  test('at another total answers the new one and changes nothing', async () => {
    const before = await countContracts();
    const { body } = await signedRequest(cast.renter, { ...cast.offering, price_e9s: '1' });
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'price.changed',
      status: 409,
      total_e9s: '483080000000',
      currency: 'USD',
    });
    expect(await countContracts()).toBe(before);
  });

  test('on terms that have changed answers the present ones', async () => {
    const stale = { ...cast.offering, terms_hash: 'a'.repeat(64) };
    const { body } = await signedRequest(cast.renter, stale);
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'offering.moved',
      terms_hash: cast.offering.terms_hash,
    });
  });

  test('for fewer or more hours than offered points at the hours', async () => {
    const { body } = await signedRequest(cast.renter, cast.offering, { hours: 721 });
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'request.invalid',
      errors: [{ pointer: '/statement/data/hours', message: 'Choose 1 to 720 hours' }],
    });
  });

  test('for one’s own, a paused or an unknown offering is refused', async () => {
    const own = await signedRequest(cast.provider, cast.offering);
    expect(await cast.provider.refused(contracts.request, own)).toMatchObject({
      code: 'offering.own',
    });
    const paused = await listOffering(cast.provider, { title: 'Paused soon' });
    await cast.provider.ask(offerings.move, {
      params: { offering_id: paused.id },
      body: { action: 'pause', version: paused.version },
    });
    const late = await signedRequest(cast.renter, paused);
    expect(await cast.renter.refused(contracts.request, late)).toMatchObject({
      code: 'offering.not_available',
    });
    const unknown = await signedRequest(cast.renter, {
      ...cast.offering,
      id: `off_${'0'.repeat(20)}`,
    });
    expect((await cast.renter.send(contracts.request, unknown)).status).toBe(404);
  });

  test('for the last unit is won by one of many at once', async () => {
    const last = await listOffering(cast.provider, { title: 'The last one', stock: 1 });
    const asks = await Promise.all(
      Array.from({ length: 8 }, () => signedRequest(cast.renter, last)),
    );
    const replies = await Promise.all(asks.map((ask) => cast.renter.send(contracts.request, ask)));
    const won = replies.filter(({ status }) => status === 200);
    expect(won.length).toBe(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect(reply.problem().code).toBe('offering.out_of_stock');
    }
    await checkStock(t.deps, last.id, 1);
  });
});

describe('a signature', () => {
  test('over a statement of which any byte was changed is refused, and nothing changes', async () => {
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const view = await viewOf(cast.provider, contract_id);
    const { statement, signature } = await signedMove(cast.provider, view, 'accept');
    const text = JSON.stringify(statement);
    for (let place = 0; place < text.length; place += 1) {
      const changed = `${text.slice(0, place)}${text[place] === '1' ? '2' : '1'}${text.slice(place + 1)}`;
      const payload = `{"statement":${changed},"signature":"${signature}"}`;
      const reply = await t.app.inject({
        method: 'POST',
        url: `/api/v1/contracts/${contract_id}/moves`,
        headers: {
          ...cast.provider.headers,
          'idempotency-key': `byte-${place}`,
          'content-type': 'application/json',
        },
        payload,
      });
      expect(reply.statusCode, changed).toBeGreaterThanOrEqual(400);
      expect(reply.statusCode, changed).toBeLessThan(500);
    }
    expect((await viewOf(cast.provider, contract_id)).head).toEqual(view.head);
  });

  test('by another key, or over another personal part, is refused', async () => {
    const { body } = await signedRequest(cast.renter, cast.offering, { memo: 'mine' });
    const forged = cast.provider.sign(signingInputOf(body.statement));
    expect(
      await cast.renter.refused(contracts.request, { body: { ...body, signature: forged } }),
    ).toMatchObject({ code: 'signature.invalid', status: 401 });
    const other = structuredClone(body);
    if (other.private) other.private.part = { ...other.private.part, memo: 'yours' };
    expect(await cast.renter.refused(contracts.request, { body: other })).toMatchObject({
      code: 'statement.invalid',
    });
  });

  test('by a clock that is off says what time it is here', async () => {
    const off = {
      ...cast.renter,
      signer: <R extends 'renter' | 'provider'>(role: R) => ({
        ...cast.renter.signer(role),
        now_ms: () => t.clock.nowMs() + CLOCK_SKEW_MS + 1,
      }),
    };
    const { body } = await signedRequest(off, cast.offering);
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'statement.clock',
      now: t.clock.now(),
    });
  });

  test('under a delegation without the scope is refused', async () => {
    const reader = await signIn(t, onNewDevice(cast.provider), { scopes: ['read', 'rent'] });
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const view = await viewOf(reader, contract_id);
    const body = await signedMove(reader, view, 'accept');
    expect(await reader.refused(contracts.move, { params: { contract_id }, body })).toMatchObject({
      code: 'session.scope',
      status: 403,
    });
  });
});

describe('a move', () => {
  const send = (client: Client, contract_id: string, body: SignedMove) =>
    client.send(contracts.move, { params: { contract_id }, body });

  test('signed 64 times at once is made once', async () => {
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const view = await viewOf(cast.provider, contract_id);
    const bodies = await Promise.all(
      Array.from({ length: 64 }, () => signedMove(cast.provider, view, 'accept')),
    );
    const replies = await Promise.all(bodies.map((body) => send(cast.provider, contract_id, body)));
    expect(replies.filter(({ status }) => status === 200).length).toBe(1);
    const lost = replies.filter(({ status }) => status !== 200);
    expect(new Set(lost.map((reply) => reply.problem().code))).toEqual(new Set(['contract.moved']));
    expect((await viewOf(cast.provider, contract_id)).entries.length).toBe(3);
    await checkContract(t.deps, contract_id);
  });

  test('on a log that has moved on answers the present head', async () => {
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const view = await viewOf(cast.provider, contract_id);
    const late = await signedMove(cast.provider, view, 'reject');
    const { seq, hash } = await move(cast.provider, contract_id, 'accept');
    expect((await send(cast.provider, contract_id, late)).problem()).toMatchObject({
      code: 'contract.moved',
      status: 409,
      head: { seq, hash, state: 'accepted' },
    });
  });

  test('that needs details is refused without them, or with others than were signed', async () => {
    const contract_id = await rentalIn('provisioning', cast);
    const view = await viewOf(cast.provider, contract_id);
    const whole = await signedMove(cast.provider, view, 'mark_provisioned');
    const { envelope: _, ...bare } = whole;
    expect((await send(cast.provider, contract_id, bare)).problem()).toMatchObject({
      code: 'contract.not_yet',
      detail: 'Post the address and the sealed credentials with this move.',
    });
    const { envelope } = await deliveryOf(view, 'another secret');
    const swapped = { ...whole, ...(envelope ? { envelope } : {}) };
    expect((await send(cast.provider, contract_id, swapped)).problem()).toMatchObject({
      code: 'statement.invalid',
    });
    const stranger = {
      ...view,
      renter: { ...view.renter, encryption_key: view.provider.encryption_key },
    };
    const sealed = await signedMove(cast.provider, stranger, 'mark_provisioned');
    expect((await send(cast.provider, contract_id, sealed)).problem()).toMatchObject({
      code: 'statement.invalid',
      detail: 'Seal to the renter’s present encryption key.',
    });
  });

  test('from request to active opens the credentials for the renter alone', async () => {
    const contract_id = await rentalIn('provisioned', cast);
    const view = await viewOf(cast.renter, contract_id);
    const [details] = view.details;
    const envelope = details?.envelope;
    if (!details || !envelope) throw new Error('No credentials were posted');
    const sealedFor = {
      contract_id,
      provider_key: details.provider_key,
      recipient_key: details.recipient_key,
      seq: details.seq,
    };
    expect(await cast.renter.open(sealedFor, envelope)).toBe('password');
    await expect(cast.provider.open(sealedFor, envelope)).rejects.toThrow();
    expect(await move(cast.renter, contract_id, 'open_credentials')).toMatchObject({
      state: 'active',
    });
    const active = await viewOf(cast.renter, contract_id);
    expect(active.ends_at).toBe(new Date(t.clock.nowMs() + 24 * HOUR_MS).toISOString());
    expect(active.entries.slice(-2).map(({ action }) => action)).toEqual([
      'open_credentials',
      'activate',
    ]);
  });

  test('that ends a contract pays back by its rule, and only the amount that was signed', async () => {
    const contract_id = await rentalIn('active', cast);
    await wait(90 * 60_000);
    const view = await viewOf(cast.renter, contract_id);
    // Two of 24 hours have begun; the setup fee stays with the provider.
    expect(view.moves.find(({ action }) => action === 'cancel')?.refund?.refund_e9s).toBe(
      '438240000000',
    );
    const stale: ContractView = {
      ...view,
      moves: view.moves.map((one) =>
        one.refund ? { ...one, refund: { ...one.refund, refund_e9s: '438240000001' } } : one,
      ),
    };
    const greedy = await signedMove(cast.renter, stale, 'cancel');
    expect((await send(cast.renter, contract_id, greedy)).problem()).toMatchObject({
      code: 'price.changed',
      refund_e9s: '438240000000',
    });
    await move(cast.renter, contract_id, 'cancel');
    expect(await viewOf(cast.provider, contract_id)).toMatchObject({
      state: 'cancelled',
      refund_e9s: '438240000000',
      moves: [],
    });
    await checkContract(t.deps, contract_id);
  });

  test('to extend counts when both have signed the same', async () => {
    const contract_id = await rentalIn('active', cast);
    const before = await viewOf(cast.renter, contract_id);
    await move(cast.renter, contract_id, 'extend');
    const proposed = await viewOf(cast.provider, contract_id);
    expect(proposed).toMatchObject({
      ends_at: before.ends_at,
      extension: { by_role: 'renter', hours: 12, extra_e9s: '239040000000' },
    });
    const own = await viewOf(cast.renter, contract_id);
    const self = await signedMove(
      cast.renter,
      { ...own, extension: own.extension && { ...own.extension, by_role: 'provider' } },
      'extend',
    );
    expect((await send(cast.renter, contract_id, self)).problem().code).toBe('statement.invalid');
    await move(cast.provider, contract_id, 'extend');
    expect(await viewOf(cast.renter, contract_id)).toMatchObject({
      hours: 36,
      total_e9s: (BigInt(before.total_e9s) + 239_040_000_000n).toString(),
      ends_at: new Date(Date.parse(before.ends_at ?? '') + 12 * HOUR_MS).toISOString(),
      extension: null,
    });
    await checkContract(t.deps, contract_id);
  });
});

describe('the sweeper', () => {
  test('makes each timed move once, after a stop of any length', async () => {
    const ids = {
      expired: await rentalIn('pending', cast),
      failed: await rentalIn('provisioning', cast),
      active: await rentalIn('provisioned', cast),
      completed: await rentalIn('active', cast),
    };
    await wait(400 * DAY_MS);
    await wait(0);
    for (const [state, contract_id] of Object.entries(ids)) {
      const view = await viewOf(cast.renter, contract_id);
      expect(view.state).toBe(state);
      expect(view.entries.filter(({ role, seq }) => role === 'system' && seq > 1).length).toBe(
        state === 'completed' ? 2 : 1,
      );
      await checkContract(t.deps, contract_id);
    }
  });

  test('leaves alone what is not due yet', async () => {
    const contract_id = await rentalIn('pending', cast);
    await wait(DAY_MS - 1);
    expect((await viewOf(cast.renter, contract_id)).state).toBe('pending');
    await wait(1);
    expect((await viewOf(cast.renter, contract_id)).state).toBe('expired');
  });

  test('erases credentials after 7 days and personal parts after 90; the log still verifies', async () => {
    const contract_id = await rentalIn('active', cast, { memo: 'my memo' });
    await move(cast.renter, contract_id, 'cancel');
    await wait(7 * DAY_MS);
    const week = await viewOf(cast.renter, contract_id);
    expect(week.details[0]).toMatchObject({ envelope: null, address: null });
    expect(week.request?.memo).toBe('my memo');
    await wait(83 * DAY_MS);
    expect((await viewOf(cast.renter, contract_id)).request).toBe(null);
    await checkContract(t.deps, contract_id);
  });
});

describe('an auto-accept rule', () => {
  test('accepts at once what it covers, and names the provider’s signature', async () => {
    const quick = await listOffering(cast.provider, { title: 'Quick one' });
    await setAutoAccept(cast.provider, quick, 48);
    const covered = await requestRental(cast.renter, quick, { hours: 48 });
    expect(covered.state).toBe('accepted');
    const view = await viewOf(cast.renter, covered.contract_id);
    expect(view.entries.at(-1)).toMatchObject({ action: 'accept', role: 'system' });
    await checkContract(t.deps, covered.contract_id);
    expect((await requestRental(cast.renter, quick, { hours: 49 })).state).toBe('pending');
  });
});

describe('the parties', () => {
  test('are told by a notice and the stream, each once, and not of their own moves', async () => {
    await t.drain();
    await cast.provider.ask(notices.read, { body: { all: true } });
    const contract_id = await rentalIn('accepted', cast);
    await t.drain();
    await t.drain();
    const about = async (client: Client) => {
      const { items } = await client.ask(notices.list, { query: {} });
      return items.filter(({ link }) => link.endsWith(contract_id)).map(({ title }) => title);
    };
    expect(await about(cast.provider)).toEqual(['sailor asks to rent 8x H100 SXM in Amsterdam']);
    expect(await about(cast.renter)).toEqual(['harbour accepted 8x H100 SXM in Amsterdam']);
    const { unread } = await cast.provider.ask(notices.list, { query: { unread: '1' } });
    expect(unread).toBe(1);
  });

  test('see their contracts in pages that lose and repeat nothing', async () => {
    for (const sort of ['newest', 'due'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await cast.provider.ask(contracts.list, {
          query: { role: 'provider', sort, limit: 7, ...(cursor ? { cursor } : {}) },
        });
        seen.push(...page.items.map(({ contract_id }) => contract_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(seen.length).toBe(await countContracts());
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  test('see on the dashboard what waits on them, runs, costs and earns', async () => {
    const t2 = await makeTestApp();
    const provider = await signUp(t2, 'quay');
    const renter = await signUp(t2, 'mate');
    const offering = await listOffering(provider);
    await rentalIn('active', { renter, provider, offering });
    await requestRental(renter, offering, { hours: 2 });
    const own = await renter.ask(contracts.dashboard, {});
    expect(own).toMatchObject({
      waiting: [],
      hourly: [{ currency: 'USD', amount_e9s: '19920000000' }],
      counts: { renter: { active: 1, pending: 1 }, provider: {} },
    });
    const theirs = await provider.ask(contracts.dashboard, {});
    expect(theirs.waiting.map(({ state }) => state)).toEqual(['pending']);
    // The setup fee is the provider's from the start; the first hour has not begun.
    expect(theirs.earned).toEqual([{ currency: 'USD', amount_e9s: '5000000000' }]);
    await t2.close();
  });
});

test('a log row is never changed and never removed, even by hand', async () => {
  await requestRental(cast.renter, cast.offering);
  const write = (work: Parameters<typeof t.deps.write>[0]) => t.deps.write(work);
  await expect(
    write(({ tx }) =>
      tx.updateTable('contract_status_history').set({ change_memo: 'x' }).execute(),
    ),
  ).rejects.toThrow(/append only/);
  await expect(
    write(({ tx }) => tx.deleteFrom('contract_status_history').execute()),
  ).rejects.toThrow(/append only/);
});
