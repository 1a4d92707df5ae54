import { searchFields, type FieldName } from '@berth/shared/market/fields';
import type { Bound } from '@berth/shared/market/filter';
import type { Value } from '@berth/shared/market/tree';
import { writeValue } from '@berth/shared/market/values';
import { countryName } from '@berth/shared/offerings/catalogue';

/** A value for people: `Netherlands`, `24 GB`, `NVMe`. */
export function valueWords(name: FieldName, value: Value): string {
  if (name === 'country') return countryName(String(value));
  const label = searchFields[name].values?.[String(value)];
  if (label !== undefined) return label;
  if (typeof value === 'string') return value;
  const grouped = writeValue(name, value).replace(/\d+/, (digits) =>
    digits.replace(/\B(?=(\d{3})+$)/g, ','),
  );
  return grouped.replace(/([\d.])([a-z])/i, '$1 $2');
}

const labels = new Set<FieldName>(['kind', 'country', 'region', 'gpu', 'currency', 'commitment']);
const own: Partial<Record<FieldName, (value: string) => string>> = {
  currency: (value) => `in ${value}`,
  provider: (value) => `by ${value}`,
  os: (value) => `runs ${value}`,
  feature: (value) => `with ${value}`,
};

/** Whether its value says it without the field's name. */
export const isBare = (name: FieldName): boolean => labels.has(name) && name !== 'currency';

/** What must be so, said by itself: `Netherlands`, `by acme`, `City Amsterdam`. */
export function isWords(name: FieldName, value: Value): string {
  const words = valueWords(name, value);
  const { label, type } = searchFields[name];
  if (type === 'flag') return value === true ? label : `not ${label.toLowerCase()}`;
  const say = own[name];
  if (say !== undefined) return say(words);
  return labels.has(name) ? words : `${label} ${words}`;
}

/** `GPU memory 24 GB or more`, `Price an hour under 2.5`, `vCPUs 16 to 32`. */
export function rangeWords(name: FieldName, from: Bound | null, to: Bound | null): string {
  const { label } = searchFields[name];
  const say = (bound: Bound) => valueWords(name, bound.value);
  if (from?.op === '>=' && to?.op === '<=') return `${label} ${say(from)} to ${say(to)}`;
  const least = from && (from.op === '>' ? `over ${say(from)}` : `${say(from)} or more`);
  const most = to && (to.op === '<' ? `under ${say(to)}` : `${say(to)} or less`);
  return `${label} ${[least, most].filter((words) => words !== null).join(', ')}`;
}
