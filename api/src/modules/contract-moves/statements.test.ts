import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContractAction, ContractState } from '@berth/shared/contracts/machine';
import type { SignedMove } from '@berth/shared/contracts/schemas';
import { dataKindOf, statementData, type DataKind } from '@berth/shared/contracts/statement-data';
import { UNDISTURBED_HOURS } from '@berth/shared/contracts/deadlines';
import { endpoints } from '@berth/shared/endpoints';
import { signingInputOf, type Statement } from '@berth/shared/signing/statement';
import { HOUR_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkContract } from '../../../test/invariants.ts';
import type { Client } from '../../../test/people.ts';
import { rentalIn, signedMove, signedRequest, viewOf } from '../../../test/rental.ts';

const { contracts } = endpoints;

let cast: Cast;

beforeAll(async () => {
  cast = await makeCast();
});

afterAll(() => cast.t.close());

type Side = 'renter' | 'provider';

/** A state from which a side makes each of the moves that a party signs. */
const moves: [ContractAction, Side, ContractState][] = [
  ['accept', 'provider', 'pending'],
  ['reject', 'provider', 'pending'],
  ['start_provisioning', 'provider', 'accepted'],
  ['fail', 'provider', 'accepted'],
  ['mark_provisioned', 'provider', 'provisioning'],
  ['activate', 'provider', 'provisioned'],
  ['open_credentials', 'renter', 'provisioned'],
  ['rotate_credentials', 'provider', 'active'],
  ['extend', 'renter', 'active'],
  ['message', 'provider', 'active'],
  ['cancel', 'renter', 'active'],
];

/** What nothing here is compared with: a renter's own number for its request. */
const free = new Set(['request.nonce']);

/** Another value of the same form; nothing is chosen where the terms leave nothing open. */
function another(value: unknown): unknown {
  if (value === undefined) return { operating_system: 'Debian 13' };
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, another(one)]));
  }
  if (value === null) return 'a'.repeat(64);
  // No code of a fault either.
  if (typeof value === 'number') return value + 17;
  if (typeof value !== 'string') throw new TypeError('No other value is known');
  const text = value;
  if (/^\d+$/.test(text)) return (BigInt(text) + 1n).toString();
  if (text === 'USD') return 'EUR';
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

const resigned = (client: Client, body: SignedMove, change: Partial<Statement>): SignedMove => {
  const statement = { ...body.statement, ...change };
  return { ...body, statement, signature: client.sign(signingInputOf(statement)) };
};

/** Every field of a statement and of what it says, each with another value, signed anew. */
function spoilt(client: Client, kind: DataKind, body: SignedMove): [string, SignedMove][] {
  const { statement } = body;
  const later = new Date(Date.parse(statement.at) + 3_600_000).toISOString();
  const frame: Partial<Statement>[] = [
    { subject_kind: 'payment' },
    { subject_id: 'a'.repeat(64) },
    { mode: 'sandbox' },
    { seq: statement.seq + 1 },
    { prev: 'b'.repeat(64) },
    { action: kind === 'message' ? 'extend' : 'message' },
    {
      by:
        cast.provider.account.key === statement.by
          ? cast.renter.account.key
          : cast.provider.account.key,
    },
    { role: statement.role === 'renter' ? 'provider' : 'renter' },
    { role: 'system' },
    { at: later },
    { at: new Date(Date.parse(statement.at) - 60_000).toISOString() },
    { private_digest: 'c'.repeat(64) },
    { data: { ...statement.data, note: 'more' } },
  ];
  const fields = Object.keys(statementData[kind].shape).filter(
    (field) => !free.has(`${kind}.${field}`),
  );
  const said = fields.map((field): Partial<Statement> => ({
    data: { ...statement.data, [field]: another(statement.data[field]) },
  }));
  return [...frame, ...said].map((change) => [
    JSON.stringify(change),
    resigned(client, body, change),
  ]);
}

test('a request of which any field says something else is refused', async () => {
  const { body } = await signedRequest(cast.renter, cast.offering);
  const before = await cast.countContracts();
  for (const [change, spoiled] of spoilt(cast.renter, 'request', body)) {
    // A first statement follows on none, so it may be dated as its signer's clock has it.
    if (change.startsWith('{"at"') && spoiled.statement.at < body.statement.at) continue;
    const reply = await cast.renter.send(contracts.request, { body: spoiled });
    expect([change, reply.status >= 400 && reply.status < 500]).toEqual([change, true]);
  }
  expect(await cast.countContracts()).toBe(before);
  expect((await cast.renter.send(contracts.request, { body })).status).toBe(200);
});

test('a request that names another key as its renter makes nobody else’s contract', async () => {
  const { body } = await signedRequest(cast.renter, cast.offering);
  const data = { ...body.statement.data, renter: cast.provider.account.key };
  const forged = resigned(cast.renter, body, { data });
  expect(await cast.renter.refused(contracts.request, { body: forged })).toMatchObject({
    code: 'statement.invalid',
  });
});

test.each(moves)(
  '%s by the %s, of which any field says something else, is refused',
  async (action, side, state) => {
    const contract_id = await rentalIn(state, cast);
    if (action === 'activate') await cast.wait(UNDISTURBED_HOURS * HOUR_MS);
    const client = cast[side];
    const view = await viewOf(client, contract_id);
    const body = await signedMove(client, view, action);
    const kind = dataKindOf(action, side, body.statement.seq);
    const params = { contract_id };
    for (const [change, spoiled] of spoilt(client, kind, body)) {
      const reply = await client.send(contracts.move, { params, body: spoiled });
      expect([change, reply.status >= 400 && reply.status < 500]).toEqual([change, true]);
    }
    expect((await viewOf(client, contract_id)).head).toEqual(view.head);
    expect((await client.send(contracts.move, { params, body })).status).toBe(200);
    await checkContract(cast.t.deps, contract_id);
  },
);
