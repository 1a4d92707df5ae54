import { sql, type Kysely, type NotNull, type Transaction } from 'kysely';
import { contractMachine, type ContractState } from '@berth/shared/contracts/machine';
import { problem } from '@berth/shared/problems';
import { seenBy, type AccountActor, type Seen } from '../../lib/actor.ts';
import { compileOnce, insertRow, type Operand, type Slots } from '../../db/compiled.ts';
import type { Change } from '../../db/log.ts';
import type { ContractSignRequestsTable, Schema } from '../../db/schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;
export type ContractRow = Omit<ContractSignRequestsTable, 'state'> & { state: ContractState };

/** The kind of the log's entries that are a contract's. */
export const CONTRACT = contractMachine.name;

const stated = (row: ContractSignRequestsTable): ContractRow => ({
  ...row,
  state: row.state as ContractState,
});

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

/** For the system, which moves any contract; never reached from a route. */
export async function findAnyContract(db: Db, id: string): Promise<ContractRow | null> {
  const row = await db
    .selectFrom('contract_sign_requests')
    .where('contract_id', '=', id)
    .selectAll()
    .executeTakeFirst();
  return row ? stated(row) : null;
}

const selectByNonce = compileOnce((db, given: Slots<{ renter_id: string; nonce: string }>) =>
  db
    .selectFrom('contract_sign_requests')
    .where('renter_id', '=', given.renter_id)
    .where('nonce', '=', given.nonce)
    .selectAll(),
);

export async function findByNonce(
  db: Db,
  { acting_for: renter_id }: AccountActor,
  nonce: string,
): Promise<ContractRow | null> {
  const [row] = (await selectByNonce(db, { renter_id, nonce })).rows;
  return row ? stated(row) : null;
}

const updateMoved = compileOnce((db, given: Slots<ContractRow>) =>
  db
    .updateTable('contract_sign_requests')
    .set({
      state: given.state,
      state_at: given.state_at,
      version: given.version,
      head_hash: given.head_hash,
      head_at: given.head_at,
      hours: given.hours,
      total_e9s: given.total_e9s,
      refund_e9s: given.refund_e9s,
      due_at: given.due_at,
      active_at: given.active_at,
      ends_at: given.ends_at,
      ended_at: given.ended_at,
      erase_at: given.erase_at,
      extension_by: given.extension_by,
    })
    .where('contract_id', '=', given.contract_id)
    .where('version', '=', sql<number>`${given.version} - 1`),
);

/** Makes a contract, or writes it over the one that was read. Throws `contract.moved`. */
export async function saveContract(tx: Tx, { before, after }: Change<ContractRow>): Promise<void> {
  if (before === null) return insertRow(tx, 'contract_sign_requests', after);
  const { numAffectedRows } = await updateMoved(tx, after);
  if (numAffectedRows !== 1n) throw movedSince(before);
}

export const movedSince = (row: ContractRow) =>
  problem('contract.moved', 'Look at where it stands now, then sign again.', {
    head: { seq: row.version - 1, hash: row.head_hash, at: row.head_at, state: row.state },
  });

export async function insertPrivatePart(
  tx: Tx,
  contract_id: string,
  seq: number,
  kept: { salt: string; part: unknown },
): Promise<void> {
  await insertRow(tx, 'contract_private_parts', {
    contract_id,
    seq,
    salt: kept.salt,
    part: JSON.stringify(kept.part),
    erased_at: null,
  });
}

export async function insertReply(tx: Tx, reply: Schema['contract_sign_replies']): Promise<void> {
  await insertRow(tx, 'contract_sign_replies', reply);
}

export async function insertDetails(
  tx: Tx,
  details: Schema['contract_provisioning_details'],
): Promise<void> {
  await insertRow(tx, 'contract_provisioning_details', details);
}

const selectLatestDigest = compileOnce((db, given: Slots<{ contract_id: string }>) =>
  db
    .selectFrom('contract_provisioning_details')
    .where('contract_id', '=', given.contract_id)
    .orderBy('seq', 'desc')
    .limit(1)
    .select('envelope_digest'),
);

