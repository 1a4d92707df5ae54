/** Every move of an offering in every state, and random walks over several, through HTTP. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { decide, pathTo } from '@berth/shared/machine';
import {
  offeringMachine,
  offeringMoves,
  offeringStateNames,
  type OfferingState,
} from '@berth/shared/offerings/machine';
import { runs } from '@berth/shared/runs-node';
import { checkOffering } from './invariants.ts';
import { makeTestApp, type TestApp } from './harness.ts';
import { signUp, type Client } from './people.ts';
import { listOffering } from './rental.ts';

const { offerings } = endpoints;
const WALKS = runs(400);
const role = 'provider' as const;
const facts = { has_price: true };

let t: TestApp;
let provider: Client;
let renter: Client;
beforeAll(async () => {
  t = await makeTestApp();
  provider = await signUp(t, 'harbour');
  renter = await signUp(t, 'sailor');
});
afterAll(() => t.close());

const at = (offering_id: string) => ({ params: { offering_id } });
const ownOf = (id: string) => provider.ask(offerings.getOwn, at(id));

async function move(id: string, action: (typeof offeringMoves)[number]) {
  const { version } = await ownOf(id);
  return provider.send(offerings.move, { ...at(id), body: { action, version } });
}

/** Brings a new offering to a state by the machine's own moves. */
async function offeringIn(state: OfferingState): Promise<string> {
  const { id } = await listOffering(provider);
  const path = pathTo(offeringMachine, { state: 'listed', to: state, role, facts });
  if (!path.ok) throw new Error(path.sentence);
  for (const action of path.actions) {
    const asked = offeringMoves.find((one) => one === action);
    if (asked) (await move(id, asked)).answer();
  }
  return id;
}

describe.each(offeringStateNames)('an offering that is %s', (state) => {
  test.each(offeringMoves)('answers %s as the machine says', async (action) => {
    const id = await offeringIn(state);
    const reply = await move(id, action);
    const decision = decide(offeringMachine, { state, action, role, facts });
    if (decision.ok) expect(reply.answer()).toMatchObject({ state: decision.to });
    else expect(reply.problem().detail).toBe(decision.sentence);
    await checkOffering(t.deps, id);
  });

  test.each(offeringStateNames)('becomes %s by a file as the machine’s paths lead', async (to) => {
    const id = await offeringIn(state);
    const rows = [{ id, state: to }];
    const body = { format: 'json' as const, text: JSON.stringify(rows) };
    const reply = await provider.send(offerings.import, { body });
    // Nobody archives by a file.
    expect(reply.status < 300).toBe(to !== 'archived');
    expect((await ownOf(id)).state).toBe(to === 'archived' ? state : to);
    await checkOffering(t.deps, id);
  });
});

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('move' as const), action: fc.constantFrom(...offeringMoves) }),
    fc.record({ kind: fc.constant('many' as const), action: fc.constantFrom(...offeringMoves) }),
    fc.record({ kind: fc.constant('price' as const), percent: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ kind: fc.constant('undo' as const) }),
    fc.record({ kind: fc.constant('hold' as const) }),
  ),
  { minLength: 1, maxLength: 10 },
);
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

async function take(id: string, step: Step): Promise<void> {
  if (step.kind === 'move') {
    const { state } = await ownOf(id);
    const decision = decide(offeringMachine, { state, action: step.action, role, facts });
    expect((await move(id, step.action)).status < 300).toBe(decision.ok);
  } else if (step.kind === 'hold') {
    await renter.send(offerings.hold, { ...at(id), body: { hours: 24 } });
  } else if (step.kind === 'undo') {
    const { items } = await provider.ask(offerings.listBulk, {});
    const last = items.find(({ undone_at }) => undone_at === null);
    if (last) await provider.ask(offerings.undoBulk, { params: { change_id: last.change_id } });
  } else {
    const { version } = await ownOf(id);
    const change =
      step.kind === 'many'
        ? { type: 'move' as const, action: step.action }
        : { type: 'price_percent' as const, percent: step.percent };
    const body = { offerings: [{ offering_id: id, version }], change };
    await provider.send(offerings.bulk, { body });
  }
}

test(`${WALKS} random walks leave whole logs that come to what the rows say`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const { id } = await listOffering(provider, { stock: 3 });
      for (const step of walk) await take(id, step);
      await checkOffering(t.deps, id);
    }),
    { numRuns: WALKS },
  );
});
