import type { HeadView, SignedMove } from '@berth/shared/contracts/schemas';
import { beforeAll } from '@berth/shared/contracts/standing';
import type { DataOf } from '@berth/shared/contracts/statement-data';
import { breachOfData, breachOfFrame, type Place } from '@berth/shared/contracts/statement-rules';
import { paysBy, type PaysBy } from '@berth/shared/pays-by';
import { problem } from '@berth/shared/problems';
import { authorityOf } from '@berth/shared/signing/authority';
import type { Statement } from '@berth/shared/signing/statement';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { ContractRow } from '../../db/contract-rows.ts';
import { SYSTEM, systemTime } from '../../engine/entry.ts';
import { move } from '../../engine/move.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { fundEscrow, openEscrow } from '../billing/index.ts';
import {
  findAnyRentable,
  requireRentable,
  requireRoom,
  takeUnit,
  useHold,
} from '../stock/index.ts';
import { type Checked, onlyInLogs, readEntry, refusalOf } from '../contract-moves/index.ts';
import {
  findAnyContract,
  findByNonce,
  insertPrivatePart,
  insertReply,
  contractKind,
  noFacts,
  follow,
  headOf,
  systemMove,
  termsOfContract,
} from '../contracts/index.ts';

type Ask = DataOf<'request'>;
type Rentable = NonNullable<Awaited<ReturnType<typeof findAnyRentable>>>;

/**
 * Makes a contract from the renter's signed request, takes a unit or the one held for the renter,
 * asks the provider and, where the provider's own rule covers it, accepts. One transaction. The
 * same nonce answers the same contract.
 */
export async function requestContract(
  ctx: WriteCtx,
  actor: AccountActor,
  body: SignedMove,
  checked: Checked,
): Promise<HeadView> {
  const { statement } = body;
  if (statement.action !== 'request' || statement.role !== 'renter') {
    throw problem('statement.invalid', 'A contract begins with a request by the renter.');
  }
  if (breachOfFrame(statement, nowhere) !== null) {
    throw problem('statement.invalid', 'A first statement has seq 0, no prev and no subject_id.');
  }
  const entry = readEntry(ctx, actor, body, 'request', checked);
  const ask = statement.data as Ask;
  const contract_id = entry.hash;
  const earlier = await findByNonce(ctx.tx, actor, ask.nonce);
  if (earlier?.contract_id === contract_id) return headOf(earlier);
  if (earlier)
    throw problem('statement.invalid', 'This nonce made another contract; use a new one.');

  const held = await useHold(ctx, actor, ask);
  const found = held ?? (await findAnyRentable(ctx.tx, ask.offering_id));
  const offering = requireRentable(actor, found);
  refuseMismatch(statement, ask, offering);
  await requireRoom(ctx, actor, offering);
  if (!held && !(await takeUnit(ctx, offering.id))) throw problem('offering.out_of_stock');

  const { at } = statement;
  const made = await move(ctx, contractKind, null, {
    ...{ action: 'request', role: 'renter', facts: noFacts },
    write: (_, state) => ({
      entry,
      after: { ...contractRow(contract_id, entry.hash, actor, ask, offering, at), state },
    }),
  });
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, 0, body.private);
  if ((await payFor(ctx, made.after, ask.pays_by ?? null)) > 0n) return headOf(made.after);
  const asked = await follow(ctx, made);
  return headOf(await acceptByRule(ctx, asked, offering.rule));
}

/** Holds what the balance has of the total; answers what is missing of it. */
async function payFor(
  ctx: WriteCtx,
  contract: ContractRow,
  pays_by: PaysBy | null,
): Promise<bigint> {
  const { payments } = ctx.config;
  if (payments === 'off') {
    if (pays_by === null) return 0n;
    throw problem('payment.off', 'Sign a request that does not say how it is paid.');
  }
  const { kind } = await termsOfContract(ctx.tx, contract);
  return openEscrow(ctx, contract, { kind, pays_by });
}

/** Asks the provider of a request once it is paid whole; what its balance has is held before. */
export async function fundRequest(ctx: WriteCtx, contract_id: string): Promise<ContractRow | null> {
  const row = await findAnyContract(ctx.tx, contract_id);
  if (row?.state !== 'requested') return row;
  if ((await fundEscrow(ctx, row)) > 0n) return row;
  const asked = await systemMove(ctx, row, 'submit');
  const offering = await findAnyRentable(ctx.tx, row.offering_id);
  // On other terms than its present ones, or off the market, its provider decides.
  const isCovered = offering?.state === 'listed' && offering.terms_hash === row.terms_hash;
  return acceptByRule(ctx, asked, isCovered ? offering.rule : null);
}

/** Where every contract begins. */
const nowhere: Place = {
  contract_id: null,
  version: 0,
  head_hash: null,
  head_at: null,
  mode: 'live',
  slack_ms: 0,
};

function refuseMismatch(statement: Statement, ask: Ask, offering: Rentable): void {
  const found = breachOfData('request', ask, {
    statement,
    standing: beforeAll,
    terms: { ...offering, ...offering.rate, offering_id: offering.id },
    terms_hash: offering.terms_hash,
    money: undefined,
    slack_ms: 0,
    needs_choices: true,
    envelope_digest: null,
    isRecipient: () => false,
    ...onlyInLogs,
  });
  if (found !== null) throw refusalOf(found);
}

/** Until when a request waits for its money. */
const dueOf = ({ pays_by }: Ask, at: string): string | null =>
  pays_by === undefined ? null : addHours(at, paysBy[pays_by].hours);

const contractRow = (
  contract_id: string,
  head_hash: string,
  actor: AccountActor,
  ask: Ask,
  offering: Rentable,
  at: string,
): Omit<ContractRow, 'state'> => ({
  contract_id,
  offering_id: offering.id,
  terms_hash: offering.terms_hash,
  renter_id: actor.acting_for,
  provider_id: offering.provider_id,
  renter_key: actor.key,
  provider_key: offering.provider_key,
  version: 1,
  head_hash,
  head_at: at,
  title: offering.title,
  operating_system: ask.choices?.operating_system ?? null,
  hours: ask.hours,
  total_e9s: BigInt(ask.total_e9s),
  refund_e9s: null,
  currency: offering.currency,
  nonce: ask.nonce,
  requested_at: at,
  state_at: at,
  due_at: dueOf(ask, at),
  active_at: null,
  ends_at: null,
  pauses: '[]',
  ended_at: null,
  erase_at: null,
  warn_at: null,
  extension_by: null,
  on_chain: 0,
});

async function acceptByRule(
  ctx: WriteCtx,
  row: ContractRow,
  rule: Rentable['rule'],
): Promise<ContractRow> {
  const at = systemTime(ctx, contractKind.headOf(row));
  if (!rule || row.hours > rule.max_hours || rule.expires_at <= at) return row;
  await insertReply(ctx.tx, {
    contract_id: row.contract_id,
    seq: row.version,
    accepted: 1,
    replied_by: SYSTEM,
    replied_at: at,
    rule_id: rule.id,
  });
  return systemMove(ctx, row, 'accept', {
    data: {
      rule: JSON.parse(rule.rule) as unknown,
      rule_signature: rule.signature,
      rule_key: rule.key,
      rule_authority: authorityOf(rule.delegation),
    },
    facts: { has_rule: true },
  });
}
