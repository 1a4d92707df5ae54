import { isDeepStrictEqual } from 'node:util';
import { permissionOfSide } from '@berth/shared/access';
import { MAX_PAUSES, undisturbedUntil } from '@berth/shared/contracts/deadlines';
import type { ContractAction, ContractMove, ContractState } from '@berth/shared/contracts/machine';
import {
  MAX_LOG_ENTRIES,
  privateParts,
  type HeadView,
  type SignedMove,
} from '@berth/shared/contracts/schemas';
import { dataKindOf, statementData, type DataOf } from '@berth/shared/contracts/statement-data';
import {
  breachOfData,
  breachOfFrame,
  type About,
  type Breach,
  type Place,
} from '@berth/shared/contracts/statement-rules';
import { problem, type FieldError } from '@berth/shared/problems';
import { agentMay } from '@berth/shared/signing/delegation';
import { envelopeDigest } from '@berth/shared/signing/seal';
import { privateDigest, type Statement } from '@berth/shared/signing/statement';
import { verifyEd25519Apart } from '@berth/shared/signing/verify-node';
import { CLOCK_SKEW_MS } from '@berth/shared/time';
import type * as z from 'zod';
import type { WriteCtx } from '../../context.ts';
import { getContract, pausesIn, type ContractRow } from '../../db/contract-rows.ts';
import type { Entry } from '../../db/log.ts';
import { inputOf } from '../../engine/entry.ts';
import { move } from '../../engine/move.ts';
import { requirePermission, type AccountActor } from '../../lib/actor.ts';
import {
  afterEntry,
  contractKind,
  findAnyEncryptionKey,
  findAnyLatestDelivery,
  findAnyOpenExtension,
  follow,
  headOf,
  insertPrivatePart,
  movedSince,
  noFacts,
  sideOf,
  standingOf,
  termsOfContract,
} from '../contracts/index.ts';

/** A statement as the log keeps it, and whether the session's key has signed it. */
export interface Checked extends ReturnType<typeof inputOf> {
  is_signed: boolean;
}

/** Verifies a signature before the transaction, which it would keep waiting. */
export async function checkSignature(
  actor: AccountActor,
  { statement, signature }: SignedMove,
): Promise<Checked> {
  const kept = inputOf(statement);
  return { ...kept, is_signed: await verifyEd25519Apart(signerOf(actor), kept.input, signature) };
}

const signerOf = ({ device_key, key }: AccountActor): string => device_key ?? key;

/**
 * Checks a person's signed statement, whatever it says: shape of its data and personal part, who it
 * speaks for, the clock, the digest and the signature. Answers it ready for the log.
 */
export function readEntry(
  ctx: Pick<WriteCtx, 'clock'>,
  actor: AccountActor,
  move: SignedMove,
  action: ContractAction,
  checked: Checked,
): Entry {
  const { statement, signature } = move;
  refuseFields(statement, move, action);
  if (statement.by !== actor.key) {
    throw problem('statement.invalid', 'Sign for the account key of this session.');
  }
  const now_ms = ctx.clock.nowMs();
  if (Math.abs(Date.parse(statement.at) - now_ms) > CLOCK_SKEW_MS) {
    const now = ctx.clock.now();
    throw problem('statement.clock', `It is ${now} here; set the clock and sign again.`, { now });
  }
  if ((move.private ? privateDigest(move.private) : null) !== statement.private_digest) {
    throw problem('statement.invalid', 'The personal part is not the one that was signed.');
  }
  const { is_signed, input: _, ...kept } = checked;
  if (!is_signed) {
    throw problem('signature.invalid', 'Sign exactly this statement with this session’s key.');
  }
  return {
    ...kept,
    statement,
    signature,
    key: signerOf(actor),
    delegation_id: actor.delegation_id,
    account_id: actor.acting_for,
    memo: '',
  };
}

/** How the API answers a statement that does not say what it should. */
export function refusalOf({ code, detail, right = {}, field = '' }: Breach) {
  if (code !== 'request.invalid') return problem(code, detail, right);
  const errors = [{ pointer: `/statement/data/${field}`, message: detail }];
  return problem(code, 'Change these fields and sign again.', { errors });
}

function refuseFields(statement: Statement, move: SignedMove, action: ContractAction): void {
  const errors: FieldError[] = [];
  const check = (schema: z.ZodType, value: unknown, pointer: string) => {
    const { error, data } = schema.safeParse(value);
    for (const issue of error?.issues ?? []) {
      errors.push({ pointer: [pointer, ...issue.path].join('/'), message: issue.message });
    }
    // What is kept is what was signed, so it must be as it is read: a name without a line break.
    if (!error && !isDeepStrictEqual(data, value)) {
      const message = 'Sign it as it is read: no space at the ends of a text, no comment of a key';
      errors.push({ pointer, message });
    }
  };
  const kind = dataKindOf(action, statement.role, statement.seq);
  check(statementData[kind], statement.data, '/statement/data');
  const part = action in privateParts ? privateParts[action as keyof typeof privateParts] : null;
  if (part) check(part, move.private?.part, '/private/part');
  else if (move.private) errors.push({ pointer: '/private', message: 'This move has none' });
  if (errors.length > 0) {
    throw problem('request.invalid', 'Change these fields and sign again.', { errors });
  }
}

