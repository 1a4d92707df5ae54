import { MAX_PAGE_SIZE, PAGE_SIZE } from '@berth/shared/fields';
import { problem } from '@berth/shared/problems';

/** The values of a row's sort columns, as JSON; a bigint travels as text with a mark. */
export type PageKey = (string | number | bigint | null)[];

const E9S_MARK = 'e9s:';

export const pageSize = (limit: number | undefined): number =>
  Math.min(limit ?? PAGE_SIZE, MAX_PAGE_SIZE);

/** An opaque cursor: the sort's name and the last row's key, so that another sort refuses it. */
export function makeCursor(sort: string, key: PageKey): string {
  const plain = key.map((value) => (typeof value === 'bigint' ? `${E9S_MARK}${value}` : value));
  return Buffer.from(JSON.stringify([sort, ...plain])).toString('base64url');
}

/**
 * The key of a cursor, null without one; throws `cursor.invalid` for another sort or other text.
 */
export function readCursor(
  sort: string,
  columns: number,
  cursor: string | undefined,
): PageKey | null {
  if (cursor === undefined) return null;
  const [name, ...key] = parse(cursor);
  if (name !== sort || key.length !== columns || !key.every(isKeyValue)) throw refused();
  return key.map((value) =>
    typeof value === 'string' && value.startsWith(E9S_MARK)
      ? BigInt(value.slice(E9S_MARK.length))
      : value,
  );
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

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value)) return value;
  } catch {
    // Fall through: any text that is not ours is refused alike.
  }
  throw refused();
}

const isKeyValue = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'number' || (typeof value === 'string' && isKeyText(value));

/** PostgreSQL keeps no text with NUL. */
const isKeyText = (text: string): boolean =>
  !text.includes('\0') && (!text.startsWith(E9S_MARK) || /^e9s:\d{1,19}$/.test(text));

const refused = () =>
  problem('cursor.invalid', 'Leave the cursor out to start from the first page.');
