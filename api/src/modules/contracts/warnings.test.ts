import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { openBeside } from '../../../test/harness.ts';
import { checkContract } from '../../../test/invariants.ts';
import { move, rentalIn } from '../../../test/rental.ts';
import { sweepDue } from '../../jobs/due.ts';
import { endWarnings } from './jobs.ts';

let cast: Cast;
beforeEach(async () => {
  cast = await makeCast();
});
afterEach(() => cast.t.close());

/** What each side was told of a near end, in order. */
async function told(contract_id: string): Promise<string[]> {
  const rows = await cast.t.deps.db
    .selectFrom('notices')
    .where('contract_id', '=', contract_id)
    .where('seq', 'is', null)
    .orderBy('created_at')
    .orderBy('title')
    .selectAll()
    .execute();
  return rows.map(({ account_id, title }) => {
    const side = account_id === cast.renter.account.id ? 'renter' : 'provider';
    return `${side} ${/ends (in \S+ \w+)/.exec(title)?.[1]}`;
  });
}
const ALL = ['renter in 7 days', 'provider in a day', 'renter in a day', 'renter in an hour'];

test('each side is warned as agreed, once, whatever is swept, started anew or said meanwhile', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 10 * 24 });
  await cast.wait(3 * DAY_MS - MINUTE_MS);
  expect(await told(contract_id)).toEqual([]);
  await cast.wait(MINUTE_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(0, 1));
  await move(cast.renter, contract_id, 'message');
  const beside = await openBeside(cast.t.where, { clock: cast.t.clock });
  await sweepDue(endWarnings)(beside);
  await beside.close();
  await cast.wait(DAY_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(0, 1));
  await cast.wait(5 * DAY_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(0, 3));
  await cast.wait(23 * HOUR_MS);
  expect(await told(contract_id)).toEqual(ALL);
  await cast.wait(2 * HOUR_MS);
  expect(await told(contract_id)).toEqual(ALL);
  await checkContract(cast.t.deps, contract_id);
});

test('a contract that is shorter than a warning is not warned as it begins', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 5 * 24 });
  await cast.wait(3 * DAY_MS);
  expect(await told(contract_id)).toEqual([]);
  await cast.wait(DAY_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(1, 3));
});

test('an extension begins the warnings anew', async () => {
  const contract_id = await rentalIn('active', cast, { hours: 25 });
  await cast.wait(2 * HOUR_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(1, 3));
  await move(cast.renter, contract_id, 'extend');
  await move(cast.provider, contract_id, 'extend');
  await cast.wait(10 * HOUR_MS);
  expect(await told(contract_id)).toEqual(ALL.slice(1, 3));
  // Twelve hours more: a day is left after eleven of them.
  await cast.wait(HOUR_MS);
  expect(await told(contract_id)).toEqual([...ALL.slice(1, 3), ...ALL.slice(1, 3)]);
});

test('what nobody gave in time is given once, as the last of it, and nothing after the end', async () => {
  const late = await rentalIn('active', cast, { hours: 10 * 24 });
  const over = await rentalIn('active', cast, { hours: 8 * 24 });
  const stopped = await rentalIn('active', cast, { hours: 12 * 24 });
  await move(cast.renter, stopped, 'cancel');
  await cast.wait(9.5 * DAY_MS);
  expect(await told(late)).toEqual(ALL.slice(1, 3));
  expect(await told(over)).toEqual([]);
  expect(await told(stopped)).toEqual([]);
});