/** A party's move while it is looked at. */
interface Asked {
  ctx: WriteCtx;
  row: ContractRow;
  actor: AccountActor;
  role: 'renter' | 'provider';
  body: SignedMove;
  checked: Checked;
}

/** Where the next statement of a contract has to begin. */
const placeOf = (row: ContractRow): Place => ({
  contract_id: row.contract_id,
  version: row.version,
  head_hash: row.head_hash,
  head_at: row.head_at,
  mode: 'live',
  slack_ms: 0,
});

/** All that a party's statement is compared with. */
async function aboutMove(asked: Asked, { action, money }: ContractMove): Promise<About> {
  const { ctx, row, body } = asked;
  const { statement, envelope } = body;
  const standing = standingOf(row);
  if (action === 'open_credentials') {
    const delivery = await findAnyLatestDelivery(ctx.tx, row.contract_id);
    const envelope_digest = delivery?.envelope_digest ?? '';
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
    needs_choices: true,
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

/** A party's signed move: checked in the fixed order, then stored with its effects. */
export async function moveContract(
  ctx: WriteCtx,
  actor: AccountActor,
  contract_id: string,
  body: SignedMove,
  checked: Checked,
): Promise<HeadView> {
  const row = await getContract(ctx.tx, actor, contract_id);
  const { statement } = body;
  const role = sideOf(row, actor);
  requirePermission(actor, permissionOfSide[role]);
  if (statement.role !== role) throw problem('statement.invalid', `Sign as its ${role}.`);
  refuseOutsideLeave(actor, statement, row);
  const framed = breachOfFrame(statement, placeOf(row));
  if (framed?.code === 'contract.moved') throw movedSince(row);
  if (framed !== null) throw refusalOf(framed);
  const action = statement.action as ContractAction;
  const asked = { ctx, row, actor, role, body, checked };
  const has_details = body.envelope !== undefined && body.private !== undefined;
  const had_time = action === 'activate' && (await hadTime(ctx, row, statement));
  const can_pause = pausesIn(row).length < MAX_PAUSES;
  const moved = await move(ctx, contractKind, row, {
    ...{ action, role, facts: { ...noFacts, has_details, had_time, can_pause } },
    given: body,
    write: (made, to) => writeSigned(asked, made, to),
  });
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, statement.seq, body.private);
  return headOf(await follow(ctx, moved));
}

/** Throws `delegation.limit` for a move that an agent was not given. */
function refuseOutsideLeave(
  { agent }: AccountActor,
  { action }: Statement,
  { offering_id }: ContractRow,
): void {
  if (agent === null || agentMay(agent, { action, offering_id })) return;
  const on = agent.offerings === null ? 'every offering' : agent.offerings.join(', ');
  throw problem(
    'delegation.limit',
    `This agent has no leave to ${action} a contract on ${offering_id}. ` +
      `It may ${agent.actions.join(', ')}, on ${on}.`,
  );
}

/** Whether the renter has had the newest credentials for as long as it is left alone with them. */
async function hadTime(
  { tx }: Pick<WriteCtx, 'tx'>,
  { contract_id }: ContractRow,
  { at }: Statement,
): Promise<boolean> {
  const delivery = await findAnyLatestDelivery(tx, contract_id);
  return delivery !== null && at >= undisturbedUntil(delivery);
}

/** Checks all that a party's statement says, and answers what it makes of the contract. */
async function writeSigned(asked: Asked, made: ContractMove, to: ContractState) {
  const { ctx, row, actor, role, body, checked } = asked;
  const { statement } = body;
  const entry = readEntry(ctx, actor, body, made.action, checked);
  // Room is kept for the moves that end a contract; entries that move nothing stop earlier.
  if (made.to === 'same' && statement.seq >= MAX_LOG_ENTRIES) {
    throw problem('account.too_many', `A contract's log holds ${MAX_LOG_ENTRIES} entries.`);
  }
  const about = await aboutMove(asked, made);
  const kind = dataKindOf(made.action, role, statement.seq);
  const found = breachOfData(kind, statement.data as DataOf<typeof kind>, about);
  if (found !== null) throw refusalOf(found);
  return { entry, after: afterEntry(row, entry, made, to, about) };
}
