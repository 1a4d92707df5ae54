import { offeringInput } from '@berth/shared/offerings/schemas';
import type { FieldError } from '@berth/shared/problems';
import { inputOf, type Sheet } from './sheet.ts';

const NOT_A_NUMBER = 'A number';
const NOT_AN_AMOUNT = 'An amount such as 2.50';
const AMOUNTS = new Set(['price_e9s', 'setup_fee_e9s']);

/** What the API would refuse, by the API's own rules; loaded when the first field is left. */
export function errorsOf(sheet: Sheet): FieldError[] {
  const checked = offeringInput.safeParse(inputOf(sheet));
  if (checked.success) return [];
  return checked.error.issues.map(({ path, code, message }) => {
    const name = String(path[0]);
    const isNotNumber = code === 'invalid_type';
    return {
      pointer: `/${name}`,
      message: AMOUNTS.has(name)
        ? code === 'custom'
          ? message
          : NOT_AN_AMOUNT
        : isNotNumber
          ? NOT_A_NUMBER
          : message,
    };
  });
}
