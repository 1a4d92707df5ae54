import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openLimits } from '@berth/shared/contracts/limits';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { checkContract } from '../../../test/invariants.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import {
  listOffering,
  move,
  requestRental,
  rentalIn,
  signedRequest,
  viewOf,
} from '../../../test/rental.ts';

const { blocks, contracts, offerings } = endpoints;

let t: TestApp;
let provider: Client;
let renter: Client;
let names = 0;

beforeEach(async () => {
  t ??= await makeTestApp({ config: { rate_limits: true } });
  t.clock.advance(DAY_MS);
  names += 1;
  provider = await signUp(t, `harbour-${names}`);
  renter = await signUp(t, `sailor-${names}`);
});

afterAll(() => t.close());

const holdOf = (client: Client, offering_id: string) =>
  client.refused(offerings.hold, { params: { offering_id }, body: { hours: 24 } });

async function refusedRequest(client: Client, offering: Awaited<ReturnType<typeof listOffering>>) {
  const { body } = await signedRequest(client, offering);
  return client.refused(contracts.request, { body });
}

describe('a blocked renter', () => {
  beforeEach(async () => {
    await provider.ask(blocks.block, { params: { handle: renter.account.handle } });
  });

  test('is told before signing, and cannot sign past it; others and other providers go on', async () => {
    const offering = await listOffering(provider);
    expect(await holdOf(renter, offering.id)).toMatchObject({
      code: 'renter.blocked',
      status: 403,
    });
    expect((await refusedRequest(renter, offering)).code).toBe('renter.blocked');
    const other = await listOffering(renter);
    expect((await requestRental(provider, other)).state).toBe('pending');
  });

  test('goes on with the contracts that there are', async () => {
    await provider.ask(blocks.unblock, { params: { handle: renter.account.handle } });
    const offering = await listOffering(provider);
    const contract_id = await rentalIn('pending', { renter, provider, offering });
    await provider.ask(blocks.block, { params: { handle: renter.account.handle } });
    await move(provider, contract_id, 'accept');
    await move(renter, contract_id, 'message');
    expect((await viewOf(renter, contract_id)).state).toBe('accepted');
  });

  test('is listed to its provider alone, once, until it is unblocked', async () => {
    const params = { handle: renter.account.handle };
    await provider.ask(blocks.block, { params });
    const { items } = await provider.ask(blocks.list, { query: {} });
    expect(items.map(({ handle }) => handle)).toEqual([renter.account.handle]);
    expect((await renter.ask(blocks.list, { query: {} })).items).toEqual([]);
    await provider.ask(blocks.unblock, { params });
    expect((await provider.ask(blocks.list, { query: {} })).items).toEqual([]);
    expect((await provider.refused(blocks.unblock, { params })).code).toBe('request.not_found');
    const offering = await listOffering(provider);
    expect((await requestRental(renter, offering)).state).toBe('pending');
  });

  test('is another account that there is', async () => {
    for (const handle of [provider.account.handle, 'nobody-has-this']) {
      const refused = await provider.refused(blocks.block, { params: { handle } });
      expect(refused.code).toBe('request.not_found');
    }
  });
});

describe('what one renter keeps waiting', () => {
  test('is so many requests for one offering, and a hold counts as one', async () => {
    const offering = await listOffering(provider, { stock: 100 });
    const twin = await listOffering(provider, { stock: 100 });
    for (let at = 1; at < openLimits.offering.start; at++) await requestRental(renter, offering);
    const params = { offering_id: offering.id };
    await renter.ask(offerings.hold, { params, body: { hours: 24 } });
    // The request that uses a hold has its unit; the next one would be one too many.
    await requestRental(renter, offering);
    expect((await refusedRequest(renter, offering)).code).toBe('renter.too_many_open');
    expect((await holdOf(renter, offering.id)).code).toBe('renter.too_many_open');
    expect((await requestRental(renter, twin)).state).toBe('pending');
  });

  test('is so many with one provider, and so many in all', async () => {
    for (let at = 0; at < openLimits.provider.start; at++) {
      await requestRental(renter, await listOffering(provider));
    }
    const more = await listOffering(provider);
    expect(await refusedRequest(renter, more)).toMatchObject({
      code: 'renter.too_many_open',
      status: 409,
    });
    expect((await holdOf(renter, more.id)).code).toBe('renter.too_many_open');
    const others = [await signUp(t, `quay-${names}`), await signUp(t, `pier-${names}`)];
    for (let at = openLimits.provider.start; at < openLimits.renter.start; at++) {
      await requestRental(renter, await listOffering(others[0] ?? provider));
    }
    const last = await listOffering(others[1] ?? provider);
    expect((await refusedRequest(renter, last)).detail).toContain('in all');
  });

  test('is half of an offering until a contract is completed, then all of it', async () => {
    const offering = await listOffering(provider, { stock: 2, min_hours: 1 });
    const contract_id = await rentalIn('pending', { renter, provider, offering }, { hours: 1 });
    expect((await refusedRequest(renter, offering)).code).toBe('renter.too_many_open');
    await move(provider, contract_id, 'accept');
    await move(provider, contract_id, 'start_provisioning');
    await move(provider, contract_id, 'mark_provisioned');
    await move(renter, contract_id, 'open_credentials');
    t.clock.advance(DAY_MS);
    await t.sweep();
    renter = await signIn(t, renter);
    provider = await signIn(t, provider);
    expect((await viewOf(renter, contract_id)).state).toBe('completed');
    await requestRental(renter, offering);
    await requestRental(renter, offering);
    const left = await provider.ask(offerings.getOwn, { params: { offering_id: offering.id } });
    expect(left.stock).toBe(0);
  });
});

test('a provider sees who asks for much, and declines all of one renter, each by a statement', async () => {
  const offering = await listOffering(provider, { stock: 100 });
  const other = await signUp(t, `other-${names}`);
  await requestRental(other, offering);
  for (let at = 0; at < 3; at++) await requestRental(renter, offering);
  const { items } = await provider.ask(contracts.askers, {});
  expect(items).toEqual([
    expect.objectContaining({ handle: renter.account.handle, key: renter.account.key, waiting: 3 }),
  ]);
  const query = { role: 'provider' as const, other: renter.account.handle };
  const waiting = await provider.ask(contracts.list, { query });
  expect(waiting.items).toHaveLength(3);
  for (const { contract_id } of waiting.items) {
    await move(provider, contract_id, 'reject');
    await checkContract(t.deps, contract_id);
  }
  expect((await provider.ask(contracts.askers, {})).items).toEqual([]);
  expect((await requestRental(renter, offering)).state).toBe('pending');
});
