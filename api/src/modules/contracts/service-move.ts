import { permissionOfSide } from '@berth/shared/access';
import {
  type ContractAction,
  type ContractMove,
  type ContractState,
  type ContractVocabulary,
} from '@berth/shared/contracts/machine';
import type { ContractFacts } from '@berth/shared/contracts/guards';
import { refundOf } from '@berth/shared/price';
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
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { Entry } from '../../db/log.ts';
import { SYSTEM, systemEntry, systemTime } from '../../engine/entry.ts';
import { move, type Moved } from '../../engine/move.ts';
import { requirePermission, type AccountActor } from '../../lib/actor.ts';
import { CONTRACT, getContract, insertPrivatePart, movedSince, type ContractRow } from './repo.ts';
import { aboutMove, placeOf, standingOf, type Asked } from './service-about.ts';
import { readEntry, refusalOf, type Checked } from './service-entry.ts';
import { contractKind, noFacts } from './service-kind.ts';
import { sideOf, termsOfContract } from './service-view.ts';

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
  const framed = breachOfFrame(statement, placeOf(row));
  if (framed?.code === 'contract.moved') throw movedSince(row);
  if (framed !== null) throw refusalOf(framed);
  const action = statement.action as ContractAction;
  const asked = { ctx, row, actor, role, body, checked };
  const has_details = body.envelope !== undefined && body.private !== undefined;
  const moved = await move(ctx, contractKind, row, {
    ...{ action, role, facts: { ...noFacts, has_details } },
    given: body,
    write: (made, to) => writeSigned(asked, made, to),
  });
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, statement.seq, body.private);
  return headOf(await follow(ctx, moved));
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

/** Makes the system's move that the table has follow at once. */
export async function follow(
  ctx: WriteCtx,
  { after, move: { then } }: Moved<ContractRow, ContractVocabulary>,
): Promise<ContractRow> {
  if (then === undefined) return after;
  return then === 'activate' ? activateOpened(ctx, after) : systemMove(ctx, after, then);
}

interface SystemMove {
  data?: Record<string, unknown>;
  /** Instead of the table's. */
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
  { data = {}, memo, facts = {}, to }: SystemMove = {},
): Promise<ContractRow> {
  const moved = await move(ctx, contractKind, row, {
    ...{ action, role: SYSTEM, facts: { ...noFacts, ...facts }, to },
    async write(made, to) {
      const { money, memo: usual = '' } = made;
      const terms = await termsOfContract(ctx.tx, row);
      const standing = standingOf(row);
      const head = contractKind.headOf(row);
      const refund = money && refundOf(money, paidOf(standing, terms), systemTime(ctx, head));
      const said = refund === undefined ? data : { ...data, refund_e9s: refund.toString() };
      const entry = systemEntry(ctx, CONTRACT, head, {
        ...{ action, data: said, memo: memo ?? usual },
      });
      return { entry, after: afterEntry(row, entry, made, to, { standing, terms }) };
    },
  });
  return moved.after;
}

/** What a contract becomes by an entry that was found right. */
function afterEntry(
  row: ContractRow,
  { statement, hash }: Entry,
  made: ContractMove,
  to: ContractState,
  { standing, terms }: { standing: Standing; terms: GoverningTerms },
): ContractRow {
  const kind = dataKindOf(statement.action as ContractAction, statement.role, statement.seq);
  const data = statement.data as DataOf<typeof kind>;
  const { extension, ...after } = standingAfter(
    standing,
    { statement, hash, kind, data, move: made, to },
    terms,
  );
  return {
    ...row,
    hours: after.hours,
    total_e9s: after.total_e9s,
    refund_e9s: after.refund_e9s,
    active_at: after.active_at,
    ends_at: after.ends_at,
    due_at: after.due_at,
    ended_at: after.ended_at,
    extension_by: extension?.by_role ?? null,
    erase_at: after.ended_at && addHours(after.ended_at, CREDENTIALS_KEPT_DAYS * 24),
  };
}

/** The paid clock starts now and ends after the hours that were signed. */
const activateOpened = (ctx: WriteCtx, row: ContractRow) =>
  systemMove(ctx, row, 'activate', {
    facts: { has_opened: true },
    memo: 'The credentials were opened',
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
