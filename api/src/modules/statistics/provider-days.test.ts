import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROVIDER_DAYS } from '@berth/shared/contracts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import { priceOf } from '@berth/shared/price';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { sql } from 'kysely';
import { makeCast, UNITS, type Cast } from '../../../test/cast.ts';
import { testDialect } from '../../../test/harness.ts';
import { listOffering, move, rentalIn, someOffering, viewOf } from '../../../test/rental.ts';
import { MIGRATIONS, readMigrations } from '../../db/migrate.ts';

const { contracts, offerings } = endpoints;
const DAY_S = DAY_MS / 1_000;
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast();
});
afterAll(() => cast.t.close());

const days = async () => (await cast.provider.ask(contracts.providerDays, {})).days;
const earned = async () =>
  (await days()).flatMap((day) => day.earned.map(({ amount_e9s }) => BigInt(amount_e9s)));
const units = async () => (await days()).at(-1)?.units;
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);

test('ninety days are told, today the last, and nothing but units where nothing ran', async () => {
  const told = await days();
  expect(told).toHaveLength(PROVIDER_DAYS);
  const today = cast.t.clock.now().slice(0, 10);
  expect(told.at(-1)).toMatchObject({ day: today, earned: [], rented_s: 0, units: UNITS });
  expect(told.at(-2)).toMatchObject({ units: 0, offered_s: 0 });
});

test('what ran is told on its days, and all days add up to what the overview says was earned', async () => {
  const kept = await rentalIn('active', cast, { hours: 72 });
  await cast.wait(DAY_MS + 5 * HOUR_MS);
  const cut = await rentalIn('active', cast, { hours: 72 });
  await cast.wait(7 * HOUR_MS);
  await move(cast.renter, cut, 'cancel');
  await cast.wait(4 * DAY_MS);
  expect((await viewOf(cast.renter, kept)).state).toBe('completed');
  const running = await rentalIn('active', cast, { hours: 720 });
  await cast.wait(2 * DAY_MS + HOUR_MS / 2);
  expect((await viewOf(cast.renter, running)).state).toBe('active');
  const { earned: so_far } = await cast.provider.ask(contracts.dashboard, {});
  expect(sum(await earned())).toBe(BigInt(so_far[0]?.amount_e9s ?? ''));
  const hours = 72 + 7 + 49;
  const { price_e9s, setup_fee_e9s } = someOffering;
  const rate = { price_e9s, unit: 'hour', setup_fee_e9s: 0n } as const;
  expect(sum(await earned())).toBe(3n * setup_fee_e9s + priceOf(rate, hours).total_e9s);
  const rented_h = (await days()).reduce((all, day) => all + day.rented_s, 0) / 3_600;
  expect(Math.round(rented_h)).toBe(72 + 7 + 48 + 1);
});

test('occupancy is of the units that there were, whatever contracts take and give back', async () => {
  const full = (await days()).at(-2);
  expect(full).toMatchObject({ units: UNITS, offered_s: UNITS * DAY_S, rented_s: DAY_S });
  const offering = await listOffering(cast.provider, { title: 'Two more', stock: 2 });
  expect(await units()).toBe(UNITS + 2);
  await rentalIn('active', { ...cast, offering });
  expect(await units()).toBe(UNITS + 2);
  const at = { params: { offering_id: offering.id } };
  const now = await cast.provider.ask(offerings.getOwn, at);
  await cast.provider.ask(offerings.move, {
    ...at,
    body: { action: 'pause', version: now.version },
  });
  expect(await units()).toBe(UNITS + 2);
  await cast.wait(DAY_MS);
  const { version } = await cast.provider.ask(offerings.getOwn, at);
  await cast.provider.ask(offerings.move, {
    ...at,
    body: { action: 'archive', version },
  });
  const told = await days();
  expect(told.at(-2)?.units).toBe(UNITS + 2);
  expect(told.at(-1)?.units).toBe(UNITS);
});

test('a migrated marketplace has the units that are put up now', async () => {
  const before = await units();
  const file = readMigrations(MIGRATIONS, testDialect).find(({ name }) => /_units$/.test(name));
  const [fill = ''] = /^INSERT INTO provider_units [^;]*;/m.exec(file?.text ?? '') ?? [];
  await cast.t.deps.write(async ({ tx }) => {
    await tx.deleteFrom('provider_units').execute();
    await sql.raw(fill).execute(tx);
  });
  expect(await units()).toBe(before);
});

test('others’ days are their own', async () => {
  const { days: told } = await cast.renter.ask(contracts.providerDays, {});
  expect(told.every((day) => day.units === 0 && day.earned.length === 0)).toBe(true);
});
