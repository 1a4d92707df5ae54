/** Countries and cities as people write them: `Rotterdam, Netherlands`, `Germany (Falkenstein)`. */
import type { CellRead, Reader } from './cell-read.ts';
import { findCountry } from './catalogue.ts';

/** Two letters after a city may be one of these, which are countries too. */
const STATES = new Set(
  (
    'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM' +
    ' NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'
  )
    .split(' ')
    .concat('GEORGIA'),
);

/** A region of a cloud: `paris-france-5`. */
const REGION = /^[a-z]+(?:-[a-z]{3,})+-?\d*$/i;

const partsOf = (text: string): string[] =>
  text
    .split(/[,;/|()]|\s[-–—]\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const countryIn = (part: string): string | null =>
  STATES.has(part.toUpperCase()) ? null : findCountry(part);

/** Of a region's short words only `us` is a country: `sa-east-1` is in South America. */
const isCountryOfRegion = (word: string): boolean => word.length > 2 || /^us$/i.test(word);

/** A country by two letters or its name, also beside a city, which it then says too. */
export const country: Reader = (text): CellRead => {
  const value = findCountry(text);
  if (value !== null) return { value };
  const isRegion = REGION.test(text.trim());
  const parts = isRegion ? text.split(/-\d*/).filter(isCountryOfRegion) : partsOf(text);
  const codes = new Set(parts.map(countryIn).filter((code) => code !== null));
  const [code] = codes;
  if (codes.size !== 1 || code === undefined) {
    return { refused: 'Write two letters, such as NL, or the English name' };
  }
  const [city, ...others] = parts.filter((part) => countryIn(part) === null);
  return city !== undefined && others.length === 0 && !isRegion
    ? { value: code, implies: { city } }
    : { value: code };
};

/** A city without the country that may stand behind it, which it then says too. */
export const city: Reader = (text): CellRead => {
  const parts = partsOf(text);
  const last = parts.pop() ?? '';
  const code = parts.length === 0 ? null : countryIn(last);
  return code === null ? { value: text } : { value: parts.join(', '), implies: { country: code } };
};
