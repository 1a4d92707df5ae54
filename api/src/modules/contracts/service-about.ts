import type { ContractMove } from '@berth/shared/contracts/machine';
import type { SignedMove } from '@berth/shared/contracts/schemas';
import type { Standing } from '@berth/shared/contracts/standing';
import type { About, Place } from '@berth/shared/contracts/statement-rules';
import { problem } from '@berth/shared/problems';
import { envelopeDigest } from '@berth/shared/signing/seal';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  findAnyEncryptionKey,
  findAnyLatestDigest,
  findAnyOpenExtension,
  type ContractRow,
} from './repo.ts';
import type { Checked } from './service-entry.ts';
import { termsOfContract } from './service-view.ts';

/** A party's move while it is looked at. */
export interface Asked {
  ctx: WriteCtx;
  row: ContractRow;
  actor: AccountActor;
  role: 'renter' | 'provider';
  body: SignedMove;
  checked: Checked;
}

/** Where the next statement of a contract has to begin. */
export const placeOf = (row: ContractRow): Place => ({
  contract_id: row.contract_id,
  version: row.version,
  head_hash: row.head_hash,
  head_at: row.head_at,
  mode: 'live',
  slack_ms: 0,
});

/** Where a contract stands by its row: what is in other tables is read where a move needs it. */
export const standingOf = (row: ContractRow): Standing => ({
  state: row.state,
  renter_key: row.renter_key,
  provider_key: row.provider_key,
  hours: row.hours,
  total_e9s: row.total_e9s,
  refund_e9s: row.refund_e9s,
  active_at: row.active_at,
  ends_at: row.ends_at,
  due_at: row.due_at,
  ended_at: row.ended_at,
  has_opened: false,
  delivery: null,
  extension: row.extension_by === null ? null : { hash: '', by_role: row.extension_by, hours: 0 },
});

/** All that a party's statement is compared with. */
export async function aboutMove(asked: Asked, { action, money }: ContractMove): Promise<About> {
  const { ctx, row, body } = asked;
  const { statement, envelope } = body;
  const standing = standingOf(row);
  if (action === 'open_credentials') {
    const envelope_digest = (await findAnyLatestDigest(ctx.tx, row.contract_id)) ?? '';
    standing.delivery = { envelope_digest, recipient_key: '' };
  }
  if (action === 'extend') {
    const open = await findAnyOpenExtension(ctx.tx, row.contract_id);
    standing.extension = open && { ...open, by_role: open.proposed_by };
  }
  const recipient_key = envelope ? await getRecipient(asked) : null;
  return {
    statement,
    standing,
    terms: await termsOfContract(ctx.tx, row),
    terms_hash: row.terms_hash,
    money,
    slack_ms: 0,
    envelope_digest: envelope ? envelopeDigest(envelope) : '',
    isRecipient: (key) => key === recipient_key,
    ...onlyInLogs,
  };
}

/** What only the service writes, and only the verifier reads. */
export const onlyInLogs: Pick<About, 'breachOfRule' | 'problemOfImport'> = {
  breachOfRule: () => null,
  problemOfImport: () => null,
};

/** The encryption key that credentials have to be sealed to. */
async function getRecipient({ ctx, row }: Asked): Promise<string> {
  const present = await findAnyEncryptionKey(ctx.tx, row.renter_id);
  if (present) return present;
  throw problem(
    'contract.not_yet',
    'Wait until the renter has signed in here: until then nothing can be sealed to them.',
  );
}
