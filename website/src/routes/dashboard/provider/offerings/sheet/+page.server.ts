import { offerings } from '@berth/shared/offerings/endpoints';
import { writtenStates } from '@berth/shared/offerings/machine';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { lineOf } from '#lib/features/offerings/spreadsheet/columns.ts';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  event.depends('sheet:offerings');
  const call = callFor(event);
  // One that changes while the pages are read can come twice: once is enough.
  const found = new Map<string, OwnOfferingView>();
  for (const state of writtenStates) {
    let cursor: string | null = null;
    do {
      const query = { state, limit: MAX_PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
      const page: { items: OwnOfferingView[]; next_cursor: string | null } = await call(
        offerings.listOwn,
        { query },
      );
      for (const offering of page.items) found.set(offering.id, offering);
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
  // What was made in one go has one time; then its names say the order.
  const oldestFirst = [...found.values()].sort(
    (a, b) =>
      a.created_at.localeCompare(b.created_at) ||
      a.title.localeCompare(b.title, 'en', { numeric: true }) ||
      a.id.localeCompare(b.id),
  );
  return { lines: oldestFirst.map(lineOf) };
};
