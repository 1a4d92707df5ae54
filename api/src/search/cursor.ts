/** A page cursor: opaque text, valid for one search; for `best` it carries the ranking's bounds. */
import { hash } from 'node:crypto';
import { criterionRows, type RankBounds } from '@berth/shared/market/rank';
import { criteria } from '@berth/shared/market/schemas';
import { currencies, type Currency } from '@berth/shared/money';
import { idPattern } from '@berth/shared/ids';
import * as z from 'zod';
import { decodeCursor, refusedCursor } from '../db/page.ts';
import type { SearchAsk } from './index-port.ts';
import type { Comparing } from './worth.ts';

export interface Cursor {
  id: string;
  currency: Currency;
  key: number;
  total_e9s: bigint;
  bounds_by_currency: Partial<Record<Currency, RankBounds>>;
  /** Whether the page is of what plain words found. */
  as_words: boolean;
}

const MARK_LETTERS = 12;
const CRITERIA = criteria.length;
const better = criteria.map((name) => criterionRows[name].better);
const many = z.array(z.number()).length(CRITERIA);

const schema = z.tuple([
  z.string(),
  z.string().regex(idPattern('offering')),
  z.enum(currencies),
  z.number(),
  z.string().regex(/^\d{1,30}$/),
  z.array(z.tuple([z.enum(currencies), many, many, many])).max(currencies.length),
  z.boolean(),
]);

/** Identifies the search that a cursor belongs to: all of it but the page size. */
function markOf({ query, plain, hours, sort, weights }: SearchAsk, comparing: Comparing): string {
  const by = [comparing.currency, comparing.rates?.date, comparing.rates?.source];
  const parts = [query, plain, hours, sort, sort === 'best' ? weights : null, by];
  const said = JSON.stringify(parts, (_, value) =>
    typeof value === 'bigint' ? `${value}e9s` : (value as unknown),
  );
  return hash('sha256', said, 'base64url').slice(0, MARK_LETTERS);
}

export function writeCursor(ask: SearchAsk, comparing: Comparing, cursor: Cursor): string {
  const { id, currency, key, total_e9s, bounds_by_currency, as_words } = cursor;
  const packed = Object.entries(bounds_by_currency).map(([name, { norms, best, worst }]) => [
    name,
    norms,
    best,
    worst,
  ]);
  const said = [markOf(ask, comparing), id, currency, key, total_e9s.toString(), packed, as_words];
  return Buffer.from(JSON.stringify(said)).toString('base64url');
}

/** Throws `cursor.invalid` for a cursor of another search. */
export function readCursor(ask: SearchAsk, comparing: Comparing, text: string): Cursor {
  const read = schema.safeParse(decodeCursor(text));
  if (!read.success || read.data[0] !== markOf(ask, comparing)) {
    throw refusedCursor();
  }
  const [, id, currency, key, total, packed, as_words] = read.data;
  const bounds_by_currency = Object.fromEntries(
    packed.map(([name, norms, best, worst]) => [name, { better, norms, best, worst }]),
  );
  return { id, currency, key, total_e9s: BigInt(total), bounds_by_currency, as_words };
}
