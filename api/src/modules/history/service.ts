import type * as z from 'zod';
import type { historyPage } from '@berth/shared/offerings/history';
import type { OfferingAction, OfferingRole, OfferingState } from '@berth/shared/offerings/machine';
import type { Statement } from '@berth/shared/signing/statement';
import type { ReadCtx } from '../../context.ts';
import { pageFrom, pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { listHistory, SORT } from './repo.ts';
import { mapAnyTerms, getOwnRow } from '../catalogue/index.ts';
import type { Said } from '../../offerings/row.ts';

type Row = Awaited<ReturnType<typeof listHistory>>[number];
type Fields = Readonly<Record<string, unknown>>;

/** A page of an own offering's log, the newest entry first. */
export async function pageHistory(
  { db, log }: Pick<ReadCtx, 'db' | 'log'>,
  actor: AccountActor,
  offering_id: string,
  ask: { cursor?: string | undefined; limit?: number | undefined },
): Promise<z.output<typeof historyPage>> {
  const row = await getOwnRow(db, actor, offering_id);
  const limit = pageSize(ask.limit);
  const rows = await listHistory(db, row, { ...ask, limit });
  const said = rows.map(saidIn);
  const terms = await mapAnyTerms(db, [...new Set(said.map(({ terms_hash }) => terms_hash))]);
  const fields = said.map(({ terms_hash, stock_before: _was, ...rest }): Fields => {
    const { offering_id: _, ...known } = JSON.parse(terms.get(terms_hash) ?? '{}') as Fields;
    return { ...known, ...rest };
  });
  const entries = rows.map((row, at) => {
    const before = fields[at + 1] && { ...fields[at + 1], stock: stockBefore(row, said[at]!) };
    return { row, changed: differing(fields[at], before) };
  });
  const page = pageFrom(
    entries,
    limit,
    SORT,
    ({ row }) => [row.seq],
    (entry) => entry,
  );
  return { ...page, items: shownOf(log, page.items, entryOf) };
}

const saidIn = ({ statement }: Row): Said => (JSON.parse(statement) as Statement).data as Said;

/** Units that contracts took or gave back since the entry before are no change by this one. */
const stockBefore = ({ action }: Row, { stock, stock_before }: Said): number | null =>
  action === 'change' ? stock_before : stock;

/** None for the first entry there is. */
function differing(after: Fields | undefined, before: Fields | undefined): string[] {
  if (after === undefined || before === undefined) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
    .sort();
}

const entryOf = ({ row, changed }: { row: Row; changed: string[] }) => ({
  seq: row.seq,
  action: row.action as OfferingAction,
  from_state: row.from_state as OfferingState | null,
  to_state: row.to_state as OfferingState,
  role: row.role as OfferingRole,
  by_name: row.display_name ?? 'Berth',
  at: row.at,
  memo: row.memo,
  changed,
  hash: row.hash,
});
