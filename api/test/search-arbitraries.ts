/** Markets and searches that are likely to meet, with values at every edge. */
import fc from 'fast-check';
import { MAX_HOURS, units } from '@berth/shared/price';
import { fieldNames, operatorsOf, searchFields, type FieldName } from '@berth/shared/market/fields';
import { presets, type Weights } from '@berth/shared/market/rank';
import { criteria, searchSorts } from '@berth/shared/market/schemas';
import type { Node } from '@berth/shared/market/tree';
import { MAX_AMOUNT_E9S } from '@berth/shared/money';
import { offeringKinds } from '@berth/shared/offerings/schemas';
import type { Rates } from '@berth/shared/rates/convert';
import type { SearchAsk } from '../src/search/index-port.ts';
import type { SearchRow } from '../src/search/row.ts';

export const NOW_MS = Date.parse('2026-01-15T12:00:00.000Z');
const DAY_MS = 86_400_000;
const oneOf = fc.constantFrom;
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const words = ['fast', 'faster', 'liquid', 'cooled', 'Zürich', 'node', 'rtx4090', 'H100', 'gpu'];
const text = fc.array(oneOf(...words), { maxLength: 4 }).map((some) => some.join(' '));
const gpuModels = [
  'RTX 4090',
  'rtx4090',
  'H100 SXM',
  'NVIDIA H100 PCIe',
  'H100',
  'A100',
  'Voodoo 2',
  'Radeon X1',
];
const cpus = ['EPYC 9654', 'Xeon Gold 6430', 'epyc 7763'];
const cities = ['Zürich', 'Den Haag', 'New York', ''];
const systems = ['Ubuntu 24.04', 'Debian 12', 'ubuntu 22.04'];
const features = ['IPv6', 'NVLink', 'Liquid cooled', 'KVM over IP'];
const countries = ['NL', 'DE', 'US', 'JP', 'ZZ'];
const handles = ['acme', 'acme-cloud', 'Zeta', 'bob'];
const amounts = [
  0n,
  1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  MAX_AMOUNT_E9S - 1n,
  MAX_AMOUNT_E9S,
];
const sizes = [0.5, 1, 8, 24, 24.5, 80, 1_024];
const counts = [1, 2, 4, 8];
const lengths = [1, 23, 24, 719, 720, 721, MAX_HOURS];

const amount = fc.oneof(
  { weight: 4, arbitrary: oneOf(10n ** 9n, 10n ** 9n + 1n, 2_500_000_000n, 720n * 10n ** 9n) },
  { weight: 1, arbitrary: oneOf(...amounts) },
);
const size = orNull(oneOf(...sizes));
const count = orNull(oneOf(...counts));

const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const id = (prefix: string, letters: number, length: number) =>
  fc
    .array(oneOf(...LETTERS.slice(0, letters)), { minLength: length, maxLength: length })
    .map((some) => `${prefix}_${some.join('').padStart(20, '0')}`);

const provider = fc
  .record({
    renters: oneOf(0, 0, 1, 5, 12),
    ended: oneOf(0, 3, 20),
    kept: oneOf(0, 1, 3),
    median_response_s: orNull(oneOf(60, 3_600, 90_000)),
  })
  .map((facts) => ({ ...facts, kept: Math.min(facts.kept, facts.ended) }));

/** Of a market, so that its rows agree about them. */
const providers = fc
  .array(provider, { minLength: handles.length, maxLength: handles.length })
  .map((all) =>
    all.map((facts, at) => ({
      ...facts,
      id: `acc_${String(at).padStart(20, '0')}`,
      handle: handles[at] ?? '',
      display_name: `${handles[at]} Hosting`,
    })),
  );

export const anyRow: fc.Arbitrary<Omit<SearchRow, 'provider'> & { provider_at: number }> = fc
  .record({
    id: id('off', 32, 3),
    kind: oneOf(...offeringKinds),
    title: text,
    description: text,
    gpu_model: orNull(oneOf(...gpuModels)),
    gpu_count: count,
    gpu_memory_gib: size,
    gpu_interconnect: orNull(oneOf('pcie', 'nvlink', 'sxm')),
    cpu_model: orNull(oneOf(...cpus)),
    vcpus: count,
    memory_gib: size,
    disk_kind: orNull(oneOf('nvme', 'ssd', 'hdd')),
    disk_gib: size,
    uplink_mbps: orNull(oneOf(100, 1_000, 10_000)),
    traffic_tib: size,
    unmetered: fc.boolean(),
    virtualization: orNull(oneOf('kvm', 'container', 'bare_metal')),
    operating_systems: fc.uniqueArray(oneOf(...systems), { maxLength: 3 }),
    features: fc.uniqueArray(oneOf(...features), { maxLength: 3 }),
    country: oneOf(...countries),
    city: oneOf(...cities),
    price_e9s: amount,
    unit: oneOf(...units),
    setup_fee_e9s: fc.oneof(oneOf(0n), amount),
    currency: oneOf('USD', 'USD', 'USD', 'EUR', 'CHF', 'ICP'),
    hours: fc.tuple(oneOf(...lengths), oneOf(...lengths)),
    stock: oneOf(0, 1, 5),
    commitment: orNull(oneOf('on_demand', 'spot', 'reserved')),
    on_chain: fc.boolean(),
    listed_ms: oneOf(NOW_MS, NOW_MS - 1, NOW_MS - DAY_MS, NOW_MS - 400 * DAY_MS),
    rule: orNull(fc.tuple(oneOf(24, 720, 8_640), oneOf(NOW_MS, NOW_MS + 1, NOW_MS - DAY_MS))),
    provider_at: fc.nat(handles.length - 1),
  })
  .map(({ hours: [one, other], rule, ...row }) => ({
    ...row,
    min_hours: Math.min(one, other),
    max_hours: Math.max(one, other),
    rule_hours: rule?.[0] ?? null,
    rule_expires_ms: rule?.[1] ?? null,
  }));

