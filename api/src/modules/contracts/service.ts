import { faultsOf } from '@berth/shared/contracts/faults';
import type { ContractFacts } from '@berth/shared/contracts/guards';
import { offeredFacts } from '@berth/shared/contracts/guards';
import {
  contractMachine,
  type ContractAction,
  type ContractEffect,
  type ContractMove,
  type ContractRole,
  type ContractState,
  type ContractVocabulary,
} from '@berth/shared/contracts/machine';
import type { DetailsPart, HeadView, SignedMove } from '@berth/shared/contracts/schemas';
import { CREDENTIALS_KEPT_DAYS } from '@berth/shared/contracts/schemas';
import {
  paidOf,
  standingAfter,
  type GoverningTerms,
  type Standing,
} from '@berth/shared/contracts/standing';
import { dataKindOf, type DataOf } from '@berth/shared/contracts/statement-data';
import { warnAfter } from '@berth/shared/contracts/warnings';
import { nextMoves } from '@berth/shared/machine';
import { termsSchema } from '@berth/shared/offerings/schemas';
import { refundOf } from '@berth/shared/price';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type * as z from 'zod';
import type { WriteCtx } from '../../context.ts';
import {
  CONTRACT,
  pausesIn,
  type ContractRow,
  type Db,
  type Side,
} from '../../db/contract-rows.ts';
import type { Entry } from '../../db/log.ts';
import { emit } from '../../db/outbox.ts';
import { SYSTEM, systemEntry, systemTime } from '../../engine/entry.ts';
import { move, type Effected, type Kind, type Moved } from '../../engine/move.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { holdMore, settle } from '../billing/index.ts';
import { getAnyTerms } from '../catalogue/index.ts';
import { returnUnit } from '../stock/index.ts';
import {
  acceptExtension,
  insertDetails,
  insertExtension,
  insertReply,
  saveContract,
} from './repo.ts';

export const sideOf = (row: ContractRow, actor: AccountActor): Side =>
  row.renter_id === actor.acting_for ? 'renter' : 'provider';

type Terms = Readonly<z.output<typeof termsSchema>>;

const MAX_KNOWN_TERMS = 1_000;
/** Terms that were read lately, by their hash: they never change. */
const knownTerms = new Map<string, Terms>();

/** The kept terms that the contract was signed on; amounts are bigint. */
export async function termsOfContract(
  db: Db,
  { terms_hash }: Pick<ContractRow, 'terms_hash'>,
): Promise<Terms> {
  const known = knownTerms.get(terms_hash);
  if (known !== undefined) return known;
  const terms = termsSchema.parse(JSON.parse(await getAnyTerms(db, terms_hash)));
  const oldest = knownTerms.keys().next().value;
  if (knownTerms.size >= MAX_KNOWN_TERMS && oldest !== undefined) knownTerms.delete(oldest);
  knownTerms.set(terms_hash, terms);
  return terms;
}

/** The buttons of one side: the machine's moves that have one, each once. */
export function movesFor(row: ContractRow, role: Side) {
  return nextMoves(contractMachine, { state: row.state, role, facts: offeredFacts }).filter(
    (move) => move.button !== undefined,
  );
}

/** Where a contract stands by its row: what is in other tables is read where a move needs it. */
export const standingOf = (row: ContractRow): Standing => ({
  state: row.state,
  renter_key: row.renter_key,
  provider_key: row.provider_key,
  choices: row.operating_system === null ? null : { operating_system: row.operating_system },
  // How a request is paid moves it once alone, when it is made.
  pays_by: null,
  hours: row.hours,
  total_e9s: row.total_e9s,
  refund_e9s: row.refund_e9s,
  active_at: row.active_at,
  ends_at: row.ends_at,
  pauses: pausesIn(row),
  due_at: row.due_at,
  ended_at: row.ended_at,
  has_opened: false,
  delivery: null,
  extension: row.extension_by === null ? null : { hash: '', by_role: row.extension_by, hours: 0 },
});

type Effect = (ctx: WriteCtx, one: Effected<ContractRow, SignedMove>) => Promise<void>;

/** What moves of a contract do beside the log and the contract's row, by name. */
const effects: Record<ContractEffect, Effect> = {
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
  if (accepts !== null) {
    await holdMore(ctx, after, BigInt(extra_e9s), seq);
    return acceptExtension(ctx.tx, contract_id, seq);
  }
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

/** Contracts, as the engine moves them. */
export const contractKind: Kind<ContractRow, ContractVocabulary, SignedMove> = {
  machine: contractMachine,
  headOf: ({ contract_id, version, head_hash, head_at }) => ({
    subject_id: contract_id,
    seq: version,
    hash: head_hash,
    at: head_at,
  }),
  placed: (row, state, { statement: { seq, at }, hash }) => ({
    ...row,
    state,
    state_at: state === row.state ? row.state_at : at,
    version: seq + 1,
    head_hash: hash,
    head_at: at,
  }),
  async save(tx, changes) {
    for (const change of changes) await saveContract(tx, change);
  },
  async tell({ tx }, made) {
    for (const { after, entries } of made) {
      const { contract_id } = after;
      for (const { statement } of entries) {
        const { seq, at } = statement;
        await emit(tx, 'contract.moved', { contract_id, seq }, at);
      }
    }
  },
  effects,
  settle: (ctx, { after, entry }) => settle(ctx, after, entry.statement.seq),
  refuse(row, { code, sentence }, role) {
    const moves = row && isSide(role) ? movesFor(row, role).map(({ action }) => action) : [];
    return problem(`contract.${code}`, sentence, { moves });
  },
};

const isSide = (role: ContractRole): role is Side => role !== 'system';

export const noFacts: ContractFacts = {
  has_details: false,
  has_rule: false,
  is_due: false,
  has_opened: false,
  had_time: false,
  can_pause: false,
};

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
      const [fault] = faultsOf(action, SYSTEM);
      const said = {
        ...data,
        ...(refund === undefined ? {} : { refund_e9s: refund.toString() }),
        ...(fault ? { fault: fault.code } : {}),
      };
      const entry = systemEntry(ctx, CONTRACT, head, {
        ...{ action, data: said, memo: memo ?? usual },
      });
      return { entry, after: afterEntry(row, entry, made, to, { standing, terms }) };
    },
  });
  return moved.after;
}

/** What a contract becomes by an entry that was found right. */
export function afterEntry(
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
    pauses: JSON.stringify(after.pauses),
    due_at: after.due_at,
    ended_at: after.ended_at,
    extension_by: extension?.by_role ?? null,
    erase_at: after.ended_at && addHours(after.ended_at, CREDENTIALS_KEPT_DAYS * 24),
    warn_at: warnAtOf(row, after, statement.at),
  };
}

/** Begun with the paid clock, and anew where the end moves. */
function warnAtOf(
  row: ContractRow,
  { ends_at, ended_at }: Pick<Standing, 'ends_at' | 'ended_at'>,
  at: string,
): string | null {
  if (ended_at !== null || ends_at === null) return null;
  return ends_at === row.ends_at ? row.warn_at : warnAfter(ends_at, at);
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
