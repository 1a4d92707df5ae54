import type { Unit } from '@berth/shared/contracts/price';
import type { Currency } from '@berth/shared/money';
import type { OfferingState } from '@berth/shared/offerings/machine';
import type { visibilities } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import type { Delegation, SignedDelegation } from '@berth/shared/signing/delegation';
import type { AccountActor } from '../../lib/actor.ts';
import { compileOnce, type Operand, type Slots } from '../../db/compiled.ts';
import { signerStands } from '../../db/rules.ts';
import { ownOf, type Db, type Tx } from './repo.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';

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
    rule: rule_id === null ? null : found,
  } as Rentable;
}

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

/** How many offerings of this account can be rented now. */
export async function countListed(db: Db, actor: AccountActor): Promise<number> {
  const { n } = await ownOf(db, actor)
    .where('o.state', '=', 'listed')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
}
