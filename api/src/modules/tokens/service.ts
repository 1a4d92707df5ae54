import type * as z from 'zod';
import type { Permission } from '@berth/shared/access';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { DAY_MS, HOUR_MS, isoAt } from '@berth/shared/time';
import { ENDED_LISTED_DAYS, MAX_TOKENS } from '@berth/shared/tokens/limits';
import type {
  currentToken,
  tokenInput,
  tokenMade,
  tokenRotation,
  tokenView,
} from '@berth/shared/tokens/schemas';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { lockAccount } from '../../db/accounts.ts';
import { emit } from '../../db/outbox.ts';
import type { TokenSecretsTable } from '../../db/schema-tokens.ts';
import { requirePermission, type AccountActor } from '../../lib/actor.ts';
import { hashOfToken, makeTokenSecret, shownOfToken } from '../../lib/token-secret.ts';
import type { Topics } from '../../lib/topics.ts';
import { getAnyAccount } from '../accounts/index.ts';
import {
  countLiving,
  endSecrets,
  findLiving,
  insertSecret,
  insertToken,
  listAnySecrets,
  listVisible,
  revokeAnyOfKey,
  saveRevoked,
  type TokenRow,
} from './repo.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;
type View = z.output<typeof tokenView>;
type Made = z.output<typeof tokenMade>;

/** The account's tokens, the newest first; those that ended a while ago are left out. */
export async function listTokens(
  { db, clock }: Pick<ReadCtx, 'db' | 'clock'>,
  actor: AccountActor,
): Promise<{ items: View[] }> {
  const since = isoAt(clock.nowMs() - ENDED_LISTED_DAYS * DAY_MS);
  const rows = await listVisible(db, actor, since);
  const secrets = await listAnySecrets(db, rows);
  return { items: rows.map((row) => viewOf(row, secrets)) };
}

const viewOf = (
  { id, name, permissions, created_at, revoked_at }: TokenRow,
  secrets: readonly TokenSecretsTable[],
): View => ({
  ...{ id, name, created_at, revoked_at },
  permissions: JSON.parse(permissions) as Permission[],
  secrets: secrets.filter(({ token_id }) => token_id === id),
});

/**
 * Makes a token of what the actor itself may do, and answers its secret, which is kept nowhere.
 * Throws `session.scope` and `account.too_many`.
 */
export async function createToken(
  ctx: Writes,
  actor: AccountActor,
  { name, permissions, days }: z.output<typeof tokenInput>,
): Promise<Made> {
  const { tx, clock } = ctx;
  const given = [...new Set(permissions)];
  for (const one of given) requirePermission(actor, one);
  await lockAccount(tx, actor);
  if ((await countLiving(tx, actor, clock.now())) >= MAX_TOKENS) {
    throw problem('account.too_many', `Revoke one first: ${MAX_TOKENS} work already.`);
  }
  const token = {
    id: makeId('token'),
    name,
    permissions: JSON.stringify(given),
    key: actor.key,
    created_at: clock.now(),
  };
  const row = await insertToken(tx, actor, token);
  return giveSecret(ctx, row, days, 'made');
}

/**
 * Gives a token a new secret. That before works on for the overlap, one before it no more. Throws
 * `session.scope` where the actor could not have made this token.
 */
export async function rotateToken(
  ctx: Writes,
  actor: AccountActor,
  token_id: string,
  { days, overlap_hours }: z.output<typeof tokenRotation>,
): Promise<Made> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const row = await findLiving(tx, actor, token_id);
  if (row === null) throw problem('request.not_found');
  for (const one of JSON.parse(row.permissions) as Permission[]) requirePermission(actor, one);
  const now = clock.now();
  const living = (await listAnySecrets(tx, [row])).filter(({ expires_at }) => expires_at > now);
  if (living.length === 0 && (await countLiving(tx, actor, now)) >= MAX_TOKENS) {
    throw problem('account.too_many', `Revoke one first: ${MAX_TOKENS} work already.`);
  }
  const [present, ...older] = living;
  await endSecrets(tx, older, now);
  if (present !== undefined) {
    await endSecrets(tx, [present], isoAt(clock.nowMs() + overlap_hours * HOUR_MS));
  }
  return giveSecret(ctx, row, days, 'rotated');
}

async function giveSecret(
  { tx, clock }: Writes,
  row: TokenRow,
  days: number,
  what: Topics['account.tokens']['what'],
): Promise<Made> {
  const { id: token_id, account_id, name } = row;
  const secret = makeTokenSecret();
  const at = clock.now();
  await insertSecret(tx, {
    hash: hashOfToken(secret),
    shown: shownOfToken(secret),
    token_id,
    created_at: at,
    expires_at: isoAt(clock.nowMs() + days * DAY_MS),
    last_used_at: null,
    last_network: null,
  });
  await emit(tx, 'account.tokens', { account_id, what, name }, at);
  return { token: viewOf(row, await listAnySecrets(tx, [row])), secret };
}

/** Throws `request.not_found` for one that is not the actor's, or is revoked already. */
export async function revokeToken(
  { tx, clock }: Writes,
  actor: AccountActor,
  token_id: string,
): Promise<void> {
  if (!(await saveRevoked(tx, actor, token_id, clock.now()))) throw problem('request.not_found');
}

/** Revokes what was made by an account key, as that key is out. */
export const revokeTokensOf = (
  { tx, clock }: Writes,
  account_id: string,
  key: string,
): Promise<void> => revokeAnyOfKey(tx, account_id, key, clock.now());

/** What the token of this request is. Throws `request.not_found` where a session asks. */
export async function viewCurrent(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
): Promise<z.output<typeof currentToken>> {
  const { token, person: account_id, permissions } = actor;
  if (token === null) throw problem('request.not_found', 'This request came with a session.');
  const { handle, display_name } = await getAnyAccount(db, account_id);
  const { id, expires_at } = token;
  return { id, account_id, handle, display_name, permissions: [...permissions], expires_at };
}
