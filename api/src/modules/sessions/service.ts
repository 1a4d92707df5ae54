import { randomBytes } from 'node:crypto';
import type {
  challengeView,
  deviceView,
  sessionView,
  signInInput,
} from '@berth/shared/accounts/schemas';
import { canonical } from '@berth/shared/canonical';
import { makeId } from '@berth/shared/ids';
import { problem } from '@berth/shared/problems';
import { challengeText } from '@berth/shared/signing/challenge';
import {
  checkDelegation,
  DELEGATION_DAYS,
  delegationId,
  delegationText,
  type Delegation,
  type SignedDelegation,
} from '@berth/shared/signing/delegation';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { isoAt } from '@berth/shared/time';
import { summaryOf } from '@berth/shared/user-agent';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { sessionOf, type AccountActor, type Actor } from '../../lib/actor.ts';
import {
  endSessionsOf,
  findAnyChallenge,
  hasAnyDevice,
  holdDelegation,
  insertChallenge,
  insertSession,
  listAnyDelegations,
  listLivingDelegations,
  listOpenSessions,
  revokeDelegations,
  revokeSession,
  saveDelegation,
  useChallenge,
} from './repo.ts';

export const CHALLENGE_MINUTES = 5;
export const SESSION_MINUTES = 60;
const MINUTE_MS = 60_000;
const NONCE_BYTES = 16;

type Writes = Pick<WriteCtx, 'tx' | 'clock' | 'config'>;
type Proof = Pick<z.output<typeof signInInput>, 'key' | 'nonce' | 'signature'>;

/** A session that was opened just now, as the token and the cookie are made of it. */
export interface OpenedSession {
  readonly id: string;
  readonly account_id: string;
  readonly created_at: string;
  readonly expires_at: string;
  /** What the device says it is, where the account signs in on it for the first time. */
  readonly new_device: string | null;
}

/** Gives a text to sign that proves who holds the key. */
export async function makeChallenge(
  ctx: Writes,
  { key }: { key: string },
): Promise<z.output<typeof challengeView>> {
  const now_ms = ctx.clock.nowMs();
  const row = {
    nonce: randomBytes(NONCE_BYTES).toString('hex'),
    key,
    issued_at: isoAt(now_ms),
    expires_at: isoAt(now_ms + CHALLENGE_MINUTES * MINUTE_MS),
  };
  await insertChallenge(ctx.tx, { ...row, used_at: null });
  return { nonce: row.nonce, text: textOf(ctx, row), expires_at: row.expires_at };
}

interface ChallengeRow {
  key: string;
  nonce: string;
  issued_at: string;
  expires_at: string;
}

function textOf({ config }: Pick<Writes, 'config'>, row: ChallengeRow): string {
  const { key, nonce, issued_at, expires_at } = row;
  const uri = config.public_origin;
  return challengeText({ domain: new URL(uri).host, key, uri, nonce, issued_at, expires_at });
}

/**
 * Uses up the challenge. Throws unless the key it was made for has signed its text in time, the
 * first time it is used.
 */
export async function proveKey(ctx: Writes, { key, nonce, signature }: Proof): Promise<void> {
  const challenge = await findAnyChallenge(ctx.tx, nonce);
  const now = ctx.clock.now();
  // One that is erased was too late as well.
  if (challenge === null || challenge.expires_at <= now) {
    throw problem('challenge.expired', `A challenge is good for ${CHALLENGE_MINUTES} minutes.`);
  }
  if (challenge.used_at !== null) throw usedChallenge();
  const isSigned =
    challenge.key === key && verifyEd25519Node(key, textOf(ctx, challenge), signature);
  if (!isSigned) {
    throw problem('signature.invalid', 'Sign the text of the challenge with the key it names.');
  }
  if (!(await useChallenge(ctx.tx, nonce, now))) throw usedChallenge();
}

const usedChallenge = () => problem('challenge.used', 'Ask for a new challenge and sign that one.');

/**
 * Checks a delegation that the account key has just signed, keeps it, and opens a session under it.
 * The caller knows that `delegation.account_key` belongs to the account.
 */
export async function openDelegated(
  ctx: Writes,
  account_id: string,
  signed: SignedDelegation,
  user_agent: string,
): Promise<OpenedSession> {
  const { delegation, signature } = signed;
  refuseDelegation(ctx, delegation);
  if (!verifyEd25519Node(delegation.account_key, delegationText(delegation), signature)) {
    throw problem('delegation.invalid', 'The delegation must be signed by its account key.');
  }
  const known = await listAnyDelegations(ctx.tx, delegation.device_key);
  // Else a stranger could delegate to this device and find its owner signed in to another account.
  if (known.some((other) => other.account_id !== account_id)) {
    throw problem('delegation.invalid', 'This device key is in use; make a new one and try again.');
  }
  // Signing in again ends what was open on this device before.
  await endSessionsOf(ctx.tx, account_id, 'device_key', delegation.device_key, ctx.clock.now());
  const id = delegationId(delegation);
  await saveDelegation(ctx.tx, {
    id,
    account_id,
    account_key: delegation.account_key,
    device_key: delegation.device_key,
    label: delegation.label,
    delegation: canonical(delegation),
    signature,
    issued_at: delegation.issued_at,
    expires_at: delegation.expires_at,
    revoked_at: null,
  });
  const session = await openSession(ctx, { id, account_id, delegation }, user_agent);
  return known.length > 0 ? session : { ...session, new_device: summaryOf(user_agent) };
}

