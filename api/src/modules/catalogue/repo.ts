import { sql, type ExpressionBuilder, type SqlBool, type Expression } from 'kysely';
import type { OfferingState } from '@berth/shared/offerings/machine';
import { problem } from '@berth/shared/problems';
import { seenBy, type AccountActor, type Seen, accountOf, type Actor } from '../../lib/actor.ts';
import {
  insertRows,
  type Operand,
  compileForIds,
  type Slots,
  compileOnce,
} from '../../db/compiled.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { Change } from '../../db/log.ts';
import { signerStands } from '../../db/rules.ts';
import type { KeptTerms, OfferingRow, OwnRow, ShownRow } from '../../db/offering-rows.ts';
import type { OfferingsTable, Schema } from '../../db/schema.ts';
import { pageFrom, pageSize, readCursor } from '../../db/page.ts';

const ROWS_AT_ONCE = 100;

/**
 * Who may read an offering `o`: everybody the listed ones that are not private, and each its own.
 * No index can answer a CASE, so what else is asked leads, whatever the statistics say.
 */
const isVisibleTo = (account_id: Operand<string>) => sql<SqlBool>`case
  when ${sql.ref('o.state')} = 'listed'
    and ${sql.ref('o.visibility')} in ('public', 'unlisted') then true
  else ${sql.ref('o.provider_id')} = ${account_id} end`;

const ownOf = (db: Db, { acting_for: account_id }: Pick<AccountActor, 'acting_for'>) =>
  db.selectFrom('offerings as o').where('o.provider_id', '=', account_id);

type Offerings = Schema & { o: OfferingsTable };

/** The hours of the rule that accepts at once, null without one that holds at this time. */
const ruleHours = (eb: ExpressionBuilder<Offerings, 'o'>, now: Operand<string>) =>
  eb
    .selectFrom('auto_accept_rules as r')
    .whereRef('r.offering_id', '=', 'o.id')
    .where('r.revoked_at', 'is', null)
    .where('r.expires_at', '>', now)
    .where(signerStands)
    .select('r.max_hours');

/** Own offerings as their provider sees them; the caller narrows and sorts. */
const selectOwn = (db: Db, actor: AccountActor, now: string) =>
  ownOf(db, actor)
    .innerJoin('accounts as a', 'a.id', 'o.provider_id')
    .selectAll('o')
    .select(['a.handle', 'a.display_name'])
    .select((eb) => [
      ruleHours(eb, now).as('auto_accept_hours'),
      eb
        .selectFrom('contract_sign_requests as c')
        .whereRef('c.offering_id', '=', 'o.id')
        .where('c.ended_at', 'is', null)
        .select((c) => c.fn.countAll<number>().as('n'))
        .as('open_contracts'),
    ]);

export async function findOwnShown(
  db: Db,
  actor: AccountActor,
  id: string,
  now: string,
): Promise<OwnRow | null> {
  const row = await selectOwn(db, actor, now).where('o.id', '=', id).executeTakeFirst();
  return (row as OwnRow | undefined) ?? null;
}

export async function findOwn(
  db: Db,
  actor: AccountActor,
  id: string,
): Promise<Seen<OfferingRow> | null> {
  const row = await ownOf(db, actor).where('o.id', '=', id).selectAll('o').executeTakeFirst();
  return row === undefined ? null : seenBy(actor, row as OfferingRow);
}

/** For the system, whoever's it is; never reached from a route. */
export async function findAnyOffering(db: Db, id: string): Promise<OfferingRow | null> {
  const row = await db.selectFrom('offerings').where('id', '=', id).selectAll().executeTakeFirst();
  return (row as OfferingRow | undefined) ?? null;
}

/** All own offerings, archived ones too, in the order of their making. */
export async function listAllOwn(db: Db, actor: AccountActor): Promise<OfferingRow[]> {
  const rows = await ownOf(db, actor)
    .selectAll('o')
    .orderBy('o.created_at')
    .orderBy('o.id')
    .execute();
  return rows as OfferingRow[];
}

