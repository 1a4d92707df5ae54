/** What is offered at the bounds of every field hurts nobody: each page and endpoint answers. */
import { counted } from '@berth/shared/count';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { largestPriceOf, MAX_HOURS, priceOf, units } from '@berth/shared/price';
import { contractSorts } from '@berth/shared/contracts/schemas';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { mailLooks } from '@berth/shared/mail/schemas';
import { paperKindNames } from '@berth/shared/papers/papers';
import { searchSorts } from '@berth/shared/market/schemas';
import { formatMoney, MAX_AMOUNT_E9S } from '@berth/shared/money';
import {
  CITY_MAX,
  DESCRIPTION_MAX,
  importFormats,
  MAX_GIB,
  MAX_GPUS,
  MAX_RESPONSE_HOURS,
  MAX_STOCK,
  MAX_TAGS,
  MAX_UPLINK_MBPS,
  MAX_VCPUS,
  MODEL_MAX,
  offeringInput,
  REFERENCE_MAX,
  TAG_MAX,
  TITLE_MAX,
  type OfferingInput,
  type OfferingView,
} from '@berth/shared/offerings/schemas';
import * as z from 'zod';
import { makeCast, type Cast } from './cast.ts';
import { listOffering, rentalIn, signedMove, someOffering, viewOf } from './rental.ts';

const wide = (length: number): string => 'W'.repeat(length);
const greatest: Partial<OfferingInput> = {
  title: wide(TITLE_MAX),
  description: wide(DESCRIPTION_MAX),
  gpu_model: wide(MODEL_MAX),
  gpu_count: MAX_GPUS,
  gpu_memory_gib: MAX_GIB,
  cpu_model: wide(MODEL_MAX),
  vcpus: MAX_VCPUS,
  memory_gib: MAX_GIB,
  disk_gib: MAX_GIB,
  uplink_mbps: MAX_UPLINK_MBPS,
  traffic_tib: MAX_GIB,
  city: wide(CITY_MAX),
  operating_systems: Array.from({ length: MAX_TAGS }, (_, at) => `${at}${wide(TAG_MAX - 2)}`),
  features: Array.from({ length: MAX_TAGS }, (_, at) => `${at}${wide(TAG_MAX - 2)}`),
  response_hours: MAX_RESPONSE_HOURS,
  provisioning_hours: MAX_RESPONSE_HOURS,
  stock: MAX_STOCK,
};
const least: Partial<OfferingInput> = {
  description: '',
  gpu_count: 1,
  gpu_memory_gib: Number.MIN_VALUE,
  vcpus: 1,
  memory_gib: Number.MIN_VALUE,
  disk_gib: Number.MIN_VALUE,
  uplink_mbps: 1,
  city: '',
  operating_systems: [],
  features: [],
  response_hours: 1,
  provisioning_hours: 1,
  stock: 1,
};

const HIGH_FEE_E9S = MAX_AMOUNT_E9S - 1_000_000_000n;

/** The dearest rate there is for each unit and length, without a fee and with a great one. */
const dearest = units.flatMap((unit) =>
  [1, MAX_HOURS].flatMap((max_hours) =>
    [0n, HIGH_FEE_E9S].map((setup_fee_e9s) => {
      const largest_e9s = largestPriceOf({ unit, setup_fee_e9s }, max_hours);
      const price_e9s = largest_e9s < MAX_AMOUNT_E9S ? largest_e9s : MAX_AMOUNT_E9S;
      return { unit, min_hours: 1, max_hours, setup_fee_e9s, price_e9s };
    }),
  ),
);

let cast: Cast;
const listed: OfferingView[] = [];
const contract_ids: string[] = [];

beforeAll(async () => {
  cast = await makeCast();
  const { renter, provider } = cast;
  for (const [at, rate] of dearest.entries()) {
    const reference = `${at}${wide(REFERENCE_MAX - 2)}`;
    const sizes = at % 2 === 0 ? greatest : least;
    const offering = await listOffering(provider, { ...sizes, ...rate, reference });
    listed.push(offering);
    const state = at % 2 === 0 ? 'accepted' : 'active';
    const hours = offering.max_hours;
    contract_ids.push(await rentalIn(state, { ...cast, offering }, { hours }));
    const params = { offering_id: offering.id };
    await renter.ask(endpoints.saved.saveOffering, { params });
  }
  await cast.t.deps.write(({ tx }) => tx.updateTable('accounts').set({ is_admin: 1 }).execute());
  await cast.t.drain();
});

afterAll(() => cast.t.close());

const lengths = [1, 720, MAX_HOURS];
const ranges = ['price', 'total', 'monthly', 'setup_fee'].flatMap((field) =>
  ['>=', '<='].map((op) => `${field}:${op}1000000000`),
);

/** What an endpoint is asked, where it takes a query. */
const queries = (): Record<string, Record<string, unknown>[]> => ({
  'market.search': lengths.flatMap((hours) => [
    ...searchSorts.map((sort) => ({ hours, sort, limit: MAX_PAGE_SIZE })),
    ...ranges.map((q) => ({ hours, q })),
  ]),
  'market.facets': lengths.map((hours) => ({ hours })),
  'market.completions': [{ q: 'w', at: 1 }],
  'market.compare': lengths.flatMap((hours) =>
    listed.map(({ id }, at) => ({ hours, id: [id, listed[at + 1]?.id ?? cast.offering.id] })),
  ),
  'market.position': lengths.map((hours) => ({ hours })),
  'contracts.list': (['renter', 'provider'] as const).flatMap((role) =>
    contractSorts.map((sort) => ({ role, sort, limit: MAX_PAGE_SIZE })),
  ),
  'mail.preview': mailLooks.map((look) => ({ look })),
  'mail.showSent': [{ look: 'light' }],
  'papers.file': paperKindNames.map((kind) => ({ kind, year: 9999, after: 0 })),
  'offerings.export': importFormats.map((format) => ({ format })),
});

