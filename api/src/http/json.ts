/** Bodies have one reading: what another reader could take for something else is refused. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from '@berth/shared/problems';
import { holdsTooMany, MAX_BODY_VALUES } from './values.ts';

/** Deeper than any schema of ours, and than canonical JSON may be. */
const MAX_DEPTH = 64;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

const TOO_MANY = `It holds more than ${MAX_BODY_VALUES.toLocaleString('en')} values.`;
const unreadable = (detail: string) => problem('request.malformed', detail);

/**
 * The value and the text of JSON in UTF-8. Throws `request.malformed` for any other text, a
 * byte-order mark, a name that is twice in one object, `__proto__`, and more than 64 levels, and
 * `request.too_large` for too many values.
 */
export function readJson(bytes: Buffer): { value: unknown; text: string } {
  if (!isUtf8(bytes)) throw unreadable('Send JSON in UTF-8.');
  const text = bytes.toString();
  if (holdsTooMany(text)) throw problem('request.too_large', TOO_MANY);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('That is not JSON as RFC 8259 has it.');
  }
  // A reader keeps one of two members with the same name, and then there are fewer than written.
  if (countNames(value, 0) !== countWritten(text)) {
    throw unreadable('A name is there twice in one object.');
  }
  return { value, text };
}

function countNames(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) throw unreadable(`That is nested more than ${MAX_DEPTH} levels deep.`);
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countNames(item, depth + 1);
    return count;
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw unreadable('No member may be named __proto__.');
    count += 1 + countNames((value as Record<string, unknown>)[name], depth + 1);
  }
  return count;
}

/** How many members a JSON text has: colons outside its strings. */
function countWritten(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === COLON) count++;
    else if (sign === QUOTE) at = endOfString(text, at);
  }
  return count;
}

function endOfString(text: string, begin: number): number {
  let end = begin;
  let slashes: number;
  do {
    end = text.indexOf('"', end + 1);
    slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
  } while (slashes % 2 === 1);
  return end;
}

/** JSON is all the API reads; the text is kept to tell a repeat from another request. */
export function takeJson(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      refuseEncoded(request);
      if (body.length === 0) return undefined;
      const { value, text } = readJson(body);
      request.bodyText = text;
      return value;
    },
  );
}

function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (JSON_TYPE.test(headers['content-type'] ?? '') && encoding === 'identity') return;
  throw problem('request.unsupported_media_type', 'Send it in UTF-8, and not compressed.');
}

/** Throws `request.malformed` for a query whose escapes are no UTF-8. */
export function refuseQuery(address: string): void {
  const query = address.indexOf('?');
  if (query < 0 || !address.includes('%', query)) return;
  try {
    decodeURIComponent(address.slice(query));
  } catch {
    throw unreadable('The address holds an escape that is no UTF-8.');
  }
}