/** Opens a session for a device key by a delegation that is kept; null for an unknown key. */
export async function openByDevice(
  ctx: Writes,
  device_key: string,
  user_agent: string,
): Promise<OpenedSession | null> {
  const now = ctx.clock.now();
  const known = await listAnyDelegations(ctx.tx, device_key);
  const standing = known.filter(({ revoked_at }) => revoked_at === null);
  const row = standing.find(({ expires_at }) => expires_at > now) ?? standing[0];
  if (row === undefined) {
    if (known.length > 0) throw revokedDevice();
    return null;
  }
  const delegation = JSON.parse(row.delegation) as Delegation;
  refuseDelegation(ctx, delegation);
  return openSession(ctx, { id: row.id, account_id: row.account_id, delegation }, user_agent);
}

const revokedDevice = () =>
  problem('delegation.revoked', 'Sign in with your recovery phrase to use this device again.');

function refuseDelegation({ clock, config }: Writes, delegation: Delegation): void {
  const { device_key } = delegation;
  const ask = { audience: config.public_origin, at: clock.now(), device_key };
  const refusal = checkDelegation(delegation, ask);
  if (refusal === 'delegation.expired') {
    throw problem(
      refusal,
      'Sign in with your recovery phrase; this device is then remembered anew.',
    );
  }
  if (refusal !== null) {
    throw problem(
      refusal,
      `A delegation is for ${config.public_origin}, begins now and lasts at most ` +
        `${DELEGATION_DAYS} days. If this device’s clock is off, set it: ` +
        `it is ${clock.now()} here.`,
    );
  }
}

interface Standing {
  id: string;
  account_id: string;
  delegation: Delegation;
}

async function openSession(
  { tx, clock }: Writes,
  { id, account_id, delegation }: Standing,
  user_agent: string,
): Promise<OpenedSession> {
  if (!(await holdDelegation(tx, id))) throw revokedDevice();
  const now_ms = clock.nowMs();
  const ends_ms = Math.min(now_ms + SESSION_MINUTES * MINUTE_MS, Date.parse(delegation.expires_at));
  const session = {
    id: makeId('session'),
    account_id,
    created_at: isoAt(now_ms),
    expires_at: isoAt(ends_ms),
  };
  await insertSession(tx, {
    ...session,
    key: delegation.account_key,
    delegation_id: id,
    scopes: JSON.stringify(delegation.scopes),
    user_agent: summaryOf(user_agent),
    revoked_at: null,
  });
  return { ...session, new_device: null };
}

/** Ends the session that a request came with, where it came with one. */
export async function endOwnSession(ctx: Writes, actor: Actor): Promise<void> {
  if (actor.kind === 'account' && actor.token === null) await signOut(ctx, actor);
}

/** Ends the session that asks. */
export async function signOut({ tx, clock }: Writes, actor: AccountActor): Promise<void> {
  await revokeSession(tx, actor.person, sessionOf(actor), clock.now());
}

export async function endSession(
  { tx, clock }: Writes,
  actor: AccountActor,
  session_id: string,
): Promise<void> {
  if (!(await revokeSession(tx, actor.person, session_id, clock.now()))) {
    throw problem('request.not_found');
  }
}

/** Ends every session of a device and its leave to sign in; false where it has none. */
export async function putDeviceOut(
  { tx, clock }: Pick<Writes, 'tx' | 'clock'>,
  account_id: string,
  device_key: string,
): Promise<boolean> {
  const now = clock.now();
  if (!(await hasAnyDevice(tx, account_id, device_key, now))) return false;
  await revokeDelegations(tx, account_id, 'device_key', device_key, now);
  return true;
}

/** Puts out every device that an account key has delegated to. */
export async function removeDevicesOf(
  { tx, clock }: Pick<Writes, 'tx' | 'clock'>,
  account_id: string,
  account_key: string,
): Promise<void> {
  await revokeDelegations(tx, account_id, 'account_key', account_key, clock.now());
}

type Reads = Pick<ReadCtx, 'db' | 'clock'>;

/** The devices of the actor's account that may sign in, each once, the newest first. */
export async function listDevices(
  { db, clock }: Reads,
  actor: AccountActor,
): Promise<z.output<typeof deviceView>[]> {
  const rows = await listLivingDelegations(db, actor, clock.now());
  const newest = rows.filter(
    (row, at) => rows.findIndex(({ device_key }) => device_key === row.device_key) === at,
  );
  return newest.map(({ id, label, device_key, account_key, issued_at, expires_at, delegation }) => {
    const { scopes, agent = null } = JSON.parse(delegation) as Delegation;
    const is_this = device_key === actor.device_key;
    return { id, label, device_key, account_key, scopes, agent, issued_at, expires_at, is_this };
  });
}

/** The open sessions of the actor's account, the newest first. */
export async function listSessions(
  { db, clock }: Reads,
  actor: AccountActor,
): Promise<z.output<typeof sessionView>[]> {
  const rows = await listOpenSessions(db, actor, clock.now());
  return rows.map(({ id, device_label, user_agent, created_at, expires_at }) => ({
    id,
    device_label: device_label ?? '',
    user_agent,
    created_at,
    expires_at,
    is_this: id === actor.session_id,
  }));
}
