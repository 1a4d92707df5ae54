import { sql } from 'kysely';
import { problem } from '@berth/shared/problems';
import type { AccountActor } from '../../lib/actor.ts';
import { compileOnce, insertRow, type Slots } from '../../db/compiled.ts';
import { CONTRACT, stated, type ContractRow, type Db, type Tx } from '../../db/contract-rows.ts';
import { isFree } from '../../db/due-work.ts';
import { contractEntry, type Change } from '../../db/log.ts';
import type { Schema } from '../../db/schema.ts';

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
      pauses: given.pauses,
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
  // Else it is its own work's, which may have changed it since.
  if (after.warn_at !== before.warn_at) await setWarnAt(tx, after.contract_id, after.warn_at);
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

const selectLatestDelivery = compileOnce((db, given: Slots<{ contract_id: string }>) =>
  db
    .selectFrom('contract_provisioning_details')
    .where('contract_id', '=', given.contract_id)
    .orderBy('seq', 'desc')
    .limit(1)
    .select(['envelope_digest', 'created_at']),
);

/** Which envelope was delivered last, and when; null before the first. */
export async function findAnyLatestDelivery(db: Db, contract_id: string) {
  const [row] = (await selectLatestDelivery(db, { contract_id })).rows;
  return row ?? null;
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

const selectEncryptionKey = compileOnce((db, given: Slots<{ account_id: string }>) =>
  db.selectFrom('accounts').where('id', '=', given.account_id).select('encryption_key'),
);

export async function findAnyEncryptionKey(db: Db, account_id: string): Promise<string | null> {
  const [row] = (await selectEncryptionKey(db, { account_id })).rows;
  return row?.encryption_key ?? null;
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

/** The kinds of due work, as its table names them. */
export const TIMED_MOVE = 'contract.move';
export const ERASURE = 'contract.erase';
export const WARNING = 'contract.warn';

/** Contracts whose deadline has passed, the longest overdue first. */
export async function listAnyDue(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('due_at', '<=', now)
    .where(isFree(TIMED_MOVE, 'contract_id', now))
    .orderBy('due_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

const selectNews = compileOnce((db, given: Slots<{ contract_id: string; seq: number }>) =>
  contractEntry(db, given)
    .innerJoin('accounts as renter', 'renter.id', 'c.renter_id')
    .innerJoin('accounts as provider', 'provider.id', 'c.provider_id')
    .select([
      'h.action',
      'h.from_state',
      'h.to_state',
      'h.role',
      'h.at',
      'c.renter_id',
      'c.provider_id',
      'h.statement',
      'c.title',
      'c.hours',
      'c.total_e9s',
      'c.refund_e9s',
      'c.currency',
      'c.ends_at',
      'renter.display_name as renter_name',
      'provider.display_name as provider_name',
    ]),
);

/** An entry of a log with all that telling of it takes. */
export async function getAnyNews(db: Db, contract_id: string, seq: number) {
  const [row] = (await selectNews(db, { contract_id, seq })).rows;
  if (!row) throw new Error(`The log of ${contract_id} has no entry ${seq}`);
  return row;
}

/** Contracts of which something is to be erased, the longest overdue first. */
export async function listAnyToErase(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('erase_at', '<=', now)
    .where(isFree(ERASURE, 'contract_id', now))
    .orderBy('erase_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

/** Sealed credentials, where to use them, and the personal parts that say the same. */
export async function eraseCredentials(tx: Tx, contract_id: string, at: string): Promise<void> {
  await tx
    .updateTable('contract_provisioning_details')
    .set({
      address: null,
      port: null,
      username: null,
      host_key_fingerprint: null,
      instructions: null,
      envelope: null,
      erased_at: at,
    })
    .where('contract_id', '=', contract_id)
    .execute();
  await tx
    .updateTable('contract_private_parts')
    .set({ part: null, erased_at: at })
    .where('contract_id', '=', contract_id)
    .where('seq', 'in', (eb) =>
      eb
        .selectFrom('contract_provisioning_details')
        .where('contract_id', '=', contract_id)
        .select('seq'),
    )
    .execute();
}

export async function erasePrivateParts(tx: Tx, contract_id: string, at: string): Promise<void> {
  await tx
    .updateTable('contract_private_parts')
    .set({ part: null, erased_at: at })
    .where('contract_id', '=', contract_id)
    .where('erased_at', 'is', null)
    .execute();
}

export async function setEraseAt(tx: Tx, contract_id: string, at: string | null): Promise<void> {
  await tx
    .updateTable('contract_sign_requests')
    .set({ erase_at: at })
    .where('contract_id', '=', contract_id)
    .execute();
}

/** Contracts whose parties are to be told that it ends soon, the longest overdue first. */
export async function listAnyToWarn(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contract_sign_requests')
    .where('warn_at', '<=', now)
    .where(isFree(WARNING, 'contract_id', now))
    .orderBy('warn_at')
    .limit(limit)
    .select('contract_id')
    .execute();
  return rows.map(({ contract_id }) => contract_id);
}

export async function setWarnAt(tx: Tx, contract_id: string, at: string | null): Promise<void> {
  await tx
    .updateTable('contract_sign_requests')
    .set({ warn_at: at })
    .where('contract_id', '=', contract_id)
    .execute();
}
