import { describe, expect, test } from 'vitest';
import { countries, countryName, findCountry } from './catalogue.ts';
import { termsHash, termsOf } from './terms.ts';

describe('a country', () => {
  test('is found by its code or its English name, in any letter case', () => {
    expect(findCountry(' nl ')).toBe('NL');
    expect(findCountry('united states')).toBe('US');
    expect(findCountry('Atlantis')).toBeNull();
    expect(countryName('NL')).toBe('Netherlands');
    expect(countryName('<b>')).toBe('<b>');
  });

  test('is one of those there are, each found by its own name', () => {
    expect(countries().length).toBeGreaterThan(200);
    for (const { code, name } of countries()) expect(findCountry(name)).toBe(code);
    expect(countries().map(({ code }) => code)).not.toContain('EU');
  });
});

describe('terms', () => {
  const offering = {
    id: `off_${'0'.repeat(20)}`,
    provider: { key: 'a'.repeat(64), handle: 'ada' },
    kind: 'compute',
    title: 'A machine',
    description: '',
    gpu_model: null,
    gpu_count: null,
    gpu_memory_gib: null,
    cpu_model: null,
    vcpus: 2,
    memory_gib: 0.5,
    disk_kind: null,
    disk_gib: null,
    uplink_mbps: null,
    traffic_tib: null,
    unmetered: false,
    virtualization: null,
    operating_systems: ['Debian 12'],
    features: [],
    gpu_interconnect: null,
    commitment: null,
    country: 'NL',
    city: '',
    price_e9s: '1000000000',
    unit: 'hour',
    currency: 'USD',
    setup_fee_e9s: '0',
    min_hours: 1,
    max_hours: 720,
    response_hours: 24,
    provisioning_hours: 24,
    stock: 1,
    visibility: 'public',
    state: 'listed',
    version: 3,
  };
  const hashOf = (changes: object) => termsHash(termsOf({ ...offering, ...changes }));

  test('have a hash that stays, whatever stock, visibility, state and version are', () => {
    // From another implementation of RFC 8785 and SHA-256, before there were the fields left out.
    const hash = 'e290ca897b886ee72a4ed687efe0000bc58d95a0d4dc54ded224cd4ba8d9759c';
    expect(hashOf({})).toBe(hash);
    expect(hashOf({ stock: 0, visibility: 'private', state: 'paused', version: 9 })).toBe(hash);
  });

  test.each([
    ['the price', { price_e9s: '1000000001' }],
    ['the interconnect', { gpu_interconnect: 'sxm' }],
    ['the commitment', { commitment: 'spot' }],
    ['a feature', { features: ['IPv6'] }],
    ['the provider', { provider: { key: 'b'.repeat(64) } }],
    ['the hours to answer', { response_hours: 25 }],
  ])('have another hash for another value of %s', (_, changes) => {
    expect(hashOf(changes)).not.toBe(hashOf({}));
  });
});
