import type * as z from 'zod';
import { canonical } from '@berth/shared/canonical';
import { makeId } from '@berth/shared/ids';
import { MAX_RULE_DAYS, type autoAcceptInput } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { autoAcceptText } from '@berth/shared/signing/auto-accept';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { CLOCK_SKEW_MS, DAY_MS } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { insertRule, revokeRule } from './repo.ts';
import { lockAccount } from '../../db/accounts.ts';
import { getOwnRow, getOwnView, tellPublic } from '../catalogue/index.ts';
import type { OwnOffering } from '../../offerings/row.ts';

type SignedRule = z.output<typeof autoAcceptInput>;

/**
 * Sets the rule under which requests are accepted at once, in place of the one before.
 * Throws `statement.invalid`, `statement.clock` and `signature.invalid`.
 */
export async function setAutoAccept(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
  { rule, signature }: SignedRule,
): Promise<OwnOffering> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const row = await getOwnRow(tx, actor, id);
  refuseRule(rule, actor, id, clock);
  const key = actor.device_key ?? actor.key;
  if (!verifyEd25519Node(key, autoAcceptText(rule), signature)) {
    throw problem('signature.invalid', 'Sign the rule with the key of this session.');
  }
  const at = clock.now();
  await revokeRule(tx, id, at);
  await insertRule(tx, {
    id: makeId('rule'),
    offering_id: id,
    rule: canonical(rule),
    signature,
    key,
    delegation_id: actor.delegation_id,
    max_hours: rule.max_hours,
    expires_at: rule.expires_at,
    created_at: at,
  });
  await tellPublic(ctx, null, row);
  return getOwnView(tx, actor, id, at);
}

/** Withdraws the rule; without one nothing changes. */
export async function removeAutoAccept(
  ctx: WriteCtx,
  actor: AccountActor,
  id: string,
): Promise<OwnOffering> {
  const at = ctx.clock.now();
  await lockAccount(ctx.tx, actor);
  const row = await getOwnRow(ctx.tx, actor, id);
  await revokeRule(ctx.tx, id, at);
  await tellPublic(ctx, null, row);
  return getOwnView(ctx.tx, actor, id, at);
}

function refuseRule(
  rule: SignedRule['rule'],
  actor: AccountActor,
  offering_id: string,
  clock: WriteCtx['clock'],
): void {
  if (rule.offering_id !== offering_id) {
    throw problem('statement.invalid', 'The rule names another offering.');
  }
  if (rule.provider_key !== actor.key) {
    throw problem('statement.invalid', 'Sign for the account key of this session.');
  }
  const [now_ms, now] = [clock.nowMs(), clock.now()];
  const [at_ms, expires_ms] = [Date.parse(rule.at), Date.parse(rule.expires_at)];
  if (Math.abs(at_ms - now_ms) > CLOCK_SKEW_MS) {
    throw problem('statement.clock', `It is ${now} here; set the clock and sign again.`, { now });
  }
  if (expires_ms <= now_ms || expires_ms > at_ms + MAX_RULE_DAYS * DAY_MS) {
    throw problem('statement.invalid', `The rule must expire within ${MAX_RULE_DAYS} days.`);
  }
}
