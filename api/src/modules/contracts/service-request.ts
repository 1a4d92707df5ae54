import type * as z from 'zod';
import { priceOf } from '@berth/shared/contracts/price';
import type { HeadView, SignedMove, statementData } from '@berth/shared/contracts/schemas';
import { MAX_OPEN_REQUESTS } from '@berth/shared/contracts/schemas';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  findRentable,
  refuseHours,
  requireRentable,
  takeUnit,
  useHold,
} from '../offerings/index.ts';
import { countOpenRequests, findByNonce, insertContract, insertPrivatePart } from './repo.ts';
import { insertReply, type ContractRow } from './repo.ts';
import { readEntry, SYSTEM } from './service-entry.ts';
import { headOf, systemMove } from './service-move.ts';

type Ask = z.output<(typeof statementData)['request']>;
type Rentable = NonNullable<Awaited<ReturnType<typeof findRentable>>>;

/**
 * Makes a contract from the renter's signed request, takes a unit or the one held for the renter,
 * asks the provider and, where the provider's own rule covers it, accepts. One transaction. The
 * same nonce answers the same contract.
 */
export async function requestContract(
  ctx: WriteCtx,
  actor: AccountActor,
  body: SignedMove,
): Promise<HeadView> {
  const { statement } = body;
  const { contract_id: none, prev, seq } = statement;
  if (statement.action !== 'request' || statement.role !== 'renter' || seq !== 0) {
    throw problem('statement.invalid', 'A contract begins with a request by the renter, seq 0.');
  }
  if (none !== null || prev !== null) {
    throw problem('statement.invalid', 'A first statement has neither contract_id nor prev.');
  }
  const entry = readEntry(ctx, actor, body, 'request');
  const ask = statement.data as Ask;
  const contract_id = entry.hash;
  const earlier = await findByNonce(ctx.tx, actor.account_id, ask.nonce);
  if (earlier?.contract_id === contract_id) return headOf(earlier);
  if (earlier)
    throw problem('statement.invalid', 'This nonce made another contract; use a new one.');

  const held = await useHold(ctx, actor, ask);
  const found = held ?? (await findRentable(ctx.tx, ask.offering_id));
  const offering = requireRentable(actor, found);
  refuseMismatch(ask, offering);
  if ((await countOpenRequests(ctx.tx, actor.account_id)) >= MAX_OPEN_REQUESTS) {
    throw problem('account.too_many', `You have ${MAX_OPEN_REQUESTS} requests waiting already.`);
  }
  if (!held && !(await takeUnit(ctx, offering.id))) throw problem('offering.out_of_stock');

  const at = ctx.clock.now();
  const row = contractRow(contract_id, entry.hash, actor, ask, offering, at);
  await insertContract(ctx.tx, row, entry);
  if (body.private) await insertPrivatePart(ctx.tx, contract_id, 0, body.private);
  const due_at = addHours(at, offering.response_hours);
  const asked = await systemMove(ctx, row, 'submit', { patch: { due_at } });
  return headOf(await acceptByRule(ctx, asked, ask, offering));
}

function refuseMismatch(ask: Ask, offering: Rentable): void {
  const total_e9s = priceOf(offering.rate, ask.hours).total_e9s.toString();
  if (total_e9s !== ask.total_e9s || offering.currency !== ask.currency) {
    throw problem('price.changed', 'Look at the new total, then sign again.', {
      total_e9s,
      currency: offering.currency,
    });
  }
  if (offering.terms_hash !== ask.terms_hash || offering.provider_key !== ask.provider) {
    throw problem('offering.moved', 'Look at the new terms, then sign again.', {
      terms_hash: offering.terms_hash,
    });
  }
  refuseHours(offering, ask.hours, '/statement/data/hours');
}

const contractRow = (
  contract_id: string,
  head_hash: string,
  actor: AccountActor,
  ask: Ask,
  offering: Rentable,
  at: string,
): ContractRow => ({
  contract_id,
  offering_id: offering.id,
  terms_hash: offering.terms_hash,
  renter_id: actor.account_id,
  provider_id: offering.provider_id,
  renter_key: actor.key,
  provider_key: offering.provider_key,
  state: 'requested',
  version: 1,
  head_hash,
  title: offering.title,
  hours: ask.hours,
  total_e9s: BigInt(ask.total_e9s),
  refund_e9s: null,
  currency: offering.currency,
  nonce: ask.nonce,
  requested_at: at,
  state_at: at,
  due_at: null,
  active_at: null,
  ends_at: null,
  ended_at: null,
  erase_at: null,
  extension_by: null,
  on_chain: 0,
});

async function acceptByRule(
  ctx: WriteCtx,
  row: ContractRow,
  ask: Ask,
  { rule, provisioning_hours }: Rentable,
): Promise<ContractRow> {
  const at = ctx.clock.now();
  if (!rule || ask.hours > rule.max_hours || rule.expires_at <= at) return row;
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
      rule_delegation: rule.delegation,
    },
    patch: { due_at: addHours(at, provisioning_hours) },
    memo: 'Accepted under the provider’s signed rule',
    facts: { has_rule: true },
  });
}