/** Rows with different ids, in no order. */
export const anyMarket: fc.Arbitrary<SearchRow[]> = fc
  .tuple(
    fc.uniqueArray(anyRow, { maxLength: 60, size: 'max', selector: (row) => row.id }),
    providers,
  )
  .map(([rows, all]) =>
    rows.map(({ provider_at, ...row }) => ({ ...row, provider: all[provider_at]! })),
  );

function valueOf(field: FieldName): fc.Arbitrary<string | number | bigint | boolean> {
  const { type, values } = searchFields[field];
  if (values !== null) return oneOf(...Object.keys(values));
  switch (type) {
    case 'flag':
      return fc.boolean();
    case 'money':
      return amount;
    case 'number':
      return field.endsWith('hours')
        ? oneOf(...lengths)
        : oneOf(0, 5, 15, 100, 1_000, ...sizes, ...counts);
    case 'time':
      return oneOf(0, 0.001, 60, 3_600, 86_400);
    case 'choice':
    case 'text':
    case 'tags': {
      const known: Partial<Record<FieldName, string[]>> = {
        gpu: [...gpuModels, '4090', 'h100 80gb'],
        country: countries,
        provider: ['acme', 'zeta', 'nobody'],
        cpu: ['epyc', 'Gold 6430', 'Intel'],
        city: ['zurich', 'haag', 'York New'],
        os: ['ubuntu', 'Debian 12', '24.04 ubuntu'],
        feature: ['ipv6', 'cooled', 'over kvm'],
      };
      return oneOf(...(known[field] ?? ['other']));
    }
  }
}

const anyIs: fc.Arbitrary<Node> = oneOf(...fieldNames).chain((field) =>
  fc.record({
    type: oneOf('is' as const),
    field: oneOf(field),
    op: oneOf(...operatorsOf(field)),
    value: valueOf(field),
  }),
);
const anyText: fc.Arbitrary<Node> = fc.record({
  type: oneOf('text' as const),
  text: fc.oneof(
    text,
    oneOf('fa', 'liqu', '4090', 'H100 SXM', 'zur', 'neth', 'europe', '-', 'acme hosting'),
  ),
  phrase: fc.boolean(),
});

const anyNode: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: anyIs },
    { weight: 1, arbitrary: anyText },
    {
      weight: 3,
      arbitrary: fc.record({
        type: oneOf('all' as const, 'any' as const),
        of: fc.array(tie('node'), { maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: oneOf('not' as const), of: tie('node') }) },
  ),
})).node;

const anyQuery: fc.Arbitrary<Node> = fc.oneof(
  anyNode,
  fc.array(anyNode, { maxLength: 5 }).map((of): Node => ({ type: 'all', of })),
);

const anyWeights: fc.Arbitrary<Weights> = fc.oneof(
  oneOf(...Object.values(presets).map(({ weights }): Weights => weights)),
  fc
    .array(fc.nat(100), { minLength: criteria.length, maxLength: criteria.length })
    .map((all) => Object.fromEntries(criteria.map((name, at) => [name, all[at]])) as Weights),
);

export const anyAsk: fc.Arbitrary<SearchAsk> = fc.record({
  query: anyQuery,
  plain: orNull(anyQuery),
  currency: orNull(oneOf('USD', 'EUR', 'GBP', 'CHF', 'ICP')),
  hours: fc.oneof(oneOf(...lengths), fc.integer({ min: 1, max: MAX_HOURS })),
  sort: oneOf(...searchSorts),
  weights: anyWeights,
  limit: fc.integer({ min: 5, max: 40 }),
  cursor: fc.constant(null),
});

/** Rates of some currencies, or none at all; ICP has none. */
export const anyRates: fc.Arbitrary<Rates | null> = orNull(
  fc.record(
    {
      USD: fc.bigInt({ min: 1n, max: 3_000_000_000n }),
      GBP: oneOf(870_000_000n, 1_000_000_000n),
      CHF: oneOf(930_000_001n, 1_000_000_000n),
    },
    { requiredKeys: [] },
  ),
);
