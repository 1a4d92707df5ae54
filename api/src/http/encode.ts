import * as z from 'zod';
import { LEFT_OUT, nameOf, type ErrorLog } from '../lib/shown.ts';

type Place = readonly PropertyKey[];

/**
 * The reply as JSON has it, stripped to its schema. An item of a list that does not fit the schema
 * is left out and logged, whatever list it is; only what no list holds fails the reply.
 */
export function encodeReply(schema: z.ZodType, output: unknown, log: ErrorLog): unknown {
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
