/** Forms of VAT ids, as one table; an id is kept with its letters in front and without spaces. */
import { checkVAT, countries } from 'jsvat-next';

/** Country -> the letters in front of its ids, and what follows them. */
const forms: Readonly<Record<string, readonly [prefix: string, rest: RegExp]>> = {
  AT: ['AT', /^U\d{8}$/],
  BE: ['BE', /^[01]\d{9}$/],
  BG: ['BG', /^\d{9,10}$/],
  CY: ['CY', /^\d{8}[A-Z]$/],
  CZ: ['CZ', /^\d{8,10}$/],
  DE: ['DE', /^\d{9}$/],
  DK: ['DK', /^\d{8}$/],
  EE: ['EE', /^\d{9}$/],
  ES: ['ES', /^[A-Z0-9]\d{7}[A-Z0-9]$/],
  FI: ['FI', /^\d{8}$/],
  FR: ['FR', /^[A-HJ-NP-Z0-9]{2}\d{9}$/],
  GR: ['EL', /^\d{9}$/],
  HR: ['HR', /^\d{11}$/],
  HU: ['HU', /^\d{8}$/],
  IE: ['IE', /^(\d{7}[A-W][A-IW]?|\d[A-Z*+]\d{5}[A-W])$/],
  IT: ['IT', /^\d{11}$/],
  LT: ['LT', /^(\d{9}|\d{12})$/],
  LU: ['LU', /^\d{8}$/],
  LV: ['LV', /^\d{11}$/],
  MT: ['MT', /^\d{8}$/],
  NL: ['NL', /^\d{9}B\d{2}$/],
  PL: ['PL', /^\d{10}$/],
  PT: ['PT', /^\d{9}$/],
  RO: ['RO', /^\d{2,10}$/],
  SE: ['SE', /^\d{10}01$/],
  SI: ['SI', /^\d{8}$/],
  SK: ['SK', /^\d{10}$/],
  GB: ['GB', /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/],
  CH: ['CHE', /^\d{9}(MWST|TVA|IVA)$/],
  NO: ['NO', /^\d{9}MVA$/],
};

/** Norway's ids are checked without the letters in front. */
const NORWAY = /^NO(?=\d{9}MVA$)/;

/**
 * A VAT id of a country as people type it: `de 136 695 976` -> `DE136695976`. Null for what has not
 * that country's form, or whose check digits are wrong.
 */
export function readVatId(typed: string, country: string): string | null {
  const form = forms[country];
  if (form === undefined) return null;
  const [prefix, rest] = form;
  const text = typed.toUpperCase().replace(/[\s.\-/]/g, '');
  const id = text.startsWith(prefix) ? text : `${prefix}${text}`;
  if (!rest.test(id.slice(prefix.length))) return null;
  const rules = countries.filter(({ codes }) => codes[0] === country);
  return checkVAT(id.replace(NORWAY, ''), rules).isValid ? id : null;
}

/** The countries whose VAT ids are known here. */
export const hasVatIds = (country: string): boolean => country in forms;

/** `EL123456783` -> `EL` and `123456783`, as VIES asks for it. */
export const vatIdParts = (vat_id: string) => ({
  prefix: vat_id.slice(0, 2),
  rest: vat_id.slice(2),
});
