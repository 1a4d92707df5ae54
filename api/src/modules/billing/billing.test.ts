import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { addHours, DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { testDialect } from '../../../test/harness.ts';
import { checkLedger, checkMoney, payIn } from '../../../test/money.ts';
import { checkContract } from '../../../test/invariants.ts';
import { signIn, signUp } from '../../../test/people.ts';
import {
  listOffering,
  move,
  rentalIn,
  requestRental,
  setAutoAccept,
  signedRequest,
  viewOf,
} from '../../../test/rental.ts';
import type { Tx } from '../../db/database.ts';
import { holdEscrow, holdMore } from './index.ts';

const { ledger, contracts } = endpoints;
/** 24 hours at 19.92 and a setup fee of 5. */
const TOTAL_E9S = 483_080_000_000n;

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast({ config: { payments: 'balance', wire_details: 'IBAN NL00 BERTH' } });
});
afterAll(async () => {
  await checkLedger(cast.t.deps);
  await cast.t.close();
});

/** Until somebody waits for what this transaction holds; on SQLite whoever writes does at once. */
async function othersWait(tx: Tx): Promise<void> {
  if (testDialect === 'sqlite') return;
  const waiting = sql`SELECT 1 FROM pg_stat_activity
    WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))`;
  while ((await waiting.execute(tx)).rows.length === 0);
}

const moneyOf = (contract_id: string) =>
  cast.renter.ask(ledger.contract, { params: { contract_id } });
const moneyBy = (client: Cast['renter'], contract_id: string) =>
  client.ask(ledger.contract, { params: { contract_id } });
const balancesOf = async (client: Cast['renter']) =>
  (await client.ask(ledger.billing, {})).balances.find(({ currency }) => currency === 'USD');

