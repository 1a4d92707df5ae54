import { sql, type Kysely, type NotNull, type RawBuilder, type Transaction } from 'kysely';
import { contractMachine, type ContractState } from '@berth/shared/contracts/machine';
import type { Pause } from '@berth/shared/paid-time';
import { problem } from '@berth/shared/problems';
import { MAX_SEQ } from '@berth/shared/signing/statement';
import { seenBy, type AccountActor, type Seen } from '../lib/actor.ts';
import { compileOnce, type Operand, type Slots } from './compiled.ts';
import type { ContractSignRequestsTable, Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;
/** A contract's row, its state one of the machine's. */
export type ContractRow = Omit<ContractSignRequestsTable, 'state'> & { state: ContractState };

/** The two parties, as a contract's row names them. */
export type Side = 'renter' | 'provider';

/** The kind of the log's entries that are a contract's. */
export const CONTRACT = contractMachine.name;

export const stated = (row: ContractSignRequestsTable): ContractRow => ({
  ...row,
  state: row.state as ContractState,
});

/** When a contract's paid clock stood still. */
export const pausesIn = ({ pauses }: { pauses: string }): Pause[] => JSON.parse(pauses) as Pause[];

/** A contract that was read for one of its parties. */
export type SeenContract = Seen<ContractRow>;

/** Every read of a contract starts here: only its two parties see it. */
export const visibleTo = (db: Db, actor: { readonly acting_for: Operand<string> }) =>
  db
    .selectFrom('contract_sign_requests as c')
    .where((eb) =>
      eb.or([eb('c.renter_id', '=', actor.acting_for), eb('c.provider_id', '=', actor.acting_for)]),
    );

const selectVisible = compileOnce((db, given: Slots<{ acting_for: string; contract_id: string }>) =>
  visibleTo(db, given).where('c.contract_id', '=', given.contract_id).selectAll('c'),
);

export async function getContract(
  db: Db,
  { acting_for }: AccountActor,
  contract_id: string,
): Promise<SeenContract> {
  const [row] = (await selectVisible(db, { acting_for, contract_id })).rows;
  if (!row) throw problem('request.not_found');
  return seenBy({ acting_for }, stated(row));
}

/**
 * When the renter signed for a delivery `d`. It signs for the newest one, so that it is before the
 * next one came.
 */
export const openedAt: RawBuilder<string | null> = sql`(SELECT min(o.at) FROM log AS o
  WHERE o.subject_kind = ${CONTRACT} AND o.subject_id = d.contract_id
    AND o.action = 'open_credentials' AND o.seq > d.seq
    AND o.seq < coalesce((SELECT min(n.seq) FROM contract_provisioning_details AS n
      WHERE n.contract_id = d.contract_id AND n.seq > d.seq), ${MAX_SEQ + 1}))`;

/** Where a part of the log says where to connect, before the renter has signed for that. */
const isUnopened = sql<boolean>`EXISTS (SELECT 1 FROM contract_provisioning_details AS d
  WHERE d.contract_id = h.subject_id AND d.seq = h.seq AND ${openedAt} IS NULL)`;

/**
 * A contract's log with what is kept beside it, in no order yet. A renter sees of no delivery where
 * to connect until it has signed for it.
 */
export const openLog = (db: Db, { contract_id }: SeenContract, reader: Side | 'system') =>
  db
    .selectFrom('log as h')
    .leftJoin('contract_private_parts as p', (join) =>
      join
        .onRef('p.contract_id', '=', 'h.subject_id')
        .onRef('p.seq', '=', 'h.seq')
        .$call((on) => (reader === 'renter' ? on.on((eb) => eb.not(isUnopened)) : on)),
    )
    .leftJoin('delegations as d', 'd.id', 'h.delegation_id')
    .where('h.subject_kind', '=', CONTRACT)
    .where('h.subject_id', '=', contract_id)
    .selectAll('h')
    .select(['p.salt', 'p.part', 'd.delegation', 'd.signature as delegation_signature'])
    // A contract's entries are all signed.
    .$narrowType<{ signature: NotNull; key: NotNull }>();