/** Which envelope was delivered last; null before the first. */
export async function findAnyLatestDigest(db: Db, contract_id: string): Promise<string | null> {
  const [row] = (await selectLatestDigest(db, { contract_id })).rows;
  return row?.envelope_digest ?? null;
}

/** The newest extension that waits for the other party; null where none does. */
export async function findAnyOpenExtension(db: Db, contract_id: string) {
  const row = await db
    .selectFrom('contract_extensions as e')
    .innerJoin('log as h', (join) =>
      join
        .on('h.subject_kind', '=', CONTRACT)
        .onRef('h.subject_id', '=', 'e.contract_id')
        .onRef('h.seq', '=', 'e.seq'),
    )
    .where('e.contract_id', '=', contract_id)
    .orderBy('e.seq', 'desc')
    .limit(1)
    .select(['e.seq', 'e.proposed_by', 'e.hours', 'e.extra_e9s', 'e.accepted_seq', 'h.hash'])
    .executeTakeFirst();
  return row?.accepted_seq === null ? row : null;
}

export async function insertExtension(
  tx: Tx,
  extension: Schema['contract_extensions'],
): Promise<void> {
  await insertRow(tx, 'contract_extensions', extension);
}

/** Marks the newest open extension as accepted by the entry `accepted_seq`. */
export async function acceptExtension(
  tx: Tx,
  contract_id: string,
  accepted_seq: number,
): Promise<void> {
  await tx
    .updateTable('contract_extensions')
    .set({ accepted_seq })
    .where('contract_id', '=', contract_id)
    .where('seq', '=', (eb) =>
      eb
        .selectFrom('contract_extensions')
        .where('contract_id', '=', contract_id)
        .select((e) => e.fn.max('seq').as('seq')),
    )
    .execute();
}

/** A contract's log with what is kept beside it, in no order yet. */
export const openLog = (db: Db, { contract_id }: SeenContract) =>
  db
    .selectFrom('log as h')
    .leftJoin('contract_private_parts as p', (join) =>
      join.onRef('p.contract_id', '=', 'h.subject_id').onRef('p.seq', '=', 'h.seq'),
    )
    .leftJoin('delegations as d', 'd.id', 'h.delegation_id')
    .where('h.subject_kind', '=', CONTRACT)
    .where('h.subject_id', '=', contract_id)
    .selectAll('h')
    .select(['p.salt', 'p.part', 'd.delegation', 'd.signature as delegation_signature'])
    // A contract's entries are all signed.
    .$narrowType<{ signature: NotNull; key: NotNull }>();

/** A log in order, or the first `most` entries of it. */
export const listEntries = (db: Db, row: SeenContract, most?: number) =>
  openLog(db, row)
    .orderBy('h.seq')
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .execute();

const selectEncryptionKey = compileOnce((db, given: Slots<{ account_id: string }>) =>
  db.selectFrom('accounts').where('id', '=', given.account_id).select('encryption_key'),
);

export async function findAnyEncryptionKey(db: Db, account_id: string): Promise<string | null> {
  const [row] = (await selectEncryptionKey(db, { account_id })).rows;
  return row?.encryption_key ?? null;
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

/** Values of one `in (…)`. */
const IDS_AT_ONCE = 500;

/** Whose reply counts, of those of these contracts that the chain brought. */
export async function listAnyImported(
  db: Db,
  contract_ids: readonly string[],
): Promise<{ contract_id: string; provider_key: string }[]> {
  const ids = [...new Set(contract_ids)];
  const rows: { contract_id: string; provider_key: string }[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const some = await db
      .selectFrom('contract_sign_requests')
      .where('contract_id', 'in', ids.slice(from, from + IDS_AT_ONCE))
      .where('on_chain', '=', 1)
      .select(['contract_id', 'provider_key'])
      .execute();
    rows.push(...some);
  }
  return rows;
}