describe('a request', () => {
  test('needs its total in the balance, and says how much is missing', async () => {
    const poor = await signUp(cast.t, 'poor');
    await payIn(cast.t.deps, poor, 'USD', TOTAL_E9S - 1n);
    const { body } = await signedRequest(poor, cast.offering);
    const reply = await poor.send(contracts.request, { body });
    expect(reply.problem()).toMatchObject({
      code: 'payment.missing',
      status: 402,
      currency: 'USD',
      missing_e9s: '1',
    });
    expect(reply.problem().detail).toContain('$0.000000001 more is needed');
    // Nothing is left of it: no contract, no unit taken, nothing held.
    expect(await cast.countContracts()).toBe(0);
    expect(await balancesOf(poor)).toMatchObject({ held_e9s: '0' });
    await payIn(cast.t.deps, poor, 'USD', 1n);
    expect((await poor.send(contracts.request, { body })).status).toBe(200);
    expect(await balancesOf(poor)).toMatchObject({
      available_e9s: '0',
      held_e9s: TOTAL_E9S.toString(),
    });
  });

  test('of which only one can be paid is made once, of eight at the same moment', async () => {
    const eager = await signUp(cast.t, 'eager');
    await payIn(cast.t.deps, eager, 'USD', TOTAL_E9S * 2n - 1n);
    const bodies = await Promise.all(
      Array.from({ length: 8 }, () => signedRequest(eager, cast.offering)),
    );
    const replies = await Promise.all(
      bodies.map(({ body }) => eager.send(contracts.request, { body })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a request that says how it is paid', () => {
  /** Whoever has a part of what the total is. */
  const withSome = async (name: string, amount_e9s: bigint) => {
    const renter = await signUp(cast.t, name);
    if (amount_e9s > 0n) await payIn(cast.t.deps, renter, 'USD', amount_e9s);
    return renter;
  };
  const book = async (client: Cast['renter'], amount_e9s: bigint) => {
    await payIn(cast.t.deps, client, 'USD', amount_e9s);
    await cast.t.drain();
  };
  const stateOf = async (client: Cast['renter'], contract_id: string) =>
    (await viewOf(client, contract_id)).state;

  test('waits with what there is held, and asks the provider once all of it is', async () => {
    const renter = await withSome('waiter', 100n);
    const { contract_id, state } = await requestRental(renter, cast.offering, {
      pays_by: 'transfer',
    });
    expect(state).toBe('requested');
    const view = await viewOf(renter, contract_id);
    expect(view).toMatchObject({
      ...{ waits_on: 'renter', due_at: addHours(view.requested_at, 7 * 24) },
      moves: [{ action: 'message' }, { action: 'cancel', refund: { rule: 'unpaid' } }],
    });
    const missing_e9s = TOTAL_E9S - 100n;
    expect((await renter.ask(ledger.contract, { params: { contract_id } })).escrow).toMatchObject({
      ...{ pays_by: 'transfer', missing_e9s: missing_e9s.toString(), held_e9s: '100' },
    });
    const nothing = { currency: 'USD', escrow: null, postings: [] };
    expect(await moneyBy(cast.provider, contract_id)).toEqual(nothing);
    await cast.t.drain();
    const unasked = await cast.provider.ask(endpoints.notices.list, { query: {} });
    expect(unasked.items.filter(({ link }) => link.endsWith(contract_id))).toEqual([]);
    await book(renter, missing_e9s - 1n);
    expect(await stateOf(renter, contract_id)).toBe('requested');
    await checkMoney(cast.t.deps, contract_id);
    await book(renter, 3n);
    expect(await stateOf(renter, contract_id)).toBe('pending');
    expect(await balancesOf(renter)).toMatchObject({
      ...{ available_e9s: '2', held_e9s: TOTAL_E9S.toString() },
    });
    // Nor does its provider see afterwards in which parts it came.
    const seen = await moneyBy(cast.provider, contract_id);
    expect(seen).toMatchObject({ escrow: { held_e9s: TOTAL_E9S.toString() }, postings: [] });
    const asked = await cast.provider.ask(endpoints.notices.list, { query: {} });
    expect(asked.items.filter(({ link }) => link.endsWith(contract_id))).toHaveLength(1);
    await checkMoney(cast.t.deps, contract_id);
    await checkContract(cast.t.deps, contract_id);
  });

  test.each([
    ['card', MINUTE_MS * 30],
    ['transfer', DAY_MS * 7],
  ] as const)('by %s expires unpaid, and gives unit and money back', async (pays_by, ms) => {
    const renter = await withSome(`late-${pays_by}`, 5n);
    const offering = await listOffering(cast.provider, { stock: 1 });
    const { contract_id } = await requestRental(renter, offering, { pays_by });
    await cast.wait(ms - 1);
    const waiting = await signIn(cast.t, renter);
    expect(await stateOf(waiting, contract_id)).toBe('requested');
    await cast.wait(1);
    expect(await stateOf(waiting, contract_id)).toBe('expired');
    expect(await balancesOf(waiting)).toMatchObject({ available_e9s: '5', held_e9s: '0' });
    const params = { offering_id: offering.id };
    expect((await cast.provider.ask(endpoints.offerings.getOwn, { params })).stock).toBe(1);
    await checkMoney(cast.t.deps, contract_id);
    await checkContract(cast.t.deps, contract_id);
    // What comes too late stays in the balance.
    await book(waiting, TOTAL_E9S);
    expect(await stateOf(waiting, contract_id)).toBe('expired');
    expect((await balancesOf(waiting))?.available_e9s).toBe((TOTAL_E9S + 5n).toString());
  });

  test('is cancelled unpaid, and then no money moves it', async () => {
    const renter = await withSome('quitter', 7n);
    const { contract_id } = await requestRental(renter, cast.offering, { pays_by: 'card' });
    await move(renter, contract_id, 'cancel');
    expect(await balancesOf(renter)).toMatchObject({ available_e9s: '7', held_e9s: '0' });
    await checkMoney(cast.t.deps, contract_id);
    await checkContract(cast.t.deps, contract_id);
  });

  test('is declined before it is paid, which is no answer, and what comes then is the renter’s', async () => {
    const renter = await withSome('hoarder', 7n);
    const { contract_id } = await requestRental(renter, cast.offering, { pays_by: 'transfer' });
    const offer = () =>
      cast.provider.ask(endpoints.offerings.getOwn, { params: { offering_id: cast.offering.id } });
    const { stock } = await offer();
    await move(cast.provider, contract_id, 'reject');
    expect((await offer()).stock).toBe(stock + 1);
    expect(await balancesOf(renter)).toMatchObject({ available_e9s: '7', held_e9s: '0' });
    await book(renter, TOTAL_E9S);
    expect(await viewOf(renter, contract_id)).toMatchObject({ state: 'rejected', refund_e9s: '0' });
    expect((await balancesOf(renter))?.available_e9s).toBe((TOTAL_E9S + 7n).toString());
    const record = cast.t.deps.db.selectFrom('provider_contracts').selectAll();
    expect(
      await record.where('contract_id', '=', contract_id).executeTakeFirstOrThrow(),
    ).toMatchObject({ outcome: 'kept', answered_at: null });
    await checkMoney(cast.t.deps, contract_id);
    await checkContract(cast.t.deps, contract_id);
  });

  test('is paid in the order of the requests, each once, and accepted by the rule then', async () => {
    const renter = await withSome('many', 0n);
    const ruled = await listOffering(cast.provider, { stock: 9 });
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { contract_id } = await requestRental(renter, ruled, { pays_by: 'transfer' });
      ids.push(contract_id);
      cast.t.clock.advance(1_000);
    }
    await setAutoAccept(cast.provider, ruled, 24);
    await book(renter, TOTAL_E9S * 2n + 1n);
    expect(await Promise.all(ids.map((id) => stateOf(renter, id)))).toEqual([
      ...['accepted', 'accepted', 'requested'],
    ]);
    expect((await moneyBy(renter, ids[2]!)).escrow).toMatchObject({ held_e9s: '1' });
    for (const id of ids) await checkMoney(cast.t.deps, id);
    for (const id of ids) await checkContract(cast.t.deps, id);
  });

  test('is refused where nothing is paid here', async () => {
    const free = await makeCast();
    const { body } = await signedRequest(free.renter, free.offering, { pays_by: 'card' });
    const refused = await free.renter.refused(contracts.request, { body });
    expect(refused).toMatchObject({ code: 'payment.off', status: 409 });
    await free.t.close();
  });
});

describe('a contract that is paid', () => {
  beforeAll(() => payIn(cast.t.deps, cast.renter, 'USD', TOTAL_E9S * 20n));

  test('gives all back where it ends before it is active', async () => {
    const before = await balancesOf(cast.renter);
    const contract_id = await rentalIn('rejected', cast);
    expect(await moneyOf(contract_id)).toMatchObject({
      escrow: { held_e9s: '0', refunded_e9s: TOTAL_E9S.toString(), earned_e9s: '0' },
    });
    expect(await balancesOf(cast.renter)).toEqual(before);
    await checkMoney(cast.t.deps, contract_id);
  });

  test('earns by the day, and at its end the rest, less the commission', async () => {
    const contract_id = await rentalIn('active', cast, { hours: 72 });
    const total_e9s = BigInt((await viewOf(cast.renter, contract_id)).total_e9s);
    await cast.wait(DAY_MS + HOUR_MS);
    const running = await moneyOf(contract_id);
    // 25 hours have begun, as a tick five minutes back sees it; the setup fee is not earned yet.
    const earned_e9s = 25n * 19_920_000_000n;
    expect(running.escrow).toMatchObject({
      held_e9s: (total_e9s - earned_e9s).toString(),
      commission_e9s: (earned_e9s / 10n).toString(),
      earned_e9s: (earned_e9s - earned_e9s / 10n).toString(),
    });
    await cast.wait(3 * DAY_MS);
    expect(await moneyOf(contract_id)).toMatchObject({
      escrow: {
        held_e9s: '0',
        refunded_e9s: '0',
        commission_e9s: (total_e9s / 10n).toString(),
        earned_e9s: (total_e9s - total_e9s / 10n).toString(),
      },
    });
    expect((await balancesOf(cast.provider))?.payable_e9s).toBe(
      (total_e9s - total_e9s / 10n).toString(),
    );
    await checkMoney(cast.t.deps, contract_id);
  });

  test('ends at the least refund right after a day was earned', async () => {
    const contract_id = await rentalIn('active', cast, { hours: 72 });
    await cast.wait(DAY_MS + 1);
    await move(cast.provider, contract_id, 'cancel');
    await checkMoney(cast.t.deps, contract_id);
  });

  test('earns no more by the day for an extension of the same moment', async () => {
    const contract_id = await rentalIn('active', cast, { hours: 72 });
    const extra_e9s = 10n * 19_920_000_000n;
    cast.t.clock.advance(DAY_MS + HOUR_MS);
    const held = Promise.withResolvers<void>();
    const extended = cast.t.deps.write(async (ctx) => {
      const { tx } = ctx;
      // As `extend` writes it: the contract's row, then what its escrow has.
      const row = await tx
        .updateTable('contract_sign_requests')
        .set((eb) => ({ total_e9s: eb('total_e9s', '+', extra_e9s), hours: eb('hours', '+', 10) }))
        .where('contract_id', '=', contract_id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await holdMore(ctx, row, extra_e9s, 99);
      held.resolve();
      await othersWait(tx);
      return holdEscrow(ctx, row);
    });
    await held.promise;
    const [held_e9s] = await Promise.all([extended, cast.t.sweep()]);
    const earned_e9s = 25n * 19_920_000_000n;
    cast.renter = await signIn(cast.t, cast.renter);
    cast.provider = await signIn(cast.t, cast.provider);
    expect((await moneyOf(contract_id)).escrow?.held_e9s).toBe((held_e9s - earned_e9s).toString());
    await checkMoney(cast.t.deps, contract_id);
  });

  test('holds more for an extension, which is refused without the money for it', async () => {
    const short = await signUp(cast.t, 'short');
    await payIn(cast.t.deps, short, 'USD', TOTAL_E9S);
    const own = { ...cast, renter: short };
    const contract_id = await rentalIn('active', own);
    await move(short, contract_id, 'extend');
    // The provider learns that it is too little, and not how much there is.
    await expect(move(cast.provider, contract_id, 'extend')).rejects.toThrow(
      /^payment\.missing: \D*$/,
    );
    await payIn(cast.t.deps, short, 'USD', 12n * 19_920_000_000n);
    await move(cast.provider, contract_id, 'extend');
    expect((await viewOf(short, contract_id)).hours).toBe(36);
    await checkMoney(cast.t.deps, contract_id);
  });

  test('shows each party its postings, and nobody else', async () => {
    const { contract_id } = await requestRental(cast.renter, cast.offering);
    const { items } = await cast.renter.ask(ledger.postings, { query: { limit: 1 } });
    expect(items).toMatchObject([
      {
        ...{ account: 'balance', cause: 'contract.hold', contract_id, currency: 'USD' },
        ...{ amount_e9s: (-TOTAL_E9S).toString(), memo: `Held for “${cast.offering.title}”` },
      },
    ]);
    const stranger = await signUp(cast.t, 'stranger');
    const ask = { params: { contract_id } };
    expect((await stranger.send(ledger.contract, ask)).status).toBe(404);
    expect((await stranger.ask(ledger.postings, {})).items).toEqual([]);
  });
});

test('whoever pays in learns where to, and by which reference', async () => {
  const { payments, wire } = await cast.renter.ask(ledger.billing, {});
  expect(payments).toBe('balance');
  expect(wire).toEqual({ details: 'IBAN NL00 BERTH', reference: cast.renter.account.id });
});

test('where no payments are taken a contract needs no money and has none', async () => {
  const free = await makeCast();
  const contract_id = await rentalIn('cancelled', free);
  const money = await free.renter.ask(ledger.contract, { params: { contract_id } });
  expect(money).toEqual({ currency: 'USD', escrow: null, postings: [] });
  expect(await free.renter.ask(ledger.billing, {})).toEqual({
    ...{ payments: 'off', ways: [], balances: [], wire: null },
  });
  expect((await free.t.deps.db.selectFrom('ledger_entries').selectAll().execute()).length).toBe(0);
  await free.t.close();
});
