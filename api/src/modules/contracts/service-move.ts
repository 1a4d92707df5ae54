import {
  contractMachine,
  isEnded,
  type ContractAction,
  type ContractFacts,
  type ContractMove,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { refundOf, type RefundRule } from '@berth/shared/contracts/price';
import { CREDENTIALS_KEPT_DAYS, MAX_LOG_ENTRIES } from '@berth/shared/contracts/schemas';
import type { HeadView, SignedMove } from '@berth/shared/contracts/schemas';
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
  type Patch,
} from './repo.ts';
import { readEntry, systemEntry } from './service-entry.ts';
import { movesFor, rateOf, sideOf } from './service-view.ts';

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
  if (statement.contract_id !== contract_id || statement.role !== role) {
    throw problem('statement.invalid', `Sign for this contract, as its ${role}.`);
  }
  if (statement.seq !== row.version || statement.prev !== row.head_hash) throw movedSince(row);
  const move = allowedMove(row, statement.action as ContractAction, role, {
    ...noFacts,
    has_details: body.envelope !== undefined && body.private !== undefined,
  });
  const entry = readEntry(ctx, actor, body, move.action);
  const to = move.to === 'same' ? row.state : move.to;
  // Room is kept for the moves that end a contract; entries that move nothing stop earlier.
  if (move.to === 'same' && statement.seq >= MAX_LOG_ENTRIES) {
    throw problem('account.too_many', `A contract's log holds ${MAX_LOG_ENTRIES} entries.`);
  }
  const at = ctx.clock.now();
  const asked = { ctx, row, actor, role, body, at };
  const effect = effects[move.action];
  const patch: Patch = {
    ...(await effect?.patch?.(asked)),
    ...(move.money
      ? endingOf(await refundNow(ctx, row, move.money, statement.data.refund_e9s), at)
      : {}),
  };
  const after = await saveMove(ctx.tx, row, to, entry, patch, at);
  await effect?.keep?.(asked);
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, statement.seq, body.private);
  await returnTaken(ctx, row, to);
  if (move.action === 'open_credentials' && after.state === 'provisioned') {
    return headOf(await activate(ctx, after));
  }
  return headOf(after);
}

interface SystemMove {
  data?: Record<string, unknown>;
  patch?: Patch;
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
  { data = {}, patch = {}, memo = '', facts = {}, to: wanted }: SystemMove = {},
): Promise<ContractRow> {
  const move = allowedMove(row, action, 'system', { ...noFacts, ...facts }, wanted);
  const at = ctx.clock.now();
  const to = move.to === 'same' ? row.state : move.to;
  const refund_e9s = move.money ? await refundNow(ctx, row, move.money) : null;
  const said = refund_e9s === null ? data : { ...data, refund_e9s: refund_e9s.toString() };
  const entry = systemEntry(ctx, row, action, said, memo);
  const all = refund_e9s === null ? patch : { ...patch, ...endingOf(refund_e9s, at) };
  const after = await saveMove(ctx.tx, row, to, entry, all, at);
  await returnTaken(ctx, row, to);
  return after;
}

/** What ends a contract gives its unit back; one from the chain took none. */
async function returnTaken(ctx: WriteCtx, row: ContractRow, to: ContractState): Promise<void> {
  if (isEnded(to) && row.on_chain === 0) await returnUnit(ctx, row.offering_id);
}

/** The system's activation: the paid clock starts now and ends after the hours that were signed. */
export function activate(ctx: WriteCtx, row: ContractRow, facts: Partial<ContractFacts> = {}) {
  const at = ctx.clock.now();
  const ends_at = addHours(at, row.hours);
  return systemMove(ctx, row, 'activate', {
    patch: { active_at: at, ends_at, due_at: ends_at },
    facts: { has_opened: true, ...facts },
    memo: facts.is_due ? 'A day has passed since they were posted' : 'The credentials were opened',
  });
}

export const headOf = (row: ContractRow): HeadView => ({
  contract_id: row.contract_id,
  state: row.state,
  version: row.version,
  seq: row.version - 1,
  hash: row.head_hash,
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

/** The refund by the machine's rule; a party must have signed the same amount. */
async function refundNow(
  ctx: WriteCtx,
  row: ContractRow,
  rule: RefundRule,
  signed?: unknown,
): Promise<bigint> {
  const { total_e9s, active_at } = row;
  const rate = await rateOf(ctx.tx, row);
  const refund_e9s = refundOf(rule, { rate, total_e9s, active_at }, ctx.clock.now());
  if (signed !== undefined && signed !== refund_e9s.toString()) {
    throw problem('price.changed', 'The refund is another one by now; look again, then sign.', {
      refund_e9s: refund_e9s.toString(),
    });
  }
  return refund_e9s;
}

const endingOf = (refund_e9s: bigint, at: string): Patch => ({
  refund_e9s,
  ended_at: at,
  due_at: null,
  extension_by: null,
  erase_at: addHours(at, CREDENTIALS_KEPT_DAYS * 24),
});
