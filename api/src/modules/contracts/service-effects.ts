import type { ContractAction } from '@berth/shared/contracts/machine';
import { extensionPriceOf, MAX_HOURS } from '@berth/shared/contracts/price';
import { ACTIVATE_HOURS, type DetailsPart, type SignedMove } from '@berth/shared/contracts/schemas';
import { problem } from '@berth/shared/problems';
import { envelopeDigest } from '@berth/shared/signing/seal';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  acceptExtension,
  findEncryptionKey,
  findLatestDigest,
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

interface Effect {
  /** Checks what only this move asks, and answers the columns it sets. Writes nothing. */
  patch?: (move: Move) => Promise<Patch>;
  /** What it keeps beside the log, written once the contract is this move's. */
  keep?: (move: Move) => Promise<void>;
}

/** What a party's move does beside the state and the log, by action. */
export const effects: Partial<Record<ContractAction, Effect>> = {
  accept: {
    async patch({ ctx, row, at }) {
      const { provisioning_hours } = await termsOfContract(ctx.tx, row);
      return { due_at: addHours(at, provisioning_hours) };
    },
    keep: (move) => keepReply(move, 1),
  },
  reject: { keep: (move) => keepReply(move, 0) },
  mark_provisioned: {
    async patch(move) {
      await checkEnvelope(move);
      return { due_at: addHours(move.at, ACTIVATE_HOURS) };
    },
    keep: keepDetails,
  },
  rotate_credentials: {
    async patch(move) {
      await checkEnvelope(move);
      return {};
    },
    keep: keepDetails,
  },
  activate: {
    async patch({ row, at }) {
      const ends_at = addHours(at, row.hours);
      return { active_at: at, ends_at, due_at: ends_at };
    },
  },
  open_credentials: {
    async patch({ ctx, row, body }) {
      const latest = await findLatestDigest(ctx.tx, row.contract_id);
      if (latest !== body.statement.data.envelope_digest) {
        throw problem('statement.invalid', 'Sign for the newest credentials; load the page again.');
      }
      return {};
    },
  },
  extend: { patch: extend, keep: keepExtension },
};

const keepReply = ({ ctx, row, actor, at }: Move, accepted: 0 | 1) =>
  insertReply(ctx.tx, {
    contract_id: row.contract_id,
    seq: row.version,
    accepted,
    replied_by: actor.account_id,
    replied_at: at,
    rule_id: null,
  });

async function checkEnvelope({ ctx, row, body }: Move): Promise<void> {
  const { envelope_digest, recipient_key } = body.statement.data;
  if (!body.envelope || envelopeDigest(body.envelope) !== envelope_digest) {
    throw problem('statement.invalid', 'The envelope is not the one that was signed.');
  }
  const present = await findEncryptionKey(ctx.tx, row.renter_id);
  if (present === '') {
    throw problem(
      'contract.not_yet',
      'Wait until the renter has signed in here: until then nothing can be sealed to them.',
    );
  }
  if (recipient_key !== present) {
    throw problem('statement.invalid', 'Seal to the renter’s present encryption key.');
  }
}

async function keepDetails({ ctx, row, body, at }: Move): Promise<void> {
  const { statement, envelope } = body;
  const { envelope_digest, recipient_key } = statement.data as Record<string, string>;
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
    envelope_digest: envelope_digest ?? '',
    provider_key: statement.by,
    recipient_key: recipient_key ?? '',
    created_at: at,
    erased_at: null,
  });
}

interface Extension {
  hours: number;
  extra_e9s: string;
  accepts: string | null;
}

/** An extension needs both signatures: one party proposes, the other signs what it accepts. */
async function extend({ ctx, row, role, body, at }: Move): Promise<Patch> {
  const { hours, extra_e9s: signed, accepts } = body.statement.data as unknown as Extension;
  const extra_e9s = extensionPriceOf(await rateOf(ctx.tx, row), hours);
  if (extra_e9s.toString() !== signed) {
    throw problem('price.changed', 'Look at the price of the extension, then sign again.', {
      extra_e9s: extra_e9s.toString(),
    });
  }
  if (row.hours + hours > MAX_HOURS) {
    throw problem('statement.invalid', `A contract lasts at most ${MAX_HOURS} hours in all.`);
  }
  if (accepts === null) return { extension_by: role };
  const open = await findOpenExtension(ctx.tx, row.contract_id);
  if (open?.hash !== accepts || open.hours !== hours || open.proposed_by === role) {
    throw problem('statement.invalid', 'Accept the other party’s newest extension as it stands.');
  }
  const ends_at = addHours(row.ends_at ?? at, hours);
  return {
    hours: row.hours + hours,
    total_e9s: row.total_e9s + extra_e9s,
    ends_at,
    due_at: ends_at,
    extension_by: null,
  };
}

async function keepExtension({ ctx, row, role, body, at }: Move): Promise<void> {
  const { seq, data } = body.statement;
  const { hours, extra_e9s, accepts } = data as unknown as Extension;
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
