import { fieldNames } from '@berth/shared/market/fields';
import { readValue, writeValue } from '@berth/shared/market/values';
import { expect, test } from 'vitest';
import { controlOf } from './panel.ts';
import { placeOf, stopsOf } from './scale.ts';

const written = (name: Parameters<typeof stopsOf>[0], least: string, most: string) =>
  stopsOf(name, { least, most }).map((stop) => writeValue(name, stop));

test('a slider stands at round values, from no more than the least to no less than the most', () => {
  expect(written('gpu_memory', '20', '141')).toEqual([
    ...['16GB', '24GB', '32GB', '48GB', '64GB', '96GB', '128GB', '192GB'],
  ]);
  expect(written('price', '0.19', '2.6')).toEqual([
    ...['0.15', '0.2', '0.3', '0.5', '0.7', '1', '1.5', '2', '3'],
  ]);
  expect(written('uplink', '1000', '10000')).toEqual(['1Gbit', '2500Mbit', '5Gbit', '10Gbit']);
  expect(written('max_hours', '24', '720')).toEqual(['1d', '2d', '3d', '1w', '2w', '1mo']);
  expect(written('stock', '0', '5')).toContain('0');
});

test('where there is nothing to choose between there is no slider', () => {
  expect(stopsOf('memory', null)).toEqual([]);
  expect(stopsOf('memory', { least: '64', most: '64' })).toEqual([]);
});

test('of every field that is a range the stops rise and read back as they are written', () => {
  for (const name of fieldNames.filter((one) => controlOf(one) === 'range')) {
    const stops = stopsOf(name, { least: '0.5', most: '90' });
    expect(stops.length, name).toBeGreaterThan(2);
    for (const [at, stop] of stops.entries()) {
      expect(readValue(name, writeValue(name, stop)), name).toBe(stop);
      if (at > 0) expect(stop > stops[at - 1]!, name).toBe(true);
    }
  }
});

test('a thumb stands where its end is, between stops at the outer one, and at its edge without one', () => {
  const stops = stopsOf('memory', { least: '16', most: '128' });
  expect(stops).toEqual([16, 24, 32, 48, 64, 96, 128]);
  expect(placeOf(stops, 'from', 32)).toBe(2);
  expect(placeOf(stops, 'from', 40)).toBe(2);
  expect(placeOf(stops, 'to', 40)).toBe(3);
  expect(placeOf(stops, 'from', null)).toBe(0);
  expect(placeOf(stops, 'to', null)).toBe(6);
  expect(placeOf(stops, 'from', 1)).toBe(0);
  expect(placeOf(stops, 'to', 4_000)).toBe(6);
});
