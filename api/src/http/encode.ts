import * as z from 'zod';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { LEFT_OUT, nameOf, type ErrorLog } from '../lib/shown.ts';
import { mapInTurns } from '../lib/turns.ts';

type Place = readonly PropertyKey[];

/** A reply as JSON has it, and the JSON; of a long list `encoded` has the beginning. */
interface Written {
  encoded: unknown;
  text: string;
}

interface LongList {
  name: string;
  element: z.core.$ZodType;
  items: readonly unknown[];
}

/** The JSON of a reply as `encodeReply` has it; what is longer than a page in turns. */
export async function writeReply(
  schema: z.ZodType,
  output: unknown,
  log: ErrorLog,
): Promise<Written> {
  const lists = longListsOf(schema, output);
  if (lists.length === 0) {
    const encoded = encodeReply(schema, output, log);
    return { encoded, text: JSON.stringify(encoded) };
  }
  const begun = lists.map(({ name, items }) => [name, items.slice(0, MAX_PAGE_SIZE)] as const);
  const whole: object = { ...(output as object), ...Object.fromEntries(begun) };
  const encoded = encodeReply(schema, whole, log) as Record<string, unknown>;
  const texts: string[] = [];
  for (const [name, value] of Object.entries(encoded)) {
    if (value === undefined) continue;
    const list = lists.find((one) => one.name === name);
    texts.push(texts.length === 0 ? '{' : ',', JSON.stringify(name), ':');
    if (list === undefined) texts.push(JSON.stringify(value));
    else texts.push('[', ...(await writeItems(list, value as unknown[], log)), ']');
  }
  return { encoded, text: `${texts.join('')}}` };
}

function longListsOf(schema: z.ZodType, output: unknown): LongList[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const fields = output as Record<string, unknown>;
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const items = fields[name];
    if (!(field instanceof z.ZodArray) || !Array.isArray(items)) return [];
    if (items.length <= MAX_PAGE_SIZE) return [];
    return [{ name, element: field.element, items: items as unknown[] }];
  });
}

/** Its items with commas between them; those that were encoded already are at its beginning. */
async function writeItems(
  { name, element, items }: LongList,
  begun: readonly unknown[],
  log: ErrorLog,
): Promise<string[]> {
  const rest = [...items.entries()].slice(MAX_PAGE_SIZE);
  const texts = await mapInTurns(rest, ([at, item]) => {
    const encoded = z.safeEncode(element, item);
    if (encoded.success) return JSON.stringify(encoded.data);
    if (typeof item !== 'object' || item === null) throw encoded.error;
    log.error({ err: encoded.error, place: `${name}.${at}`, row: nameOf(item) }, LEFT_OUT);
    return null;
  });
  const written = [...begun.map((item) => JSON.stringify(item)), ...texts];
  return written.flatMap((text) => (text === null ? [] : [',', text])).slice(1);
}

/**
 * The reply as JSON has it, stripped to its schema. An item of a list that does not fit the schema
 * is left out and logged, whatever list it is; only what no list holds fails the reply.
 */
function encodeReply(schema: z.ZodType, output: unknown, log: ErrorLog): unknown {
  const encoded = z.safeEncode(schema, output);
  if (encoded.success) return encoded.data;
  const places = encoded.error.issues.map(({ path }) => itemIn(output, path));
  const items = places.filter((place) => place !== null);
  if (items.length < places.length) throw encoded.error;
  for (const { place, item } of items) {
    log.error({ err: encoded.error, place: place.join('.'), row: nameOf(item) }, LEFT_OUT);
  }
  const gone = new Set(items.map(({ item }) => item));
  return encodeReply(schema, without(output, gone), log);
}

/** The outermost list item that a path leads into. */
function itemIn(output: unknown, path: Place): { place: Place; item: unknown } | null {
  let at = output;
  for (const [depth, step] of path.entries()) {
    const inside = (at as Record<PropertyKey, unknown> | null | undefined)?.[step];
    if (Array.isArray(at) && typeof inside === 'object' && inside !== null) {
      return { place: path.slice(0, depth + 1), item: inside };
    }
    at = inside;
  }
  return null;
}

function without(value: unknown, gone: ReadonlySet<unknown>): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !gone.has(item)).map((item) => without(item, gone));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, without(v, gone)]));
}
