import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Choices } from '@berth/shared/contracts/choices';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { signingInputOf } from '@berth/shared/signing/statement';
import { CLOCK_SKEW_MS } from '@berth/shared/time';
import { makeCast, UNITS, type Cast } from '../../../test/cast.ts';
import { checkContract, checkStock } from '../../../test/invariants.ts';
import { onNewDevice, signIn } from '../../../test/people.ts';
import {
  listOffering,
  move,
  requestRental,
  signedMove,
  signedRequest,
  viewOf,
} from '../../../test/rental.ts';

const { contracts, offerings } = endpoints;

let cast: Cast;

beforeAll(async () => {
  cast = await makeCast();
});

afterAll(() => cast.t.close());

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
    await checkContract(cast.t.deps, contract_id);
    await checkStock(cast.t.deps, cast.offering.id, UNITS);
  });

  test('sent again, with any Idempotency-Key, makes one contract', async () => {
    const before = await cast.countContracts();
    const { body } = await signedRequest(cast.renter, cast.offering);
    const first = await cast.renter.ask(contracts.request, { body });
    const again = await cast.renter.ask(contracts.request, { body });
    expect(again).toEqual(first);
    expect(await cast.countContracts()).toBe(before + 1);
  });

  test('sent 50 times at once with one Idempotency-Key makes one contract', async () => {
    const before = await cast.countContracts();
    const { body } = await signedRequest(cast.renter, cast.offering);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        cast.renter.send(contracts.request, { body }, { idempotency_key: 'fifty' }),
      ),
    );
    const statuses = new Set(replies.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true);
    expect(await cast.countContracts()).toBe(before + 1);
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

  test('that names an entry before it is refused, because its log would not verify', async () => {
    const { body, contract_id } = await signedRequest(cast.renter, cast.offering);
    for (const named of [{ prev: contract_id }, { subject_id: contract_id }]) {
      const statement = { ...body.statement, ...named };
      const signature = cast.renter.sign(signingInputOf(statement));
      expect(
        await cast.renter.refused(contracts.request, { body: { ...body, statement, signature } }),
      ).toMatchObject({ code: 'statement.invalid' });
    }
  });

  test('at another total answers the new one and changes nothing', async () => {
    const before = await cast.countContracts();
    const { body } = await signedRequest(cast.renter, { ...cast.offering, price_e9s: '1' });
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'price.changed',
      status: 409,
      total_e9s: '483080000000',
      currency: 'USD',
    });
    expect(await cast.countContracts()).toBe(before);
  });

  test('on terms that have changed answers the present ones', async () => {
    const stale = { ...cast.offering, terms_hash: 'a'.repeat(64) };
    const { body } = await signedRequest(cast.renter, stale);
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'offering.moved',
      terms_hash: cast.offering.terms_hash,
    });
  });

  test('chooses one of the operating systems that the offering names, which both sides then sign', async () => {
    const { provider, renter } = cast;
    const operating_systems = ['Debian 13', 'Ubuntu 24.04'];
    const offering = await listOffering(provider, { operating_systems });
    const chosen = { operating_system: 'Ubuntu 24.04' };
    const { contract_id } = await requestRental(renter, offering, { choices: chosen });
    await move(provider, contract_id, 'accept');
    const view = await viewOf(renter, contract_id);
    expect(view).toMatchObject(chosen);
    expect(view.entries.map(({ data }) => data['choices'])).toEqual([chosen, undefined, chosen]);
    const { items } = await provider.ask(contracts.list, {
      query: { role: 'provider', offering_id: offering.id },
    });
    expect(items).toMatchObject([chosen]);
    await checkContract(cast.t.deps, contract_id);
  });

  test('that chooses what is not offered, nothing of several, or anything of one points at the choice', async () => {
    const { provider, renter } = cast;
    const several = await listOffering(provider, { operating_systems: ['Debian 13', 'Rocky 9'] });
    const before = await cast.countContracts();
    const refusal = async (offering: OfferingView, choices: Choices | null) => {
      const { body } = await signedRequest(renter, offering, { choices });
      return renter.refused(contracts.request, { body });
    };
    for (const choices of [null, { operating_system: 'Windows' }]) {
      expect(await refusal(several, choices)).toMatchObject({
        code: 'request.invalid',
        errors: [
          { pointer: '/statement/data/choices', message: 'Choose one of Debian 13, Rocky 9' },
        ],
      });
    }
    expect(await refusal(cast.offering, { operating_system: 'Ubuntu 24.04' })).toMatchObject({
      errors: [
        { pointer: '/statement/data/choices', message: 'The terms leave nothing to choose' },
      ],
    });
    const doubled = { operating_system: 'Rocky 9', more: 'Rocky 9' };
    expect(await refusal(several, doubled)).toMatchObject({ code: 'request.invalid' });
    expect(await cast.countContracts()).toBe(before);
  });

  test('on held terms chooses of those, whatever the provider offers by then', async () => {
    const { provider, renter } = cast;
    const offering = await listOffering(provider, { operating_systems: ['Debian 13', 'Rocky 9'] });
    const params = { offering_id: offering.id };
    await renter.ask(offerings.hold, { params, body: { hours: 24 } });
    const { version } = await provider.ask(offerings.getOwn, { params });
    const fewer = { ...offering, operating_systems: ['Alpine'] };
    await provider.ask(offerings.change, { params, body: { version, offering: fewer } });
    const choices = { operating_system: 'Rocky 9' };
    const { contract_id } = await requestRental(renter, offering, { choices });
    expect(await viewOf(provider, contract_id)).toMatchObject(choices);
    await checkContract(cast.t.deps, contract_id);
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
    await checkStock(cast.t.deps, last.id, 1);
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
      const reply = await cast.t.app.inject({
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
        now_ms: () => cast.t.clock.nowMs() + CLOCK_SKEW_MS + 1,
      }),
    };
    const { body } = await signedRequest(off, cast.offering);
    expect(await cast.renter.refused(contracts.request, { body })).toMatchObject({
      code: 'statement.clock',
      now: cast.t.clock.now(),
    });
  });

  test('under a delegation without the scope is refused', async () => {
    const reader = await signIn(cast.t, onNewDevice(cast.provider), { scopes: ['read', 'rent'] });
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const view = await viewOf(reader, contract_id);
    const body = await signedMove(reader, view, 'accept');
    expect(await reader.refused(contracts.move, { params: { contract_id }, body })).toMatchObject({
      code: 'session.scope',
      status: 403,
    });
    const seller = await signIn(cast.t, onNewDevice(cast.renter), { scopes: ['read', 'provide'] });
    const cancel = await signedMove(seller, await viewOf(seller, contract_id), 'cancel');
    const refused = await seller.refused(contracts.move, { params: { contract_id }, body: cancel });
    expect(refused).toMatchObject({ code: 'session.scope', status: 403 });
    expect(refused.detail).toContain('contracts.rent');
  });
});
