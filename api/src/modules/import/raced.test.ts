import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental } from '../../../test/rental.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { importOfferings, prepareImport } from './service.ts';

const { offerings } = endpoints;
let t: TestApp;
let bob: Client;
let made = 0;

beforeAll(async () => {
  t = await makeTestApp();
  bob = await signUp(t, 'bob');
});
afterAll(() => t.close());

const at = (offering_id: string) => ({ params: { offering_id } });

/** A shop of two, and what becomes of a file for the first while something else is done. */
async function openShop() {
  const ada = await signUp(t, `provider-${(made += 1)}`);
  const actor = {
    acting_for: ada.account.id,
    key: ada.account_key.public_key,
    delegation_id: ada.delegation_id,
  } as AccountActor;
  const first = await listOffering(ada, { reference: 'first', stock: 5 });
  const second = await listOffering(ada, { reference: 'second', stock: 5 });
  const text = JSON.stringify([{ reference: 'first', price: '3' }]);
  const importWhile = async (something: () => Promise<unknown>) => {
    const prepared = await prepareImport(t.deps, actor, {
      ...{ format: 'json', text, decimals: {}, cells: [], skip: [] },
    });
    await something();
    return t.deps.write((ctx) => importOfferings(ctx, actor, prepared));
  };
  const ownOf = (id: string): Promise<OwnOfferingView> => ada.ask(offerings.getOwn, at(id));
  return { ada, first, second, importWhile, ownOf };
}

describe('a file that was read', () => {
  test('is imported though a unit of an offering that it does not write is rented', async () => {
    const { first, second, importWhile, ownOf } = await openShop();
    await importWhile(() => requestRental(bob, second));
    expect(await ownOf(first.id)).toMatchObject({ price_e9s: '3000000000', stock: 5 });
    expect((await ownOf(second.id)).stock).toBe(4);
  });

  test('is not where a unit of one that it writes is, and no unit is written over', async () => {
    const { first, importWhile, ownOf } = await openShop();
    await expect(importWhile(() => requestRental(bob, first))).rejects.toMatchObject({
      problem: { code: 'offering.moved' },
    });
    expect(await ownOf(first.id)).toMatchObject({ price_e9s: first.price_e9s, stock: 4 });
  });

  test('is not where the provider has moved, named or made an offering since', async () => {
    const { ada, first, second, importWhile, ownOf } = await openShop();
    const seen = async () => ({
      offering_id: second.id,
      version: (await ownOf(second.id)).version,
    });
    const others = [
      async () => {
        const body = { version: second.version, action: 'pause' as const };
        await ada.ask(offerings.move, { ...at(second.id), body });
      },
      async () => {
        const row = { ...(await seen()), cells: { reference: 'another' } };
        await ada.ask(offerings.saveRows, { body: { rows: [row] } });
      },
      async () => {
        await ada.ask(offerings.duplicate, at(second.id));
      },
    ];
    for (const other of others) {
      let isDone = false;
      const importing = importWhile(() => other().then(() => (isDone = true)));
      await expect(importing).rejects.toMatchObject({ problem: { code: 'offering.moved' } });
      expect(isDone).toBe(true);
    }
    expect((await ownOf(first.id)).price_e9s).toBe(first.price_e9s);
  });
});
