import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { testDialect } from '../../../test/harness.ts';
import { checkTotals } from '../../../test/invariants.ts';
import { rentalIn, requestRental } from '../../../test/rental.ts';
import { MIGRATIONS, readMigrations } from '../../db/migrate.ts';
import { foldChanges } from './jobs.ts';
import { hasAnyUnfolded } from './repo.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast();
  await rentalIn('active', cast);
  await cast.wait(400 * DAY_MS);
  for (const state of ['active', 'cancelled', 'rejected', 'provisioned'] as const) {
    await rentalIn(state, cast);
  }
});
afterAll(() => cast.t.close());

async function check(): Promise<void> {
  for (const { account } of [cast.renter, cast.provider]) {
    await checkTotals(cast.t.deps, account.id);
  }
}

test('the totals of contracts are what adding them up gives, also of many at once', async () => {
  await check();
  const cancel = async () => rentalIn('cancelled', cast);
  await Promise.all([requestRental(cast.renter, cast.offering), cancel(), cancel()]);
  await check();
});

test('totals that two processes fold at once stay as they are, in few rows', async () => {
  await Promise.all([foldChanges(cast.t.deps), foldChanges(cast.t.deps)]);
  expect(await hasAnyUnfolded(cast.t.deps.db)).toBe(false);
  await check();
  await rentalIn('rejected', cast);
  await foldChanges(cast.t.deps);
  await check();
});

test('the migration fills the totals from the contracts that there are', async () => {
  const file = readMigrations(MIGRATIONS, testDialect).find(({ name }) => /_totals$/.test(name));
  const [fill = ''] = /^INSERT INTO contract_totals [^;]*;/m.exec(file?.text ?? '') ?? [];
  await cast.t.deps.write(async ({ tx }) => {
    await tx.deleteFrom('contract_totals').execute();
    await sql.raw(fill).execute(tx);
  });
  await check();
});

test('a list says how many contracts there are, how many wait and what they come to', async () => {
  const page = await cast.provider.ask(endpoints.contracts.list, { query: { role: 'provider' } });
  expect(page.counts).toMatchObject({ active: 1, provisioned: 1, completed: 1, rejected: 2 });
  expect(page.counts).not.toHaveProperty('accepted');
  expect(page.waiting).toBe(page.counts.pending ?? 0);
  expect(page.to_come).toHaveLength(1);
});
