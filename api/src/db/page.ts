import { isUtf8 } from 'node:buffer';
import { MAX_PAGE_SIZE, PAGE_SIZE } from '@berth/shared/fields';
import { problem } from '@berth/shared/problems';

/** The values of a row's sort columns. */
export type PageKey = readonly (string | number)[];

export const pageSize = (limit: number | undefined): number =>
  Math.min(limit ?? PAGE_SIZE, MAX_PAGE_SIZE);

/** An opaque cursor: the sort's name and the last row's key, so that another sort refuses it. */
export function makeCursor(sort: string, key: PageKey): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');
}

/** What a sort's column holds, so that a cursor binds nothing else to it on either database. */
const columnKinds = {
  text: { isValue: (value: unknown) => typeof value === 'string' && isKeyText(value) },
  /** ISO text, as times are kept. */
  time: { isValue: (value: unknown) => typeof value === 'string' && ISO_TIME.test(value) },
  /** A PostgreSQL INTEGER. */
  integer: { isValue: (value: unknown) => isWhole(value) && Math.abs(value) <= MAX_INTEGER },
  /** A BIGINT that is a number here. */
  bigint: { isValue: (value: unknown) => isWhole(value) },
} as const;
type ColumnKind = keyof typeof columnKinds;

type KeyOf<Kinds extends readonly ColumnKind[]> = {
  -readonly [Place in keyof Kinds]: Kinds[Place] extends 'text' | 'time' ? string : number;
};

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAX_INTEGER = 2 ** 31 - 1;
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
/** PostgreSQL keeps no text with NUL, and neither database a lone surrogate. */
const isKeyText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/**
 * The key of a cursor of these columns, null without one; throws `cursor.invalid` for another sort
 * or text that is not ours.
 */
export function readCursor<const Kinds extends readonly ColumnKind[]>(
  sort: string,
  kinds: Kinds,
  cursor: string | undefined,
): KeyOf<Kinds> | null {
  if (cursor === undefined) return null;
  const [name, ...key] = decodeCursor(cursor) ?? [];
  const isOurs =
    name === sort &&
    key.length === kinds.length &&
    kinds.every((kind, place) => columnKinds[kind].isValue(key[place]));
  if (!isOurs) throw refusedCursor();
  return key as KeyOf<Kinds>;
}

/** Cuts `limit + 1` fetched rows to a page and says where the next one begins. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  sort: string,
  keyOf: (row: Row) => PageKey,
  itemOf: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: kept.map(itemOf), next_cursor: more ? makeCursor(sort, keyOf(last)) : null };
}

/** Null for what is no list of values in JSON, written in the one way that base64url has for it. */
export function decodeCursor(cursor: string): unknown[] | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor || !isUtf8(bytes)) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

export const refusedCursor = () =>
  problem('cursor.invalid', 'Leave the cursor out to start from the first page.');
