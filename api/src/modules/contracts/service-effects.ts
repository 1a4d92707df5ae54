import type { ContractEffect } from '@berth/shared/contracts/machine';
import type { DetailsPart, SignedMove } from '@berth/shared/contracts/schemas';
import type { DataOf } from '@berth/shared/contracts/statement-data';
import type { WriteCtx } from '../../context.ts';
import type { Effected } from '../../engine/move.ts';
import { returnUnit } from '../stock/index.ts';
import {
  acceptExtension,
  insertDetails,
  insertExtension,
  insertReply,
  type ContractRow,
} from './repo.ts';

type Effect = (ctx: WriteCtx, one: Effected<ContractRow, SignedMove>) => Promise<void>;

/** What moves of a contract do beside the log and the contract's row, by name. */
export const effects: Record<ContractEffect, Effect> = {
  keep_reply: keepReply,
  keep_delivery: keepDelivery,
  keep_extension: keepExtension,
  // One from the chain took no unit.
  async return_unit(ctx, { after: { on_chain, offering_id } }) {
    if (on_chain === 0) await returnUnit(ctx, offering_id);
  },
};

async function keepReply(...[ctx, { after, entry }]: Parameters<Effect>): Promise<void> {
  await insertReply(ctx.tx, {
    contract_id: after.contract_id,
    seq: entry.statement.seq,
    accepted: after.state === 'accepted' ? 1 : 0,
    replied_by: entry.account_id,
    replied_at: entry.statement.at,
    rule_id: null,
  });
}

async function keepDelivery(...[ctx, { after, entry, given }]: Parameters<Effect>): Promise<void> {
  const { statement } = entry;
  const { envelope_digest, recipient_key } = statement.data as DataOf<'mark_provisioned'>;
  const part = given?.private?.part as DetailsPart;
  await insertDetails(ctx.tx, {
    contract_id: after.contract_id,
    seq: statement.seq,
    address: part.address,
    port: part.port,
    username: part.username,
    host_key_fingerprint: part.host_key_fingerprint,
    instructions: part.instructions,
    envelope: JSON.stringify(given?.envelope),
    envelope_digest,
    provider_key: statement.by,
    recipient_key,
    created_at: statement.at,
    erased_at: null,
  });
}

async function keepExtension(...[ctx, { after, entry }]: Parameters<Effect>): Promise<void> {
  const { seq, data, at, role } = entry.statement;
  const { contract_id } = after;
  const { hours, extra_e9s, accepts } = data as DataOf<'extend'>;
  if (accepts !== null) return acceptExtension(ctx.tx, contract_id, seq);
  await insertExtension(ctx.tx, {
    contract_id,
    seq,
    proposed_by: role,
    hours,
    extra_e9s: BigInt(extra_e9s),
    accepted_seq: null,
    created_at: at,
  });
}
