import {
  contractMachine,
  isEnded,
  type ContractAction,
  type ContractFacts,
  type ContractMove,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { refundOf } from '@berth/shared/contracts/price';
import { CREDENTIALS_KEPT_DAYS, MAX_LOG_ENTRIES } from '@berth/shared/contracts/schemas';
import type { HeadView, SignedMove } from '@berth/shared/contracts/schemas';
import {
  paidOf,
  standingAfter,
  type GoverningTerms,
  type Standing,
} from '@berth/shared/contracts/standing';
import { dataKindOf, type DataOf } from '@berth/shared/contracts/statement-data';
import { breachOfData, breachOfFrame } from '@berth/shared/contracts/statement-rules';
import { decide } from '@berth/shared/machine';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import { requireScope, type AccountActor } from '../../lib/actor.ts';
import { returnUnit } from '../offerings/index.ts';
import { effects } from './service-effects.ts';
import {
  getContract,
  insertPrivatePart,
  movedSince,
  saveMove,
  type ContractRow,
  type Entry,
  type Patch,
} from './repo.ts';
import { aboutMove, placeOf, standingOf } from './service-about.ts';
import { readEntry, refusalOf, systemEntry, systemTime } from './service-entry.ts';
import { movesFor, sideOf, termsOfContract } from './service-view.ts';

const noFacts: ContractFacts = {
  has_details: false,
  has_rule: false,
  is_due: false,
  has_opened: false,
};

/** A party's signed move: checked in the fixed order, then stored with its effects. */
export async function moveContract(
  ctx: WriteCtx,
  actor: AccountActor,
  contract_id: string,
  body: SignedMove,
): Promise<HeadView> {
  const row = await getContract(ctx.tx, actor, contract_id);
  const { statement } = body;
  const role = sideOf(row, actor);
  requireScope(actor, role === 'renter' ? 'rent' : 'provide');
  if (statement.role !== role) throw problem('statement.invalid', `Sign as its ${role}.`);
  const framed = breachOfFrame(statement, placeOf(row));
  if (framed?.code === 'contract.moved') throw movedSince(row);
  if (framed !== null) throw refusalOf(framed);
  const move = allowedMove(row, statement.action as ContractAction, role, {
    ...noFacts,
    has_details: body.envelope !== undefined && body.private !== undefined,
  });
  const entry = readEntry(ctx, actor, body, move.action);
  // Room is kept for the moves that end a contract; entries that move nothing stop earlier.
  if (move.to === 'same' && statement.seq >= MAX_LOG_ENTRIES) {
    throw problem('account.too_many', `A contract's log holds ${MAX_LOG_ENTRIES} entries.`);
  }
  const asked = { ctx, row, actor, role, body };
  const about = await aboutMove(asked, move);
  const kind = dataKindOf(move.action, role, statement.seq);
  const found = breachOfData(kind, statement.data as DataOf<typeof kind>, about);
  if (found !== null) throw refusalOf(found);
  const after = await saveEntry(ctx, row, entry, move, about);
  await effects[move.action]?.(asked);
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, statement.seq, body.private);
  if (move.action === 'open_credentials' && after.state === 'provisioned') {
    return headOf(await activate(ctx, after));
  }
  return headOf(after);
}

interface SystemMove {
  data?: Record<string, unknown>;
  memo?: string;
  facts?: Partial<ContractFacts>;
  /** Where one action leads to several states. */
  to?: ContractState;
}

/** A move by the service itself, signed with its key; ends and refunds by the same table. */
export async function systemMove(
  ctx: WriteCtx,
  row: ContractRow,
  action: ContractAction,
  { data = {}, memo = '', facts = {}, to }: SystemMove = {},
): Promise<ContractRow> {
  const move = allowedMove(row, action, 'system', { ...noFacts, ...facts }, to);
  const terms = await termsOfContract(ctx.tx, row);
  const standing = standingOf(row);
  const at = systemTime(ctx, row);
  const said =
    move.money === undefined
      ? data
      : { ...data, refund_e9s: refundOf(move.money, paidOf(standing, terms), at).toString() };
  const entry = systemEntry(ctx, row, action, said, memo);
  return saveEntry(ctx, row, entry, move, { standing, terms });
}

/** Stores an entry that was found right, and what the contract becomes by it. */
async function saveEntry(
  ctx: WriteCtx,
  row: ContractRow,
  entry: Entry,
  move: ContractMove,
  { standing, terms }: { standing: Standing; terms: GoverningTerms },
): Promise<ContractRow> {
  const { statement, hash } = entry;
  const to = move.to === 'same' ? row.state : move.to;
  const kind = dataKindOf(move.action, statement.role, statement.seq);
  const data = statement.data as DataOf<typeof kind>;
  const after = standingAfter(standing, { statement, hash, kind, data, to }, terms);
  const saved = await saveMove(ctx.tx, row, to, entry, patchOf(after), statement.at);
  await returnTaken(ctx, row, to);
  return saved;
}

/** What ends a contract gives its unit back; one from the chain took none. */
async function returnTaken(ctx: WriteCtx, row: ContractRow, to: ContractState): Promise<void> {
  if (isEnded(to) && row.on_chain === 0) await returnUnit(ctx, row.offering_id);
}

/** The system's activation: the paid clock starts now and ends after the hours that were signed. */
export const activate = (ctx: WriteCtx, row: ContractRow, facts: Partial<ContractFacts> = {}) =>
  systemMove(ctx, row, 'activate', {
    facts: { has_opened: true, ...facts },
    memo: facts.is_due ? 'A day has passed since they were posted' : 'The credentials were opened',
  });

export const headOf = (row: ContractRow): HeadView => ({
  contract_id: row.contract_id,
  state: row.state,
  version: row.version,
  seq: row.version - 1,
  hash: row.head_hash,
  at: row.head_at,
  state_at: row.state_at,
});

function allowedMove(
  row: ContractRow,
  action: ContractAction,
  role: 'renter' | 'provider' | 'system',
  facts: ContractFacts,
  to?: ContractState,
): ContractMove {
  const ask = { state: row.state, action, role, facts };
  const decision = decide(contractMachine, to === undefined ? ask : { ...ask, to });
  if (decision.ok) return decision.row;
  const allowed = role === 'system' ? [] : movesFor(row, role).map((move) => move.action);
  throw problem(`contract.${decision.code}`, decision.sentence, { moves: allowed });
}

/** The columns that follow from where a contract stands. */
const patchOf = ({ extension, ...after }: Standing): Patch => ({
  hours: after.hours,
  total_e9s: after.total_e9s,
  refund_e9s: after.refund_e9s,
  active_at: after.active_at,
  ends_at: after.ends_at,
  due_at: after.due_at,
  ended_at: after.ended_at,
  extension_by: extension?.by_role ?? null,
  erase_at: after.ended_at && addHours(after.ended_at, CREDENTIALS_KEPT_DAYS * 24),
});
