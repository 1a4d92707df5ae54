/**
 * Every state x action x party through HTTP, held against the machine: nothing more and nothing
 * less.
 */
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import {
  contractActions,
  contractMachine,
  contractStateNames,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { UNDISTURBED_HOURS } from '@berth/shared/contracts/deadlines';
import { offeredFacts } from '@berth/shared/contracts/guards';
import { decide } from '@berth/shared/machine';
import { MAX_TOTAL_E9S } from '@berth/shared/money';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp, type TestApp } from './harness.ts';
import { payIn } from './money.ts';
import { signIn, signUp, type Client } from './people.ts';
import { listOffering, rentalIn, requestRental, signedMove, viewOf } from './rental.ts';

interface Cast {
  t: TestApp;
  renter: Client;
  provider: Client;
  stranger: Client;
  offering: OfferingView;
}

let cast: Cast;
/** In a currency that the renter has none of. */
let inEuros: Cast['offering'];

beforeAll(async () => {
  const t = await makeTestApp({ config: { payments: 'balance' } });
  const provider = await signUp(t, 'harbour');
  cast = {
    t,
    provider,
    renter: await signUp(t, 'sailor'),
    stranger: await signUp(t, 'stranger'),
    offering: await listOffering(provider, { stock: 10_000, max_hours: 24 }),
  };
  inEuros = await listOffering(provider, { stock: 10_000, max_hours: 24, currency: 'EUR' });
  await payIn(t.deps, cast.renter, 'USD', MAX_TOTAL_E9S);
});

afterAll(() => cast.t.close());

/** Brings a new contract to a state, by the parties' moves or the clock. */
async function contractIn(state: ContractState): Promise<string> {
  if (state === 'requested') {
    const waiting = await requestRental(cast.renter, inEuros, { pays_by: 'transfer' });
    return waiting.contract_id;
  }
  if (state === 'expired' || state === 'completed') {
    const contract_id = await rentalIn(state === 'expired' ? 'pending' : 'active', cast);
    await pass(DAY_MS + HOUR_MS);
    return contract_id;
  }
  const contract_id = await rentalIn(state, cast);
  // What waits for a time is looked at after it.
  if (state === 'provisioned') await pass(UNDISTURBED_HOURS * HOUR_MS);
  return contract_id;
}

/** So much later; a session is over by then. */
async function pass(ms: number): Promise<void> {
  const { t } = cast;
  t.clock.advance(ms);
  await t.sweep();
  cast.renter = await signIn(t, cast.renter);
  cast.provider = await signIn(t, cast.provider);
  cast.stranger = await signIn(t, cast.stranger);
}

describe.each(contractStateNames)('a contract that is %s', (state) => {
  let contract_id: string;

  beforeAll(async () => {
    contract_id = await contractIn(state);
  });

  const cells = contractActions.flatMap((action) =>
    (['renter', 'provider'] as const).map((role) => ({ action, role })),
  );

  test.each(cells)('answers $action by its $role as the machine says', async ({ action, role }) => {
    const client = cast[role];
    const view = await viewOf(client, contract_id);
    expect(view.state).toBe(state);
    const body = await signedMove(client, view, action);
    const reply = await client.send(endpoints.contracts.move, { params: { contract_id }, body });
    const decision = decide(contractMachine, { state, action, role, facts: offeredFacts });
    if (!decision.ok) {
      expect(reply.problem()).toMatchObject({
        code: `contract.${decision.code}`,
        detail: decision.sentence,
        moves: view.moves.map((move) => move.action),
      });
      return;
    }
    const { then } = decision.row;
    const next = contractMachine.moves.find(
      (row) => row.action === then && row.from.includes(decision.to),
    );
    const to = next?.to ?? decision.to;
    expect(reply.answer()).toMatchObject({ contract_id, state: to });
    if (to !== state) contract_id = await contractIn(state);
  });

  test('offers exactly the moves that it takes', async () => {
    for (const role of ['renter', 'provider'] as const) {
      const view = await viewOf(cast[role], contract_id);
      const allowed = contractActions.filter(
        (action) => decide(contractMachine, { state, action, role, facts: offeredFacts }).ok,
      );
      expect(view.moves.map(({ action }) => action).sort()).toEqual([...allowed].sort());
    }
  });

  test('does not exist for a stranger, byte for byte', async () => {
    const missing = 'f'.repeat(64);
    const ask = (id: string) =>
      cast.stranger.send(endpoints.contracts.get, { params: { contract_id: id } });
    const [own, none] = [await ask(contract_id), await ask(missing)];
    expect([own.status, own.text]).toEqual([404, none.text]);
    const view = await viewOf(cast.renter, contract_id);
    const body = await signedMove(cast.stranger, view, 'cancel', { role: 'renter' });
    const move = (id: string) =>
      cast.stranger.send(endpoints.contracts.move, { params: { contract_id: id }, body });
    const [moved, noneMoved] = [await move(contract_id), await move(missing)];
    expect([moved.status, moved.text]).toEqual([404, noneMoved.text]);
  });
});
