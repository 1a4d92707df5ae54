import { expect, test } from 'vitest';
import { compareHref, readCompared } from '#lib/features/saved/compare-list.ts';
import { comparisonOf, type ComparedOffering } from './comparison.ts';

const price = {
  hours: 24,
  total_e9s: '24000000000',
  usage_e9s: '24000000000',
  setup_fee_e9s: '0',
  hourly_e9s: '1000000000',
  monthly_e9s: '720000000000',
  comparable: true,
  converted: null,
};
const party = { id: 'acc', handle: 'acme', display_name: 'Acme', key: '0'.repeat(64) };

const offering = (changes: Partial<ComparedOffering>): ComparedOffering => ({
  ...{ id: 'off', provider: party, state: 'listed', version: 1, terms_hash: '0'.repeat(64) },
  ...{ kind: 'gpu', title: 'One', description: '', gpu_model: 'H100 SXM', gpu_count: 8 },
  ...{ gpu_memory_gib: 80, gpu_interconnect: null, cpu_model: null, vcpus: 96, memory_gib: 512 },
  ...{ disk_kind: 'nvme', disk_gib: 1_024, uplink_mbps: 10_000, traffic_tib: 20 },
  ...{ unmetered: false, virtualization: 'kvm', operating_systems: [], features: [] },
  ...{ commitment: null, country: 'NL', city: 'Amsterdam', price_e9s: '1000000000', unit: 'hour' },
  ...{ currency: 'USD', setup_fee_e9s: '0', min_hours: 1, max_hours: 720, response_hours: 4 },
  ...{ provisioning_hours: 4, stock: 1, visibility: 'public', reference: null },
  ...{ hourly_e9s: '1000000000', auto_accept_hours: null, on_chain: false, listed_at: null },
  ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
  ...{ price, fits_hours: true, values: {} as ComparedOffering['values'] },
  ...changes,
});

const linesOf = (...items: ComparedOffering[]) =>
  Object.fromEntries(
    comparisonOf(items, 24)
      .flatMap(({ rows }) => rows)
      .map(({ label, cells, differs }) => [
        label,
        { differs, cells: cells.map(({ words, is_best }) => `${words}${is_best ? ' best' : ''}`) },
      ]),
  );

test('lines that differ are known, and the best of a line is marked where there is one', () => {
  const dear = { ...price, total_e9s: '48000000000' };
  const lines = linesOf(
    offering({ memory_gib: 512 }),
    offering({ memory_gib: 1_024, price: dear, country: 'DE', unmetered: true }),
    offering({ memory_gib: null }),
  );
  expect(lines['Memory']).toEqual({ differs: true, cells: ['512 GiB', '1 TiB best', '–'] });
  expect(lines['Total for 1 day']).toEqual({
    differs: true,
    cells: ['$24.00 best', '$48.00', '$24.00 best'],
  });
  expect(lines['Traffic a month']?.cells).toEqual(['20 TiB', 'Unmetered best', '20 TiB']);
  expect(lines['vCPUs']).toEqual({ differs: false, cells: ['96', '96', '96'] });
  expect(lines['Place']?.cells[1]).toBe('Amsterdam, Germany');
  expect(lines['Processor']).toBeUndefined();
});

test('amounts of different currencies have no best', () => {
  const lines = linesOf(
    offering({}),
    offering({ currency: 'EUR', price: { ...price, total_e9s: '1000000000' } }),
  );
  expect(lines['Total for 1 day']?.cells).toEqual(['$24.00', '€1.00']);
});

test('what a device kept of a comparison is read whatever it holds, four at most', () => {
  expect(readCompared(null)).toEqual([]);
  expect(readCompared('{broken')).toEqual([]);
  expect(readCompared('{"id":1}')).toEqual([]);
  const kept = [1, 2, 3, 4, 5].map((at) => ({ id: `off_${at}`, title: `T${at}` }));
  expect(readCompared(JSON.stringify([{ id: 3 }, ...kept]))).toEqual(kept.slice(0, 4));
  expect(compareHref(['off_1', 'off_2'], 24)).toBe('/compare?id=off_1&id=off_2&hours=24');
  expect(compareHref(['off_1'], 720)).toBe('/compare?id=off_1');
});
