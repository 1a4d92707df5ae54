import { expect, test } from 'vitest';
import type { ContractItem, ContractView } from '@berth/shared/contracts/schemas';
import { problem } from '@berth/shared/problems';
import { acceptEach, obstacleTo, summaryOf, type Asked, type Came } from './accept-each.ts';

const asked = (id: string): Asked => ({
  item: { contract_id: id, title: id } as ContractItem,
  view: { contract_id: id } as ContractView,
  idempotency_key: id,
});
const all = ['a', 'b', 'c', 'd', 'e'].map(asked);

async function run(send: (id: string) => Promise<void>, goesOn: () => boolean = () => true) {
  const came: Came[] = [];
  const sent: string[] = [];
  await acceptEach(
    all,
    async ({ item }) => {
      sent.push(item.contract_id);
      await send(item.contract_id);
    },
    { goesOn, oncame: (one) => came.push(one) },
  );
  return { sent, said: came.map(({ item, outcome }) => `${item.contract_id} ${outcome}`), came };
}

test('what was answered, taken back or added to meanwhile is passed over, with why', async () => {
  const states: Record<string, string> = { b: 'cancelled', d: 'pending' };
  const { sent, said, came } = await run((id) =>
    id in states
      ? Promise.reject(problem('contract.moved', 'Sign again.', { head: { state: states[id] } }))
      : Promise.resolve(),
  );
  expect(sent).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(said).toEqual(['a counted', 'b refused', 'c counted', 'd refused', 'e counted']);
  expect(came[1]?.why).toContain('It is cancelled by now');
  expect(came[3]?.why).toContain('Something was added to it');
});

test('a lost connection leaves one without an answer and the rest unsigned', async () => {
  const { sent, said } = await run((id) =>
    id === 'c' ? Promise.reject(problem('service.busy')) : Promise.resolve(),
  );
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(said.slice(2)).toEqual(['c unknown', 'd not_sent', 'e not_sent']);
});

test('too many requests, or a device without leave, stops before more is signed', async () => {
  for (const code of ['rate_limit.exceeded', 'session.scope', 'session.missing'] as const) {
    const { sent, said } = await run(() => Promise.reject(problem(code)));
    expect(sent).toEqual(['a']);
    expect(said).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => `${id} not_sent`));
  }
});

test('stopped by the reader, it signs no more', async () => {
  let left = 2;
  const { sent } = await run(
    () => Promise.resolve(),
    () => left-- > 0,
  );
  expect(sent).toEqual(['a', 'b']);
});

test('an error that is no refusal is not taken for one', async () => {
  await expect(run(() => Promise.reject(new Error('a fault of ours')))).rejects.toThrow('a fault');
});

const view = (name: string, currency: string, total_e9s: string, provisioning_hours: number) =>
  ({
    renter: { display_name: name },
    currency,
    total_e9s,
    terms: { provisioning_hours },
  }) as ContractView;

test('what is about to be signed is summed up by renter, currency and deadline', () => {
  expect(
    summaryOf([
      view('Ada', 'USD', '9000000000000000000', 24),
      view('Bob', 'EUR', '5', 4),
      view('Ada', 'USD', '9000000000000000000', 24),
    ]),
  ).toEqual({
    count: 3,
    renters: [
      { name: 'Ada', count: 2 },
      { name: 'Bob', count: 1 },
    ],
    totals: [
      { currency: 'EUR', amount_e9s: 5n },
      { currency: 'USD', amount_e9s: 18_000_000_000_000_000_000n },
    ],
    deadlines: [
      { hours: 4, count: 1 },
      { hours: 24, count: 2 },
    ],
  });
});

test('what is accepted already, or does not add up, is not asked to be signed', () => {
  const standing = (state: string) => ({ state, role: 'provider' }) as ContractView;
  expect(obstacleTo(standing('pending'), null)).toBeNull();
  expect(obstacleTo(standing('pending'), 'The total is wrong.')).toBe('The total is wrong.');
  expect(obstacleTo(standing('cancelled'), null)).toContain('By now it is cancelled');
});
