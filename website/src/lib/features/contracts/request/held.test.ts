import type { HoldView } from '@berth/shared/offerings/hold';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { expect, test } from 'vitest';
import { heldOffering, termChanges } from './held.ts';

const terms: HoldView['terms'] = {
  offering_id: 'off_1',
  provider_key: 'a'.repeat(64),
  kind: 'gpu',
  title: 'A GPU',
  description: 'Two words and then a long rest of text that goes on and on, as people do.',
  gpu_model: 'H100 SXM',
  gpu_count: 8,
  gpu_memory_gib: 80,
  cpu_model: null,
  vcpus: 64,
  memory_gib: 512,
  disk_kind: 'nvme',
  disk_gib: 1_024,
  uplink_mbps: 10_000,
  traffic_tib: null,
  unmetered: true,
  virtualization: 'kvm',
  operating_systems: ['Ubuntu 24.04'],
  features: [],
  country: 'NL',
  city: 'Amsterdam',
  price_e9s: '2000000000',
  unit: 'hour',
  currency: 'USD',
  setup_fee_e9s: '0',
  min_hours: 1,
  max_hours: 720,
  response_hours: 24,
  provisioning_hours: 24,
};
const holdOf = (changes: Partial<HoldView['terms']> = {}): HoldView => ({
  hold_id: 'hld_1',
  offering_id: 'off_1',
  expires_at: '2026-11-20T12:00:00.000Z',
  terms_hash: 'b'.repeat(64),
  terms: { ...terms, ...changes },
  hours: 10,
  total_e9s: '20000000000',
  currency: 'USD',
});
const { offering_id, provider_key, ...said } = terms;
const offering: OfferingView = {
  ...said,
  gpu_interconnect: null,
  commitment: null,
  id: offering_id,
  provider: { id: 'acc_1', handle: 'grace', display_name: 'Grace', key: provider_key },
  state: 'listed',
  version: 3,
  terms_hash: 'c'.repeat(64),
  stock: 2,
  visibility: 'public',
  reference: null,
  hourly_e9s: '2000000000',
  auto_accept_hours: null,
  on_chain: false,
  created_at: '2026-11-01T12:00:00.000Z',
  updated_at: '2026-11-01T12:00:00.000Z',
  listed_at: '2026-11-01T12:00:00.000Z',
};

test('what is held is the offering on the terms of the hold, with the hash that is signed', () => {
  const held = heldOffering(offering, holdOf({ price_e9s: '48000000000', unit: 'day' }));
  expect(held).toEqual({
    ...offering,
    price_e9s: '48000000000',
    unit: 'day',
    terms_hash: 'b'.repeat(64),
  });
});

test('what a provider no longer says is gone from what is held', () => {
  const before = { ...offering, commitment: 'spot' as const };
  expect(heldOffering(before, holdOf()).commitment).toBeNull();
});

test('every term that differs is named as it was and as it is, and no other', () => {
  const held = heldOffering(
    offering,
    holdOf({ price_e9s: '2500000000', max_hours: 48, features: ['IPv6'], commitment: 'spot' }),
  );
  expect(termChanges(offering, held)).toEqual([
    { label: 'Price', before: '$2.00 / hour', after: '$2.50 / hour' },
    { label: 'Longest', before: '1 month', after: '2 days' },
    { label: 'Commitment', before: 'not said', after: 'Spot' },
    { label: 'Features', before: 'not said', after: 'IPv6' },
  ]);
  expect(termChanges(offering, offering)).toEqual([]);
});

test('no term that is signed can change without being named', () => {
  const others: Partial<Record<keyof typeof said, unknown>> = {
    kind: 'compute',
    disk_kind: 'ssd',
    virtualization: 'xen',
    unit: 'day',
    currency: 'EUR',
    country: 'DE',
    traffic_tib: 0.0001,
    disk_gib: 1_024.000001,
  };
  const otherOf = (name: keyof typeof said, value: unknown): unknown => {
    if (name in others) return others[name];
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return value + 1;
    if (Array.isArray(value)) return [...(value as string[]), 'More'];
    return name.endsWith('_e9s') ? '7' : `${String(value ?? '')} more`;
  };
  for (const name of Object.keys(said) as (keyof typeof said)[]) {
    const changed = { ...offering, [name]: otherOf(name, said[name]) };
    expect(termChanges(offering, changed), name).not.toEqual([]);
  }
});
