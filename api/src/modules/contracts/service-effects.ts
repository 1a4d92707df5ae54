import type { ContractAction } from '@berth/shared/contracts/machine';
import type { DetailsPart } from '@berth/shared/contracts/schemas';
import type { DataOf } from '@berth/shared/contracts/statement-data';
import { acceptExtension, insertDetails, insertExtension, insertReply } from './repo.ts';
import type { Asked } from './service-about.ts';

/** What a party's move keeps beside the log and the contract's row, by action. */
export const effects: Partial<Record<ContractAction, (asked: Asked) => Promise<void>>> = {
  accept: (asked) => keepReply(asked, 1),
  reject: (asked) => keepReply(asked, 0),
  mark_provisioned: keepDetails,
  rotate_credentials: keepDetails,
  extend: keepExtension,
};

const keepReply = ({ ctx, row, actor, body }: Asked, accepted: 0 | 1) =>
  insertReply(ctx.tx, {
    contract_id: row.contract_id,
    seq: row.version,
    accepted,
    replied_by: actor.acting_for,
    replied_at: body.statement.at,
    rule_id: null,
  });

async function keepDetails({ ctx, row, body }: Asked): Promise<void> {
  const { statement, envelope } = body;
  const { envelope_digest, recipient_key } = statement.data as DataOf<'mark_provisioned'>;
  const part = body.private?.part as DetailsPart;
  await insertDetails(ctx.tx, {
    contract_id: row.contract_id,
    seq: statement.seq,
    address: part.address,
    port: part.port,
    username: part.username,
    host_key_fingerprint: part.host_key_fingerprint,
    instructions: part.instructions,
    envelope: JSON.stringify(envelope),
    envelope_digest,
    provider_key: statement.by,
    recipient_key,
    created_at: statement.at,
    erased_at: null,
  });
}

async function keepExtension({ ctx, row, role, body }: Asked): Promise<void> {
  const { seq, data, at } = body.statement;
  const { hours, extra_e9s, accepts } = data as DataOf<'extend'>;
  if (accepts !== null) return acceptExtension(ctx.tx, row.contract_id, seq);
  await insertExtension(ctx.tx, {
    contract_id: row.contract_id,
    seq,
    proposed_by: role,
    hours,
    extra_e9s: BigInt(extra_e9s),
    accepted_seq: null,
    created_at: at,
  });
}
