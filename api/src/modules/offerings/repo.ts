import { sql, type ExpressionBuilder, type Kysely, type SqlBool, type Transaction } from 'kysely';
import { seenBy, type AccountActor, type Seen } from '../../lib/actor.ts';
import { insertRows, type Operand } from '../../db/compiled.ts';
import type { Change } from '../../db/log.ts';
import { signerStands } from '../../db/rules.ts';
import type { KeptTerms, OfferingRow, OwnRow } from '../../db/offering-rows.ts';
import type { OfferingsTable, Schema } from '../../db/schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

const ROWS_AT_ONCE = 100;

/**
 * Who may read an offering `o`: everybody the listed ones that are not private, and each its own.
 * No index can answer a CASE, so what else is asked leads, whatever the statistics say.
 */
export const isVisibleTo = (account_id: Operand<string>) => sql<SqlBool>`case
  when ${sql.ref('o.state')} = 'listed'
    and ${sql.ref('o.visibility')} in ('public', 'unlisted') then true
  else ${sql.ref('o.provider_id')} = ${account_id} end`;

export const ownOf = (db: Db, { acting_for: account_id }: Pick<AccountActor, 'acting_for'>) =>
  db.selectFrom('offerings as o').where('o.provider_id', '=', account_id);

type Offerings = Schema & { o: OfferingsTable };

/** The hours of the rule that accepts at once, null without one that holds at this time. */
export const ruleHours = (eb: ExpressionBuilder<Offerings, 'o'>, now: Operand<string>) =>
  eb
    .selectFrom('auto_accept_rules as r')
    .whereRef('r.offering_id', '=', 'o.id')
    .where('r.revoked_at', 'is', null)
    .where('r.expires_at', '>', now)
    .where(signerStands)
    .select('r.max_hours');

/** Own offerings as their provider sees them; the caller narrows and sorts. */
export const selectOwn = (db: Db, actor: AccountActor, now: string) =>
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

/** Makes the writes of one account wait for each other, so that its limits and references hold. */
export async function lockAccount(tx: Tx, { acting_for: account_id }: AccountActor): Promise<void> {
  await tx
    .updateTable('accounts')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', account_id)
    .execute();
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

/** Whether the key still belongs to the account. */
export async function isLivingKey(
  db: Db,
  actor: Pick<AccountActor, 'acting_for'>,
  key: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('account_keys')
    .where('key', '=', key)
    .where('account_id', '=', actor.acting_for)
    .where('removed_at', 'is', null)
    .select('key')
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

export async function revokeRule(tx: Tx, offering_id: string, at: string): Promise<void> {
  await tx
    .updateTable('auto_accept_rules')
    .set({ revoked_at: at })
    .where('offering_id', '=', offering_id)
    .where('revoked_at', 'is', null)
    .execute();
}

export async function insertRule(
  tx: Tx,
  rule: Omit<Schema['auto_accept_rules'], 'revoked_at'>,
): Promise<void> {
  await tx
    .insertInto('auto_accept_rules')
    .values({ ...rule, revoked_at: null })
    .execute();
}
