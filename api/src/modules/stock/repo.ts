import type { Unit } from '@berth/shared/price';
import type { Currency } from '@berth/shared/money';
import type { OfferingState } from '@berth/shared/offerings/machine';
import type { visibilities } from '@berth/shared/offerings/schemas';
import type { Delegation, SignedDelegation } from '@berth/shared/signing/delegation';
import { type Selectable, sql, type SqlBool } from 'kysely';
import type { OpenLimit } from '@berth/shared/contracts/limits';
import type { Db, Tx } from '../../db/database.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { compileOnce, type Slots } from '../../db/compiled.ts';
import { signerStands } from '../../db/rules.ts';
import type { Schema } from '../../db/schema.ts';
import { isFree } from '../../db/due-work.ts';

/** A provider's signed rule: its canonical JSON, who signed it, and what it covers. */
interface LivingRule {
  id: string;
  rule: string;
  signature: string;
  key: string;
  /** The provider's leave for the device key that signed; null where its account key did. */
  delegation: SignedDelegation | null;
  max_hours: number;
  expires_at: string;
}

/** What a request needs to know of an offering, whoever asks: the caller decides what to show. */
export interface Rentable {
  id: string;
  provider_id: string;
  provider_key: string;
  state: OfferingState;
  visibility: (typeof visibilities)[number];
  title: string;
  terms_hash: string;
  rate: { price_e9s: bigint; unit: Unit; setup_fee_e9s: bigint };
  currency: Currency;
  min_hours: number;
  max_hours: number;
  response_hours: number;
  provisioning_hours: number;
  operating_systems: string[];
  stock: number;
  /** It may have expired: compare `expires_at` with the clock. */
  rule: LivingRule | null;
}

const selectRentable = compileOnce((db, given: Slots<{ offering_id: string }>) =>
  db
    .selectFrom('offerings as o')
    .leftJoin('auto_accept_rules as r', (join) =>
      join.onRef('r.offering_id', '=', 'o.id').on('r.revoked_at', 'is', null).on(signerStands),
    )
    .leftJoin('delegations as d', 'd.id', 'r.delegation_id')
    .where('o.id', '=', given.offering_id)
    .select([
      'o.id',
      'o.provider_id',
      'o.provider_key',
      'o.state',
      'o.visibility',
      'o.title',
      'o.terms_hash',
      'o.price_e9s',
      'o.unit',
      'o.setup_fee_e9s',
      'o.currency',
      'o.min_hours',
      'o.max_hours',
      'o.response_hours',
      'o.provisioning_hours',
      'o.operating_systems',
      'o.stock',
      'r.id as rule_id',
      'r.rule',
      'r.signature',
      'r.key',
      'r.max_hours as rule_max_hours',
      'r.expires_at',
      'd.delegation',
      'd.signature as delegation_signature',
    ]),
);

/** One query: the offering with the auto-accept rule that was not withdrawn. */
export async function findAnyRentable(db: Db, offering_id: string): Promise<Rentable | null> {
  const [row] = (await selectRentable(db, { offering_id })).rows;
  if (!row) return null;
  const { price_e9s, unit, setup_fee_e9s, rule_id, rule, signature, key, ...rest } = row;
  const { rule_max_hours, expires_at, delegation, delegation_signature, ...offering } = rest;
  const found = {
    id: rule_id,
    rule,
    signature,
    key,
    delegation: delegation && {
      delegation: JSON.parse(delegation) as Delegation,
      signature: delegation_signature,
    },
    max_hours: rule_max_hours,
    expires_at,
  };
  return {
    ...offering,
    rate: { price_e9s, unit, setup_fee_e9s },
    operating_systems: JSON.parse(offering.operating_systems) as string[],
    rule: rule_id === null ? null : found,
  } as Rentable;
}

export type HoldRow = Selectable<Schema['offering_holds']>;

/** The kind of due work that ends holds, as its table names it. */
export const HOLD_END = 'offering.end_hold';

