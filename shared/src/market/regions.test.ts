import { expect, test } from 'vitest';
import { countries } from '../offerings/catalogue.ts';
import { regionsOf } from './regions.ts';

/** No permanent inhabitants. */
const NOWHERE = new Set(['AQ', 'TA', 'AC', 'CP', 'DG', 'EA', 'IC', 'CQ']);

test('every country lies in one region, and some in the European Union too', () => {
  const misplaced = countries()
    .map(({ code }) => code)
    .filter((code) => !NOWHERE.has(code))
    .filter((code) => regionsOf(code).filter((region) => region !== 'eu').length !== 1);
  expect(misplaced).toEqual([]);
  expect(countries().filter(({ code }) => regionsOf(code).includes('eu'))).toHaveLength(27);
  expect(regionsOf('NL')).toEqual(['europe', 'eu']);
  expect(regionsOf('AE')).toEqual(['middle_east']);
  expect(regionsOf('??')).toEqual([]);
});
