import type { Transaction } from 'kysely';
import { expect, test } from 'vitest';
import type { Consumer } from '../context.ts';
import { emit } from '../db/outbox.ts';
import type { Schema } from '../db/schema.ts';
import { modules } from '../modules.ts';
import type { JsonTable, Topic } from './topics.ts';

/** Complete, or it does not compile. */
const topics = {
  'account.device': true,
  'account.keys': true,
  'account.mail': true,
  'account.tokens': true,
  'contract.ends': true,
  'contract.moved': true,
  'money.posted': true,
  'notices.made': true,
  'notices.read': true,
  'payment.moved': true,
  'payout.moved': true,
  'payout.bank_account': true,
  'offering.changed': true,
  'offering.unlisted': true,
  'saved.changed': true,
  'saved.found': true,
  'webhook.disabled': true,
  'webhook.set': true,
} satisfies Record<Topic, true>;

test('every topic has a consumer', () => {
  const taken = modules.flatMap(({ consumers = [] }) =>
    consumers.flatMap(({ handlers }) => Object.keys(handlers)),
  );
  expect([...new Set(taken)].sort()).toEqual(Object.keys(topics).sort());
});

/** Compiles only because each of these does not without its mark. */
export function refusedByTypes(tx: Transaction<Schema>, at: string) {
  // @ts-expect-error: no such topic
  void emit(tx, 'contract.renamed', { contract_id: 'a' }, at);
  // @ts-expect-error: a field is missing
  void emit(tx, 'contract.moved', { contract_id: 'a' }, at);
  // @ts-expect-error: a field is of another type
  void emit(tx, 'contract.moved', { contract_id: 'a', seq: '1' }, at);
  // @ts-expect-error: a field that the topic does not have
  void emit(tx, 'contract.moved', { contract_id: 'a', seq: 1, title: 'b' }, at);
  // @ts-expect-error: a handler of a topic that nobody emits
  const unknown: Consumer['handlers'] = { 'contract.renamed': async () => [] };
  const wrong: Consumer['handlers'] = {
    // @ts-expect-error: a handler that reads what the topic does not say
    'notices.read': async (_ctx, { contract_id }: { contract_id: string }) => [contract_id],
  };
  // @ts-expect-error: a payload that JSON does not keep
  type Amounts = JsonTable<{ paid: { amount_e9s: bigint } }>;
  return { unknown, wrong } as unknown as Amounts;
}