/** The account's hold of this offering, also one whose time is over. */
export async function findHold(
  db: Db,
  { acting_for: account_id }: Pick<AccountActor, 'acting_for'>,
  offering_id: string,
): Promise<HoldRow | null> {
  const row = await db
    .selectFrom('offering_holds')
    .where('account_id', '=', account_id)
    .where('offering_id', '=', offering_id)
    .selectAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function countHolds(
  db: Db,
  { acting_for: account_id }: Pick<AccountActor, 'acting_for'>,
): Promise<number> {
  const { n } = await db
    .selectFrom('offering_holds')
    .where('account_id', '=', account_id)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

/** Lets a hold end later. */
export async function setHoldEnd(tx: Tx, id: string, expires_at: string): Promise<void> {
  await tx.updateTable('offering_holds').set({ expires_at }).where('id', '=', id).execute();
}

export async function insertHold(tx: Tx, row: HoldRow): Promise<void> {
  await tx.insertInto('offering_holds').values(row).execute();
}

/** Ends a hold; false when it had ended: whoever is answered true has its unit. */
export async function deleteHold(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('offering_holds')
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

type Ask = Pick<HoldRow, 'account_id' | 'offering_id' | 'terms_hash'> & { now: string };

const deleteLiving = compileOnce((db, given: Slots<Ask>) =>
  db
    .deleteFrom('offering_holds')
    .where('account_id', '=', given.account_id)
    .where('offering_id', '=', given.offering_id)
    .where('terms_hash', '=', given.terms_hash)
    .where('expires_at', '>', given.now)
    .returning(['account_id', 'created_at', 'expires_at']),
);

/** Ends the account's living hold on these terms; null when there is none. */
export async function deleteLivingHold(tx: Tx, ask: Ask) {
  return (await deleteLiving(tx, ask)).rows[0] ?? null;
}

/** For the system, which ends anybody's hold; never reached from a route. */
export const findAnyHold = (db: Db, id: string): Promise<HoldRow | undefined> =>
  db.selectFrom('offering_holds').where('id', '=', id).selectAll().executeTakeFirst();

/** Ids of holds whose time is over, oldest first. */
export async function listAnyEndedHolds(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('offering_holds')
    .where('expires_at', '<=', now)
    .where(isFree(HOLD_END, 'id', now))
    .orderBy('expires_at')
    .select('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

type OpenAsk = Record<'renter_id' | 'provider_id' | 'offering_id' | 'now', string>;

// The states as text and not as parameters, so that the index of open requests serves it.
const selectOpen = compileOnce((db, given: Slots<OpenAsk>) =>
  db
    .selectFrom(
      db
        .selectFrom('contract_sign_requests')
        .where('renter_id', '=', given.renter_id)
        .where(sql<boolean>`state in ('requested', 'pending')`)
        .select(['provider_id', 'offering_id'])
        .unionAll(
          db
            .selectFrom('offering_holds as h')
            .innerJoin('offerings as o', 'o.id', 'h.offering_id')
            .where('h.account_id', '=', given.renter_id)
            // A CASE, which no index answers, so that the renter leads.
            .where(sql<SqlBool>`case when h.expires_at > ${given.now} then true else false end`)
            .select(['o.provider_id', 'h.offering_id']),
        )
        .as('open'),
    )
    .select((eb) => [
      eb.fn.countAll<number>().as('renter'),
      sql<number>`coalesce(sum(case when provider_id = ${given.provider_id} then 1 else 0 end), 0)`.as(
        'provider',
      ),
      sql<number>`coalesce(sum(case when offering_id = ${given.offering_id} then 1 else 0 end), 0)`.as(
        'offering',
      ),
    ]),
);

/** How many requests wait for an answer and units are held: a renter's in all, and of them. */
export async function countAnyOpen(db: Db, ask: OpenAsk): Promise<Record<OpenLimit, number>> {
  const [row] = (await selectOpen(db, ask)).rows;
  return {
    renter: Number(row?.renter),
    provider: Number(row?.provider),
    offering: Number(row?.offering),
  };
}

/** How many contracts a renter has completed; counted no further than a limit can grow. */
export async function countAnyCompleted(db: Db, renter_id: string, most: number): Promise<number> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('renter_id', '=', renter_id)
    .where('state', '=', 'completed')
    .limit(most)
    .select('contract_id')
    .execute();
  return rows.length;
}
