import { counted } from '@berth/shared/count';
import type { Schema } from './document.ts';

const KNOWN: readonly (readonly [pattern: string, words: string])[] = [
  ['^[0-9a-f]{64}$', '64 hex characters'],
  ['^[0-9a-f]{128}$', '128 hex characters'],
  ['^(0|[1-9]\\d{0,29})$', 'amount, decimal text of 10^-9 units'],
  ['^(0|-?[1-9]\\d{0,29})$', 'amount or less than nothing, decimal text of 10^-9 units'],
];
/** More values than these are told by their number and the first. */
const MOST_VALUES = 24;
const INFINITE = Number.MAX_SAFE_INTEGER;

function textWords(schema: Schema): string {
  const { pattern, format, minLength = 0, maxLength } = schema;
  const known = KNOWN.find(([one]) => one === pattern);
  if (known) return known[1];
  const id = /^\^([a-z]{3}_)\[/.exec(pattern ?? '');
  if (id) return `id, \`${id[1]}…\``;
  if (format === 'date-time') return 'time, ISO 8601 in UTC';
  if (format === 'date') return 'day, `YYYY-MM-DD`';
  const least = minLength > 0 ? `${minLength} to ` : 'at most ';
  const length = maxLength === undefined ? '' : `, ${least}${counted(maxLength, 'character')}`;
  return `text${length}${pattern === undefined ? '' : `, \`${pattern}\``}`;
}

function numberWords({ type, minimum, maximum, exclusiveMinimum }: Schema): string {
  const words = type === 'integer' ? 'whole number' : 'number';
  const least = minimum ?? exclusiveMinimum;
  const has = (one: number | undefined): one is number =>
    one !== undefined && Math.abs(one) < INFINITE;
  if (has(least) && has(maximum)) return `${words}, ${least} to ${maximum}`;
  if (has(maximum)) return `${words}, at most ${maximum}`;
  return has(least) ? `${words}, at least ${least}` : words;
}

function valueWords(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map((one) => `\`${String(one)}\``);
  const more = values.length - shown.length;
  if (more > 0) return `one of ${shown.join(', ')} and ${more} more`;
  return shown.length === 1 ? `${shown[0]}` : `one of ${shown.join(', ')}`;
}

export const nameOf = ({ $ref }: Schema): string | undefined => $ref?.split('/').at(-1);

/** Of `x or null` the x; of `oneOf` and `anyOf` the members. */
export function partsOf(schema: Schema): { parts: Schema[]; nullable: boolean } {
  const { type } = schema;
  const all = Array.isArray(type)
    ? type.map((one) => ({ ...schema, type: one }))
    : (schema.anyOf ?? schema.oneOf ?? [schema]);
  const parts = all.filter(({ type }) => type !== 'null');
  return { parts, nullable: parts.length < all.length };
}

/** What a schema takes, in a few words of Markdown; `link` says where a named one stands. */
export function schemaWords(schema: Schema, link: (name: string) => string): string {
  const name = nameOf(schema);
  if (name !== undefined) return link(name);
  if (schema.const !== undefined) return valueWords([schema.const]);
  if (schema.enum) return valueWords(schema.enum);
  const { parts, nullable } = partsOf(schema);
  if (nullable || parts.length > 1) {
    const words = [...new Set(parts.map((one) => schemaWords(one, link)))];
    return [...words, ...(nullable ? ['null'] : [])].join(' or ');
  }
  if (schema.allOf) return schema.allOf.map((one) => schemaWords(one, link)).join(' and ');
  switch (schema.type) {
    case 'string':
      return textWords(schema);
    case 'integer':
    case 'number':
      return numberWords(schema);
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list${schema.items ? ` of ${schemaWords(schema.items, link)}` : ''}`;
    case 'object':
      return mapWords(schema, link);
    default:
      return 'anything';
  }
}

function mapWords({ additionalProperties, propertyNames }: Schema, link: (name: string) => string) {
  if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0) {
    return 'object';
  }
  const key = propertyNames ? ` by ${schemaWords(propertyNames, link)}` : '';
  return `object of ${schemaWords(additionalProperties, link)}${key}`;
}