/** How many of one's own offerings are not archived. */
export async function countKept(db: Db, actor: AccountActor): Promise<number> {
  const { n } = await ownOf(db, actor)
    .where('o.state', '!=', 'archived')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

/** Whether another of one's own offerings has this reference. */
export async function isReferenceTaken(
  db: Db,
  actor: AccountActor,
  reference: string,
  except_id: string,
): Promise<boolean> {
  const row = await ownOf(db, actor)
    .where('o.reference', '=', reference)
    .where('o.id', '!=', except_id)
    .select('o.id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps terms; those that were kept before stay as they are. */
export async function insertTerms(tx: Tx, terms: readonly KeptTerms[]): Promise<void> {
  for (let from = 0; from < terms.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('offering_terms')
      .values(terms.slice(from, from + ROWS_AT_ONCE))
      .onConflict((oc) => oc.column('terms_hash').doNothing())
      .execute();
  }
}

/**
 * Makes rows, and writes others over the ones that were read, in few statements. Answers the id of
 * one where somebody else was first, and null where nobody was.
 */
export async function saveOfferings(
  tx: Tx,
  changes: readonly Change<OfferingRow>[],
): Promise<string | null> {
  const rowsOf = (isNew: boolean) =>
    changes.filter(({ before }) => (before === null) === isNew).map(({ after }) => after);
  await insertRows(tx, 'offerings', rowsOf(true));
  const saved = new Set<string>();
  const rows = rowsOf(false);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const columns = Object.keys(some[0] ?? {}) as (keyof OfferingRow)[];
    const done = await tx
      .insertInto('offerings')
      .values(some)
      .onConflict((on) =>
        on
          .column('id')
          .doUpdateSet((eb) =>
            Object.fromEntries(columns.map((name) => [name, eb.ref(`excluded.${name}`)])),
          )
          .where(sql<boolean>`offerings.version = excluded.version - 1`),
      )
      .returning('id')
      .execute();
    for (const { id } of done) saved.add(id);
  }
  return rows.find(({ id }) => !saved.has(id))?.id ?? null;
}

export async function countByState(
  db: Db,
  actor: AccountActor,
): Promise<{ state: string; n: number }[]> {
  return ownOf(db, actor)
    .groupBy('o.state')
    .select((eb) => ['o.state', eb.fn.countAll<number>().as('n')])
    .execute();
}

const selectShown = compileForIds(
  (db, wanted, { account_id, now }: Slots<{ account_id: string; now: string }>) =>
    db
      .selectFrom(wanted)
      .crossJoin('offerings as o')
      .whereRef('o.id', '=', 'wanted.value')
      .where(isVisibleTo(account_id))
      .innerJoin('accounts as a', 'a.id', 'o.provider_id')
      .selectAll('o')
      .select(['a.handle', 'a.display_name'])
      .select((eb) => ruleHours(eb, now).as('auto_accept_hours'))
      .$castTo<ShownRow>(),
);

/** Those of some offerings that the actor may see, in any order. */
export const listShown = (
  db: Db,
  actor: Actor,
  ids: readonly string[],
  now: string,
): Promise<ShownRow[]> => selectShown(db, ids, { account_id: accountOf(actor) ?? '', now });

export async function findShown(
  db: Db,
  actor: Actor,
  id: string,
  now: string,
): Promise<ShownRow | null> {
  return (await listShown(db, actor, [id], now))[0] ?? null;
}

const OWN_SORT = 'own';
const MAX_WORDS = 10;

export interface OwnFilter {
  state?: OfferingState | undefined;
  q?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

const searched = sql`lower(o.title || ' ' || coalesce(o.reference, '') || ' ' ||
  coalesce(o.gpu_model, '') || ' ' || o.city)`;

/** What a list of one's own offerings is narrowed by. */
const matches = ({ state, q }: Pick<OwnFilter, 'state' | 'q'>): Expression<SqlBool>[] => [
  ...(state === undefined ? [] : [sql<SqlBool>`o.state = ${state}`]),
  ...wordsOf(q).map(
    (word) => sql<SqlBool>`${searched} like lower(${likePattern(word)}) escape '\\'`,
  ),
];

/** One's own offerings that a list with this filter has, as they were made; at most so many. */
export async function listOwnMatching(
  db: Db,
  actor: AccountActor,
  filter: Pick<OwnFilter, 'state' | 'q'>,
  most: number,
): Promise<OfferingRow[]> {
  const rows = await ownOf(db, actor)
    .where((eb) => eb.and(matches(filter)))
    .selectAll('o')
    .orderBy('o.created_at')
    .orderBy('o.id')
    .limit(most)
    .execute();
  return rows as OfferingRow[];
}

/** A page of one's own offerings, latest change first. Throws `cursor.invalid`. */
export async function listOwnPage(db: Db, actor: AccountActor, filter: OwnFilter, now: string) {
  const limit = pageSize(filter.limit);
  const [after_at, after_id] = readCursor(OWN_SORT, ['time', 'text'], filter.cursor) ?? [];
  const rows = await selectOwn(db, actor, now)
    .where((eb) => eb.and(matches(filter)))
    .$if(after_at !== undefined, (query) =>
      query.where(sql<SqlBool>`(o.updated_at, o.id) < (${after_at}, ${after_id})`),
    )
    .orderBy('o.updated_at', 'desc')
    .orderBy('o.id', 'desc')
    .limit(limit + 1)
    .execute();
  const keyOf = ({ updated_at, id }: OwnRow) => [updated_at, id];
  return pageFrom(rows as OwnRow[], limit, OWN_SORT, keyOf, (row) => row);
}

/** The words to look for; control characters part them, as the databases take none. */
const wordsOf = (q = ''): string[] =>
  q
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);

/** The text anywhere, taken literally. */
const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** What is left of an offering after a unit was taken or given back. */
export type Left = Pick<
  OfferingRow,
  'id' | 'state' | 'visibility' | 'stock' | 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'
>;

// The version moves with the stock, so that an edit never writes over a unit just taken.
const changeStock = (db: Db, id: Operand<string>, by: 1 | -1) =>
  db
    .updateTable('offerings')
    .set((eb) => ({ stock: eb('stock', '+', by), version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .returning([
      'id',
      'state',
      'visibility',
      'stock',
      'price_e9s',
      'unit',
      'setup_fee_e9s',
      'currency',
    ]);

const updateTaken = compileOnce((db, given: Slots<{ offering_id: string }>) =>
  changeStock(db, given.offering_id, -1).where('stock', '>', 0).where('state', '=', 'listed'),
);
const updateReturned = compileOnce((db, given: Slots<{ offering_id: string }>) =>
  changeStock(db, given.offering_id, 1),
);

/** Takes a unit of a listed offering by compare-and-set; null when there is none. */
export async function takeOne(tx: Tx, offering_id: string): Promise<Left | null> {
  const [left] = (await updateTaken(tx, { offering_id })).rows;
  return (left as Left | undefined) ?? null;
}

/** Gives back a unit that was taken, whatever the offering's state is by now. */
export async function giveBack(tx: Tx, offering_id: string): Promise<Left> {
  const [left] = (await updateReturned(tx, { offering_id })).rows;
  if (!left) throw new Error(`There is no offering ${offering_id} to give a unit back to`);
  return left as Left;
}

/** The canonical JSON of terms as they were signed; `request.not_found` for an unknown hash. */
export async function getAnyTerms(db: Db, terms_hash: string): Promise<string> {
  const row = await db
    .selectFrom('offering_terms')
    .where('terms_hash', '=', terms_hash)
    .select('terms')
    .executeTakeFirst();
  if (!row) throw problem('request.not_found');
  return row.terms;
}

/** The canonical JSON of terms, by hash. */
export async function mapAnyTerms(
  db: Db,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('offering_terms')
    .where('terms_hash', 'in', hashes)
    .select(['terms_hash', 'terms'])
    .execute();
  return new Map(rows.map(({ terms_hash, terms }) => [terms_hash, terms]));
}

/** How many offerings of this account can be rented now. */
export async function countListed(db: Db, actor: AccountActor): Promise<number> {
  const { n } = await ownOf(db, actor)
    .where('o.state', '=', 'listed')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

/** All offerings of an account, archived ones too, by id. */
export async function mapAnyOf(db: Db, provider_id: string): Promise<Map<string, OfferingRow>> {
  const rows = await db
    .selectFrom('offerings')
    .where('provider_id', '=', provider_id)
    .selectAll()
    .execute();
  return new Map(rows.map((row) => [row.id, row as OfferingRow]));
}

/** Where the chain holds an offering; null for one that was made here. */
export async function findAnyIcpMark(db: Db, offering_id: string) {
  const row = await db
    .selectFrom('icp_offerings')
    .where('offering_id', '=', offering_id)
    .select(['block_position as block_offset', 'block_hash', 'place as entry'])
    .executeTakeFirst();
  return row ?? null;
}
