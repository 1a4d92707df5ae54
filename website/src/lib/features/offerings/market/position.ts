import { counted } from '@berth/shared/count';
import { searchFields, type FieldName } from '@berth/shared/market/fields';
import type { PositionReply } from '@berth/shared/market/schemas';
import { hoursWords } from '#lib/hours.ts';

type Position = NonNullable<PositionReply['position']>;

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const HUNDRED = 100;

/** `Costs no more than 72 of 100 comparable offerings`: of few they are counted, not scaled up. */
export function positionWords({ percentile, comparable, cheaper }: Position): string {
  if (comparable === 1) {
    return cheaper === 1
      ? 'Costs more than the only comparable offering'
      : 'Costs no more than the only comparable offering';
  }
  if (cheaper === 0) return `None of ${comparable.toLocaleString('en')} comparable is cheaper`;
  if (cheaper === comparable) {
    return `Every one of ${counted(comparable, 'comparable offering')} is cheaper`;
  }
  const [some, of] =
    comparable < HUNDRED ? [comparable - cheaper, comparable] : [percentile, HUNDRED];
  return `Costs no more than ${some} of ${counted(of, 'comparable offering')}`;
}

/** What makes offerings comparable, in words. */
export function ruleWords({ same, comparable }: Position, hours: number): string {
  return (
    `Compared with ${counted(comparable, 'listed offering')} of the same ` +
    `${listed(same.map(labelOf))}, by the total for ${hoursWords(hours)} with setup.`
  );
}

/** How a field reads in that sentence, where its label alone would not. */
const said: Partial<Record<string, string>> = { gpu_count: 'number of GPUs' };

const labelOf = (name: string): string =>
  said[name] ??
  (Object.hasOwn(searchFields, name) ? lowerFirst(searchFields[name as FieldName].label) : name);

/** `Kind` -> `kind`; `GPU memory` and `vCPUs` stay. */
const lowerFirst = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
