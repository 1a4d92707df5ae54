import { expect, test } from 'vitest';
import { begun, terms } from '../../test/log.ts';
import { canonical, sha256Hex } from '../canonical.ts';
import type { HoldView } from '../offerings/hold.ts';
import type { OfferingView } from '../offerings/schemas.ts';
import { termsHash, termsOf } from '../offerings/terms.ts';
import { HOUR_MS } from '../time.ts';
import { problemOfMove, problemOfOffering } from './own-figures.ts';
import { extensionPriceOf, priceOf, refundOf } from '../price.ts';
import { governingTerms } from './standing.ts';
import type { ContractView } from './schemas.ts';

const described = {
  ...{ kind: 'gpu', title: 'Big GPU', description: '', country: 'NL', city: '' },
  ...{ gpu_model: 'H100', gpu_count: 1, gpu_memory_gib: 80, cpu_model: null, vcpus: null },
  ...{ memory_gib: null, disk_kind: null, disk_gib: null, uplink_mbps: null, traffic_tib: null },
  ...{ unmetered: false, virtualization: null, operating_systems: [], features: [] },
  ...{ gpu_interconnect: null, commitment: null },
};
const { offering_id: id, provider_key: key, ...rest } = terms;
const fields = { ...described, ...rest, id, provider: { key } };
const kept = termsOf(fields);
const offering = { ...fields, terms_hash: termsHash(kept) } as unknown as OfferingView;
const rate = governingTerms.parse(kept);
const HOURS = 24;
const total_e9s = priceOf(rate, HOURS).total_e9s.toString();
const hold = {
  ...{ terms: kept, terms_hash: offering.terms_hash, hours: HOURS },
  ...{ total_e9s, currency: kept.currency },
} as HoldView;

test('an offering, and its hold, are signed for as they hash and as they are priced', () => {
  expect(problemOfOffering([offering], null)).toBeNull();
  expect(problemOfOffering([offering, offering], hold)).toBeNull();
});

test.for<[string, OfferingView[], HoldView | null, RegExp]>([
  ['a price under the hash of another', [{ ...offering, price_e9s: '1' }], null, /^The terms/],
  ['a page that was other', [offering, { ...offering, city: 'Oslo' }], hold, /^The terms/],
  [
    'another provider',
    [{ ...offering, provider: { ...offering.provider, key: 'a'.repeat(64) } }],
    null,
    /^The terms/,
  ],
  [
    'held terms under another hash',
    [offering],
    { ...hold, terms: { ...kept, unit: 'day' } },
    /^The terms/,
  ],
  ['another total', [offering], { ...hold, total_e9s: '1' }, /^The total/],
  ['another currency', [offering], { ...hold, currency: 'EUR' }, /^The total/],
])('nothing is signed for %s', ([, shown, held, sentence]) => {
  expect(problemOfOffering(shown, held)).toMatch(sentence);
});

const now_ms = Date.parse(begun) + 5.5 * HOUR_MS;
const paid = { rate, total_e9s: BigInt(total_e9s), active_at: begun, pauses: [] };
const refund_e9s = refundOf('unused_hours', paid, new Date(now_ms).toISOString()).toString();
const extra_e9s = extensionPriceOf(rate, 3).toString();
const view = {
  ...{ terms: kept, terms_hash: sha256Hex(canonical(kept)), hours: HOURS, total_e9s },
  operating_system: terms.operating_systems[0],
  ...{
    currency: kept.currency,
    chain: null,
    state: 'active',
    role: 'renter',
    pauses: [],
    active_at: begun,
  },
  head: { at: begun },
  moves: [{ action: 'cancel', refund: { rule: 'unused_hours', refund_e9s } }],
  extension: { hash: 'a'.repeat(64), hours: 3, extra_e9s },
} as unknown as ContractView;
const cancel = { action: 'cancel' as const, data: { refund_e9s } };
const extend = (data: object) => ({
  action: 'extend' as const,
  data: { hours: 3, extra_e9s, accepts: view.extension?.hash ?? null, ...data },
});
const accept = { action: 'accept' as const };
const offered = (refund: object) =>
  ({
    moves: [{ action: 'cancel', refund: { rule: 'unused_hours', refund_e9s, ...refund } }],
  }) as unknown as Partial<ContractView>;

test('a move is signed at the figures that its terms give', () => {
  for (const move of [accept, cancel, extend({}), extend({ accepts: null })]) {
    expect(problemOfMove(view, move, now_ms)).toBeNull();
  }
});

type Lie = [string, Partial<ContractView>, Parameters<typeof problemOfMove>[1], RegExp];
test.for<Lie>([
  ['terms under another hash', { terms: { ...kept, price_e9s: '1' } }, accept, /^The terms/],
  ['an acceptance of another total', { total_e9s: '1' }, accept, /^The total/],
  ['an acceptance of other hours', { hours: 25 }, accept, /^The total/],
  ['an acceptance in another currency', { currency: 'EUR' }, accept, /^The total/],
  ['an acceptance of another choice', { operating_system: 'Windows' }, accept, /^What the renter/],
  ['an extension at another price', {}, extend({ extra_e9s: '1' }), /^The extension/],
  [
    'a proposal that was shown at another price',
    { extension: { ...view.extension!, extra_e9s: '1' } },
    extend({}),
    /^The extension/,
  ],
  [
    'a proposal of other hours',
    { extension: { ...view.extension!, hours: 4 } },
    extend({}),
    /^The extension/,
  ],
  ['a refund of another amount', {}, { ...cancel, data: { refund_e9s: '1' } }, /^The refund/],
  ['a refund shown at another amount', offered({ refund_e9s: '1' }), cancel, /^The refund/],
  ['a refund beyond what was paid', offered({ refund_e9s: '9'.repeat(15) }), cancel, /^The refund/],
  ['a refund by another rule', offered({ rule: 'full' }), cancel, /^The refund/],
])('nothing is signed for %s', ([, change, move, sentence]) => {
  expect(problemOfMove({ ...view, ...change }, move, now_ms)).toMatch(sentence);
});
