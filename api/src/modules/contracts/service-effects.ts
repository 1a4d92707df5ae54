import type { ContractAction } from '@berth/shared/contracts/machine';
import { extensionPriceOf } from '@berth/shared/contracts/price';
import { ACTIVATE_HOURS, type DetailsPart, type SignedMove } from '@berth/shared/contracts/schemas';
import { MAX_HOURS } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { envelopeDigest } from '@berth/shared/signing/seal';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  acceptExtension,
  findEncryptionKey,
  findLatestDetails,
  findOpenExtension,
  insertDetails,
  insertExtension,
  insertReply,
  type ContractRow,
  type Patch,
} from './repo.ts';
import { rateOf, termsOfContract } from './service-view.ts';

interface Move {
  ctx: WriteCtx;
  row: ContractRow;
  actor: AccountActor;
  role: 'renter' | 'provider';
  body: SignedMove;
  at: string;
}

/** What a party's move does beside the state and the log, by action. */
export const effects: Partial<Record<ContractAction, (move: Move) => Promise<Patch>>> = {
  async accept(move) {
    await keepReply(move, true);
    const { ctx, row, at } = move;
    const { provisioning_hours } = await termsOfContract(ctx.tx, row);
    return { due_at: addHours(at, provisioning_hours) };
  },
  async reject(move) {
    await keepReply(move, false);
    return {};
  },
  async mark_provisioned(move) {
    await keepDetails(move);
    return { due_at: addHours(move.at, ACTIVATE_HOURS) };
  },
  async rotate_credentials(move) {
    await keepDetails(move);
    return {};
  },
  async activate({ row, at }) {
    const ends_at = addHours(at, row.hours);
    return { active_at: at, ends_at, due_at: ends_at };
  },
  async open_credentials({ ctx, row, body }) {
    const latest = await findLatestDetails(ctx.tx, row.contract_id);
    if (latest?.envelope_digest !== body.statement.data.envelope_digest) {
      throw problem('statement.invalid', 'Sign for the newest credentials; load the page again.');
    }
    return {};
  },
  extend,
};

const keepReply = ({ ctx, row, actor, at }: Move, accepted: boolean) =>
  insertReply(ctx.tx, {
    contract_id: row.contract_id,
    seq: row.version,
    accepted: accepted ? 1 : 0,
    replied_by: actor.account_id,
    replied_at: at,
    rule_id: null,
  });

async function keepDetails({ ctx, row, body, at }: Move): Promise<void> {
  const { envelope, private: kept, statement } = body;
  const { envelope_digest, recipient_key } = statement.data as Record<string, string>;
  if (!envelope || !kept || !envelope_digest || !recipient_key) {
    throw problem(
      'statement.invalid',
      'Post the details and the sealed credentials with this move.',
    );
  }
  if (envelopeDigest(envelope) !== envelope_digest) {
    throw problem('statement.invalid', 'The envelope is not the one that was signed.');
  }
  if (recipient_key !== (await findEncryptionKey(ctx.tx, row.renter_id))) {
    throw problem('statement.invalid', 'Seal to the renter’s present encryption key.');
  }
  const part = kept.part as DetailsPart;
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
    created_at: at,
    erased_at: null,
  });
}

/** An extension needs both signatures: one party proposes, the other signs what it accepts. */
async function extend({ ctx, row, role, body, at }: Move): Promise<Patch> {
  const data = body.statement.data as { hours: number; extra_e9s: string; accepts: string | null };
  const extra_e9s = extensionPriceOf(await rateOf(ctx.tx, row), data.hours);
  if (extra_e9s.toString() !== data.extra_e9s) {
    throw problem('price.changed', 'Look at the price of the extension, then sign again.', {
      extra_e9s: extra_e9s.toString(),
    });
  }
  if (row.hours + data.hours > MAX_HOURS) {
    throw problem('statement.invalid', `A contract lasts at most ${MAX_HOURS} hours in all.`);
  }
  const { seq } = body.statement;
  if (data.accepts === null) {
    await insertExtension(ctx.tx, {
      contract_id: row.contract_id,
      seq,
      proposed_by: role,
      hours: data.hours,
      extra_e9s,
      accepted_seq: null,
      created_at: at,
    });
    return {};
  }
  const open = await findOpenExtension(ctx.tx, row.contract_id);
  const same = open?.hash === data.accepts && open.hours === data.hours;
  if (!open || !same || open.proposed_by === role) {
    throw problem('statement.invalid', 'Accept the other party’s newest extension as it stands.');
  }
  await acceptExtension(ctx.tx, row.contract_id, open.seq, seq);
  const ends_at = addHours(row.ends_at ?? at, data.hours);
  return {
    hours: row.hours + data.hours,
    total_e9s: row.total_e9s + extra_e9s,
    ends_at,
    due_at: ends_at,
  };
}
