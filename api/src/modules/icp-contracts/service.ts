import type { ContractReply } from '@berth/shared/icp/contract-reply';
import { icpContractId, type ContractRequest } from '@berth/shared/icp/contract-request';
import { rentalOf } from '@berth/shared/icp/rental';
import {
  MAX_PAYLOAD_BYTES,
  type ImportReplyData,
  type ImportRequestData,
} from '@berth/shared/icp/statements';
import { toBase64 } from '@berth/shared/signing/bytes';
import { isWeakKey } from '@berth/shared/signing/verify';
import type { WriteCtx } from '../../context.ts';
import { CONTRACT, type ContractRow } from '../../db/contract-rows.ts';
import { SYSTEM, systemEntry, type Head } from '../../engine/entry.ts';
import { move } from '../../engine/move.ts';
import { ensureAccount, isKeyRemoved } from '../sign-in/index.ts';
import { keepIcpTerms } from '../icp-offerings/index.ts';
import {
  findAnyContract,
  insertReply,
  contractKind,
  noFacts,
  systemMove,
} from '../contracts/index.ts';

/** An entry of the chain whose signature was found to be its author's. */
export interface IcpEntry {
  block_offset: number;
  block_hash: string;
  /** Its place in the block. */
  entry: number;
  payload: Uint8Array;
  signature: string;
}

/** What came of an entry here; the reason is a sentence without its beginning and end. */
export interface Outcome {
  status: 'applied' | 'kept' | 'refused';
  reason: string | null;
}

const applied: Outcome = { status: 'applied', reason: null };
const kept = (reason: string): Outcome => ({ status: 'kept', reason });
const refused = (reason: string): Outcome => ({ status: 'refused', reason });

export const KEY_REMOVED = 'its key was removed from its account here before';

const nowhere: Head = { subject_id: null, seq: 0, hash: null, at: null };

/** Payments on the chain are made in its own token. */
const ICP_CURRENCY = 'DCT';

const dataOf = ({ payload, ...place }: IcpEntry) => ({ ...place, payload: toBase64(payload) });

/** What a contract of the chain has once it goes on, if ever. */
const notYet = {
  refund_e9s: null,
  due_at: null,
  active_at: null,
  ends_at: null,
  pauses: '[]',
  ended_at: null,
  erase_at: null,
  warn_at: null,
  operating_system: null,
  extension_by: null,
} satisfies Partial<ContractRow>;

/**
 * Makes a pending contract of a renter's signed request on the chain: id and amounts as they are
 * there, the time that of its block (the clock of `ctx`). It has no deadline: nobody on the chain
 * was promised an answer by an hour. It takes no unit, as the chain's stock is what is free.
 */
export async function importContract(
  ctx: WriteCtx,
  chain: IcpEntry,
  says: ContractRequest,
): Promise<Outcome> {
  const rental = rentalOf(says);
  if (typeof rental === 'string') return refused(rental);
  if (chain.payload.length > MAX_PAYLOAD_BYTES) {
    return refused(`its payload has more than ${MAX_PAYLOAD_BYTES} bytes`);
  }
  const { requester, provider } = says;
  if (isWeakKey(provider)) return refused('its provider’s key is none that can sign');
  if (requester === provider) return refused('its renter and its provider are the same');
  const contract_id = icpContractId(chain.payload);
  if ((await findAnyContract(ctx.tx, contract_id)) !== null) return kept('it is here already');
  const renter_id = await ensureAccount(ctx, requester);
  const provider_id = await ensureAccount(ctx, provider);
  if (renter_id === provider_id) return refused('its renter and its provider are one account here');
  const terms = await keepIcpTerms(
    ctx,
    { acting_for: provider_id, key: provider },
    { reference: says.offering_id, region: says.region, rate: rental.rate },
    ICP_CURRENCY,
  );
  const { hours, total_e9s } = rental;
  const data: ImportRequestData = {
    ...dataOf(chain),
    offering_id: terms.offering_id,
    terms_hash: terms.terms_hash,
    renter: requester,
    provider,
    hours,
    total_e9s: total_e9s.toString(),
    currency: ICP_CURRENCY,
  };
  const said = { action: 'import', data, memo: 'Requested on the Internet Computer' };
  const entry = systemEntry(ctx, CONTRACT, nowhere, said);
  const at = ctx.clock.now();
  const row: ContractRow = {
    ...terms,
    contract_id,
    renter_id,
    provider_id,
    renter_key: requester,
    provider_key: provider,
    state: 'pending',
    version: 1,
    head_hash: entry.hash,
    head_at: at,
    hours,
    total_e9s,
    currency: ICP_CURRENCY,
    nonce: contract_id,
    requested_at: at,
    state_at: at,
    on_chain: 1,
    ...notYet,
  };
  await move(ctx, contractKind, null, {
    ...{ action: 'import', role: SYSTEM, facts: noFacts, to: row.state },
    write: () => ({ entry, after: row }),
  });
  return applied;
}

/**
 * Takes the answer that a contract's own provider signed on the chain. A contract that has moved
 * on here stays as it is.
 */
export async function importReply(
  ctx: WriteCtx,
  chain: IcpEntry,
  says: ContractReply,
): Promise<Outcome> {
  const row = await findAnyContract(ctx.tx, says.contract_id);
  if (row?.on_chain !== 1)
    return refused('it answers a contract that the Internet Computer did not bring');
  if (says.requester !== row.renter_key) return refused('it names another renter');
  if (row.state !== 'pending') return kept(`the contract was ${row.state} here already`);
  if (await isKeyRemoved(ctx, row.provider_key)) return refused(KEY_REMOVED);
  const { accepted } = says;
  const data: ImportReplyData = { ...dataOf(chain), accepted };
  await insertReply(ctx.tx, {
    contract_id: row.contract_id,
    seq: row.version,
    accepted: accepted ? 1 : 0,
    replied_by: row.provider_id,
    replied_at: ctx.clock.now(),
    rule_id: null,
  });
  await systemMove(ctx, row, 'import', {
    data,
    to: accepted ? 'accepted' : 'rejected',
    memo: accepted ? 'Accepted on the Internet Computer' : 'Declined on the Internet Computer',
  });
  return applied;
}
