/** Random walks of three actors over contracts, through HTTP, with the clock moving at random. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import {
  contractActions,
  contractMachine,
  isEnded,
  type ContractAction,
} from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { offeredFacts } from '@berth/shared/contracts/guards';
import { decide } from '@berth/shared/machine';
import { MAX_TOTAL_E9S } from '@berth/shared/money';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { HOUR_MS } from '@berth/shared/time';
import { checkContract, checkOffering, checkStock, checkTotals } from './invariants.ts';
import { checkLedger, checkMoney, checkPapers, payIn, takeOut } from './money.ts';
import { makeTestApp, type TestApp } from './harness.ts';
import { signIn, signUp, type Client } from './people.ts';
import { listOffering, requestRental, signedMove, viewOf } from './rental.ts';
import { runs } from '@berth/shared/runs-node';

const WALKS = runs(2_000);
const MOST_STEPS = 12;
const UNITS = 3;
/** Of 24 hours at 19.92 and a setup fee of 5, rounded up. */
const THIRD_E9S = 161_026_666_667n;

type Step =
  | { kind: 'move'; role: 'renter' | 'provider'; action: ContractAction }
  | { kind: 'next'; pick: number }
  | { kind: 'hold' }
  | { kind: 'pay' }
  | { kind: 'wait'; hours: number };

const steps = fc.array(
  fc.oneof(
    // A move from the list that the reader is offered: walks get far this way …
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('next' as const), pick: fc.nat(20) }) },
    // … and any move at all, most of which must be refused.
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('move' as const),
        role: fc.constantFrom('renter' as const, 'provider' as const),
        action: fc.constantFrom(...contractActions),
      }),
    },
    // A unit beside the contract's, which the next walk's request uses while it is held.
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const) }) },
    // A third of what the walk's request costs, where it waits for money.
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pay' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        hours: fc.integer({ min: 1, max: 30 }),
      }),
    },
  ),
  { minLength: 1, maxLength: MOST_STEPS },
);

/** Whether a move is offered and has to wait. */
const isEarly = ({ moves }: ContractView, action: ContractAction): boolean =>
  moves.some((one) => one.action === action && one.possible_at !== null);

interface Walker {
  t: TestApp;
  provider: Client;
  renter: Client;
}

/** Takes one step with a contract; what the machine does not allow must be refused. */
async function take(
  cast: Walker,
  { contract_id, offering }: { contract_id: string; offering: OfferingView },
  step: Step,
): Promise<void> {
  const { t } = cast;
  const { currency } = offering;
  if (step.kind === 'pay') {
    if (currency === 'EUR') await payIn(t.deps, cast.renter, 'EUR', THIRD_E9S);
    await t.drain();
    return;
  }
  if (step.kind === 'wait') {
    t.clock.advance(step.hours * HOUR_MS);
    await t.sweep();
    cast.renter = await signIn(t, cast.renter);
    cast.provider = await signIn(t, cast.provider);
    return;
  }
  if (step.kind === 'hold') {
    const ask = { params: { offering_id: offering.id }, body: { hours: 24 } };
    await cast.renter.ask(endpoints.offerings.hold, ask);
    return;
  }
  const role = step.kind === 'move' ? step.role : step.pick % 2 === 0 ? 'renter' : 'provider';
  const view = await viewOf(cast[role], contract_id);
  const offered = view.moves[step.kind === 'next' ? step.pick % (view.moves.length || 1) : 0];
  const action = step.kind === 'move' ? step.action : offered?.action;
  if (!action) return;
  // An extension is held from the balance.
  if (view.active_at !== null) await payIn(t.deps, cast.renter, currency, MAX_TOTAL_E9S);
  const body = await signedMove(cast[role], view, action);
  const reply = await cast[role].send(endpoints.contracts.move, {
    params: { contract_id },
    body,
  });
  const allowed = decide(contractMachine, {
    state: view.state,
    action,
    role,
    facts: { ...offeredFacts, had_time: !isEarly(view, action) },
  });
  expect(reply.status < 300, `${action} by ${role} while ${view.state}: ${reply.text}`).toBe(
    allowed.ok,
  );
}

test(`${WALKS} random walks keep every invariant`, async () => {
  const t = await makeTestApp({ config: { payments: 'balance' } });
  const provider = await signUp(t, 'harbour');
  const cast: Walker = { t, provider, renter: await signUp(t, 'sailor') };
  await payIn(t.deps, cast.renter, 'USD', MAX_TOTAL_E9S * 1_000n);
  const offer = {
    ...{ stock: UNITS, max_hours: 48 },
    operating_systems: ['Debian 13', 'Ubuntu 24.04'],
  };
  /** What is in dollars is paid at once; in euros there is nothing before somebody pays. */
  const offerings = {
    USD: await listOffering(cast.provider, offer),
    EUR: await listOffering(cast.provider, { ...offer, currency: 'EUR' }),
  };

  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom('USD' as const, 'EUR' as const), async (...given) => {
      const [walk, currency] = given;
      const offering = offerings[currency];
      const pays_by = currency === 'EUR' ? ({ pays_by: 'transfer' } as const) : {};
      const { contract_id } = await requestRental(cast.renter, offering, { hours: 24, ...pays_by });
      const rental = { contract_id, offering };
      for (const step of walk) await take(cast, rental, step);
      await checkContract(t.deps, contract_id);
      await checkMoney(t.deps, contract_id);
      await t.drain();
      await checkPapers(t.deps, contract_id);
      await checkStock(t.deps, offering.id, UNITS);
      await checkOffering(t.deps, offering.id);
      for (const { account } of [cast.renter, cast.provider]) await checkTotals(t.deps, account.id);
      const { state } = await viewOf(cast.renter, contract_id);
      // The unit goes back, so that the next walk finds one.
      if (!isEnded(state))
        await take(cast, rental, { kind: 'move', role: 'renter', action: 'cancel' });
      await takeOut(t.deps, cast.renter, 'EUR');
    }),
    { numRuns: WALKS },
  );
  await checkLedger(t.deps);
  await t.close();
});
