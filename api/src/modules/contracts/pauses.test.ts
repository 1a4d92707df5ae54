import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_PAUSES } from '@berth/shared/contracts/deadlines';
import { endpoints } from '@berth/shared/endpoints';
import { MAX_TOTAL_E9S } from '@berth/shared/money';
import { priceOf, refundOf } from '@berth/shared/price';
import { addHours, DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkContract } from '../../../test/invariants.ts';
import { checkMoney, payIn } from '../../../test/money.ts';
import { move, rentalIn, signedMove, viewOf } from '../../../test/rental.ts';

let cast: Cast;
beforeEach(async () => {
  cast = await makeCast({ config: { payments: 'balance' } });
  await payIn(cast.t.deps, cast.renter, 'USD', MAX_TOTAL_E9S);
});
afterEach(() => cast.t.close());

/** What of the contract's money the provider and Berth have by now. */
async function earned(contract_id: string): Promise<bigint> {
  const rows = await cast.t.deps.db
    .selectFrom('ledger_postings')
    .where('account', '=', `escrow:${contract_id}`)
    .select('amount_e9s')
    .execute();
  const held = rows.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  return BigInt((await viewOf(cast.renter, contract_id)).total_e9s) - (held < 0n ? -held : held);
}

test('what stood still is neither earned nor lost: the end moves by it to the millisecond', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 48 });
  const { active_at } = await viewOf(cast.renter, contract_id);
  await cast.wait(DAY_MS + 20 * MINUTE_MS + 7);
  await move(cast.renter, contract_id, 'suspend');
  const paused = await viewOf(cast.provider, contract_id);
  expect(paused).toMatchObject({ state: 'suspended', ends_at: null, waits_on: null });
  await cast.wait(2 * DAY_MS);
  const before = await earned(contract_id);
  await cast.wait(2 * DAY_MS + 11);
  expect(await earned(contract_id)).toBe(before);
  await move(cast.renter, contract_id, 'resume');
  const { pauses, ends_at, state } = await viewOf(cast.renter, contract_id);
  const [pause] = pauses;
  const stood_ms = Date.parse(pause?.to ?? '') - Date.parse(pause?.from ?? '');
  expect(stood_ms).toBe(4 * DAY_MS + 11);
  expect(state).toBe('active');
  expect(ends_at).toBe(addHours(active_at ?? '', 48 + stood_ms / HOUR_MS));
  await cast.wait(23 * HOUR_MS);
  expect(await viewOf(cast.renter, contract_id)).toMatchObject({ state: 'active' });
  await cast.wait(HOUR_MS);
  const { state: ended } = await viewOf(cast.renter, contract_id);
  expect(ended).toBe('completed');
  await checkContract(cast.t.deps, contract_id);
  await checkMoney(cast.t.deps, contract_id);
});

test('it can end while it stands still, by what was used before', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 48 });
  await cast.wait(5 * HOUR_MS - MINUTE_MS);
  await move(cast.renter, contract_id, 'suspend');
  await cast.wait(3 * DAY_MS);
  const shown = await viewOf(cast.renter, contract_id);
  const { terms, total_e9s } = shown;
  const rate = {
    price_e9s: BigInt(terms.price_e9s),
    unit: terms.unit,
    setup_fee_e9s: BigInt(terms.setup_fee_e9s),
  };
  const right_e9s = BigInt(total_e9s) - priceOf(rate, 5).total_e9s;
  const paid = { rate, total_e9s: BigInt(total_e9s), active_at: shown.active_at, pauses: [] };
  expect(right_e9s).toBe(refundOf('unused_hours', paid, addHours(shown.active_at ?? '', 5)));
  const offered = shown.moves.find(({ action }) => action === 'cancel')?.refund?.refund_e9s;
  expect(offered).toBe(right_e9s.toString());
  await move(cast.renter, contract_id, 'cancel');
  const { refund_e9s } = await viewOf(cast.renter, contract_id);
  expect(refund_e9s).toBe(offered);
  expect(await earned(contract_id)).toBe(BigInt(total_e9s));
  await checkContract(cast.t.deps, contract_id);
  await checkMoney(cast.t.deps, contract_id);
});

test('after 30 days it goes on by itself, both are told of both, and it is paused so often', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 48 });
  await move(cast.renter, contract_id, 'suspend');
  await cast.wait(30 * DAY_MS);
  expect(await viewOf(cast.renter, contract_id)).toMatchObject({ state: 'active' });
  await cast.t.drain();
  const notices = await cast.t.deps.db
    .selectFrom('notices')
    .where('contract_id', '=', contract_id)
    .where('kind', 'in', ['contract.suspended', 'contract.resumed'])
    .orderBy('created_at')
    .select(['account_id', 'kind'])
    .execute();
  const { renter, provider } = cast;
  expect(notices.map(({ account_id, kind }) => `${kind} ${account_id}`).sort()).toEqual([
    ...[renter, provider].map(({ account }) => `contract.resumed ${account.id}`).sort(),
    `contract.suspended ${provider.account.id}`,
  ]);
  for (let paused = 1; paused < MAX_PAUSES; paused += 1) {
    await move(cast.renter, contract_id, 'suspend');
    await move(cast.renter, contract_id, 'resume');
  }
  const body = await signedMove(cast.renter, await viewOf(cast.renter, contract_id), 'suspend');
  const reply = await cast.renter.send(endpoints.contracts.move, { params: { contract_id }, body });
  expect(reply.problem()).toMatchObject({ code: 'contract.not_yet' });
  await checkContract(cast.t.deps, contract_id);
});