/** Here runs no worker and no demo, nobody asks by a token or has a webhook, no chain was read. */
const without: Record<string, number> = {
  'platform.ready': 503,
  'platform.demo': 404,
  'icp.entry': 404,
  'mail.sent': 404,
  'mail.showSent': 404,
  'payments.get': 404,
  'papers.get': 404,
  'papers.show': 404,
  'papers.pdf': 404,
  'papers.showPdf': 404,
  'payouts.file': 404,
  'mail.showEnding': 404,
  'tokens.current': 404,
  'webhooks.get': 404,
  'webhooks.deliveries': 404,
  'webhooks.delivery': 404,
};

const reads = allEndpoints.filter(
  ({ method, produces }) => method === 'GET' && produces !== 'text/event-stream',
);

function subjectsOf(path: string): Record<string, string>[] {
  if (path.includes(':offering_id')) return listed.map(({ id }) => ({ offering_id: id }));
  if (path.includes(':contract_id')) return contract_ids.map((contract_id) => ({ contract_id }));
  return [{ handle: cast.provider.account.handle, block_offset: '0', entry: '0', kind: 'confirm' }];
}

test.each(reads.map((one) => ({ name: one.name, one })))(
  '$name answers about offerings and contracts at every bound',
  async ({ name, one }) => {
    const answers = without[name] ?? 200;
    for (const params of subjectsOf(one.path)) {
      for (const query of queries()[name] ?? [{}]) {
        const ask = { params, query } as never;
        const own = await cast.provider.send(one, ask);
        expect(own.status, own.text).toBe(answers);
        expect((await cast.renter.send(one, ask)).status).not.toBe(500);
      }
    }
  },
);

test('sums of many of the dearest contracts are exact', async () => {
  const { renter, provider } = cast;
  const agreed_e9s = dearest.reduce(
    (sum, rate) => sum + priceOf(rate, rate.max_hours).total_e9s,
    0n,
  );
  const { committed_30_days } = await renter.ask(endpoints.contracts.dashboard, {});
  expect(committed_30_days).toEqual([{ currency: 'USD', amount_e9s: agreed_e9s.toString() }]);
  expect(agreed_e9s > 2n ** 63n).toBe(true);
  const { so_far, to_come } = await provider.ask(endpoints.contracts.list, {
    query: { role: 'provider' },
  });
  const sum = [...so_far, ...to_come].reduce((all, one) => all + BigInt(one.amount_e9s), 0n);
  expect(sum).toBe(agreed_e9s);
});

test.each(dearest.filter(({ price_e9s }) => price_e9s < MAX_AMOUNT_E9S))(
  'for $max_hours hours per $unit a higher price is refused with the highest there can be',
  async (rate) => {
    const body = z.encode(offeringInput, { ...someOffering, ...rate });
    body.price_e9s = (rate.price_e9s + 1n).toString();
    const { errors } = await cast.provider.refused(endpoints.offerings.create, { body });
    const most = `${formatMoney(rate.price_e9s, 'USD')} per ${rate.unit}`;
    const message = `For ${counted(rate.max_hours, 'hour')} the price is at most ${most}`;
    expect(errors).toEqual([{ pointer: '/price_e9s', message }]);
  },
);

test('an extension that a contract cannot hold is refused in a sentence', async () => {
  const { renter } = cast;
  const contract_id = contract_ids[1] ?? '';
  const body = await signedMove(renter, await viewOf(renter, contract_id), 'extend');
  const ask = { params: { contract_id }, body };
  const { code, detail } = await renter.refused(endpoints.contracts.move, ask);
  expect([code, detail]).toEqual([
    'statement.invalid',
    'With these hours it would cost more than a contract can.',
  ]);
});

describe('a row that cannot be shown', () => {
  test('is left out of every list, and the rest answers', async () => {
    const broken = listed[1];
    const { t, provider, renter } = cast;
    const { hourly_e9s, features } = await t.deps.db
      .selectFrom('offerings')
      .where('id', '=', broken?.id ?? '')
      .select(['hourly_e9s', 'features'])
      .executeTakeFirstOrThrow();
    const whole = { hourly_e9s, features };
    const put = (columns: typeof whole) =>
      t.deps.write(({ tx }) =>
        tx
          .updateTable('offerings')
          .set(columns)
          .where('id', '=', broken?.id ?? '')
          .execute(),
      );
    // An amount that no schema lets through, and then a list that is none.
    for (const columns of [
      { ...whole, hourly_e9s: -1n },
      { ...whole, features: '{broken' },
    ]) {
      await put(columns);
      await t.deps.search.refresh([broken?.id ?? '']);
      const own = await provider.ask(endpoints.offerings.listOwn, { query: { limit: 100 } });
      expect(own.items.map(({ id }) => id)).not.toContain(broken?.id);
      expect(own.items).toHaveLength(listed.length);
      const hours = broken?.max_hours ?? 1;
      const query = { hours, sort: 'newest' as const, limit: 100 };
      const found = await renter.ask(endpoints.market.search, { query });
      expect(found.items.length).toBeGreaterThan(1);
      expect(found.items.map(({ id }) => id)).not.toContain(broken?.id);
      const saved = await renter.ask(endpoints.saved.listOfferings, { query: {} });
      expect(saved.items.length).toBeGreaterThan(1);
    }
    await put(whole);
  });
});
