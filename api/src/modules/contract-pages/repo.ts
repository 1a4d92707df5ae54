import { MAX_SEQ } from '@berth/shared/signing/statement';
import { pageFrom, readCursor } from '../../db/page.ts';
import {
  openedAt,
  openLog,
  type Db,
  type SeenContract,
  type Side,
} from '../../db/contract-rows.ts';

/** Where a page begins, and how many it has at most. */
interface Ask {
  cursor?: string | undefined;
  limit: number;
}

const SORT = 'seq';

/** The sequence number that a page stays below. */
const endOf = (cursor: string | undefined): number =>
  readCursor(SORT, ['integer'], cursor)?.[0] ?? MAX_SEQ + 1;

const page = <Row extends { seq: number }>(rows: readonly Row[], limit: number) =>
  pageFrom(
    rows,
    limit,
    SORT,
    ({ seq }) => [seq],
    (row) => row,
  );

/** A page of a contract's log, the newest entry first. */
export async function listEntryPage(
  db: Db,
  row: SeenContract,
  reader: Side,
  { cursor, limit }: Ask,
) {
  const rows = await openLog(db, row, reader)
    .where('h.seq', '<', endOf(cursor))
    .orderBy('h.seq', 'desc')
    .limit(limit + 1)
    .execute();
  return page(rows, limit);
}

/** The entry that made a contract. */
export const getFirstEntry = (db: Db, row: SeenContract, reader: Side) =>
  openLog(db, row, reader).where('h.seq', '=', 0).executeTakeFirstOrThrow();

/** A page of what was delivered, the newest first, each with when the renter signed for it. */
export async function listDetailsPage(
  db: Db,
  { contract_id }: SeenContract,
  { cursor, limit }: Ask,
) {
  const rows = await db
    .selectFrom('contract_provisioning_details as d')
    .where('d.contract_id', '=', contract_id)
    .where('d.seq', '<', endOf(cursor))
    .orderBy('d.seq', 'desc')
    .limit(limit + 1)
    .selectAll('d')
    .select(openedAt.as('opened_at'))
    .execute();
  return page(rows, limit);
}

export async function countDetails(db: Db, { contract_id }: SeenContract): Promise<number> {
  const { count } = await db
    .selectFrom('contract_provisioning_details')
    .where('contract_id', '=', contract_id)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The two parties as a contract page shows them. */
export async function listParties(db: Db, row: SeenContract) {
  const accounts = await db
    .selectFrom('accounts')
    .where('id', 'in', [row.renter_id, row.provider_id])
    .select(['id', 'handle', 'display_name', 'encryption_key', 'encryption_signed_by'])
    .execute();
  const byId = (id: string) => {
    const account = accounts.find((one) => one.id === id);
    if (!account) throw new Error(`The party ${id} of a contract has no account`);
    return account;
  };
  return { renter: byId(row.renter_id), provider: byId(row.provider_id) };
}
