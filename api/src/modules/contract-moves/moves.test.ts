import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { ContractView, SignedMove } from '@berth/shared/contracts/schemas';
import { signMove } from '@berth/shared/contracts/sign';
import { HOUR_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkContract } from '../../../test/invariants.ts';
import type { Client } from '../../../test/people.ts';
import {
  deliveryOf,
  move,
  rentalIn,
  requestRental,
  signedMove,
  viewOf,
} from '../../../test/rental.ts';

const { contracts } = endpoints;

let cast: Cast;

beforeAll(async () => {
  cast = await makeCast();
});

afterAll(() => cast.t.close());

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
    await checkContract(cast.t.deps, contract_id);
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
    expect(active.ends_at).toBe(new Date(cast.t.clock.nowMs() + 24 * HOUR_MS).toISOString());
    expect(active.entries.slice(-2).map(({ action }) => action)).toEqual([
      'open_credentials',
      'activate',
    ]);
  });

  test('that ends a contract pays back by its rule, and only the amount that was signed', async () => {
    const contract_id = await rentalIn('active', cast);
    await cast.wait(90 * 60_000);
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
    // The provider's fault is not the renter's to give, and there is no such code.
    for (const fault of [10_000, 1_999]) {
      const blaming = await signMove(cast.renter.signer('renter'), {
        ...{ contract_id, head: view.head, action: 'cancel' },
        ...{ data: { refund_e9s: '438240000000', fault }, part: { reason: '' } },
      });
      expect((await send(cast.renter, contract_id, blaming)).problem()).toMatchObject({
        code: 'statement.invalid',
        detail: expect.stringContaining('yours to give') as string,
      });
    }
    await move(cast.renter, contract_id, 'cancel');
    const cancelled = await viewOf(cast.provider, contract_id);
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      refund_e9s: '438240000000',
      moves: [],
    });
    expect(cancelled.entries.at(-1)?.data).toMatchObject({ fault: 1_000 });
    await checkContract(cast.t.deps, contract_id);
  });

  test('to extend counts when both have signed the same', async () => {
    const contract_id = await rentalIn('active', cast);
    const before = await viewOf(cast.renter, contract_id);
    await move(cast.renter, contract_id, 'extend');
    const proposed = await viewOf(cast.provider, contract_id);
    expect(proposed).toMatchObject({
      ends_at: before.ends_at,
      extension: { by_role: 'renter', hours: 12, extra_e9s: '239040000000' },
      waits_on: 'provider',
    });
    const mine = { role: 'provider', waits_on: 'mine', q: contract_id } as const;
    const waiting = await cast.provider.ask(contracts.list, { query: mine });
    expect(waiting.items.map((item) => item.contract_id)).toEqual([contract_id]);
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
      waits_on: null,
    });
    await checkContract(cast.t.deps, contract_id);
  });
});
