import fastifyCookie from '@fastify/cookie';
import fastifyJwt from '@fastify/jwt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { permissionsFor } from '@berth/shared/access';
import { isQuery, type Endpoint } from '@berth/shared/endpoint';
import { problem } from '@berth/shared/problems';
import type { Delegation } from '@berth/shared/signing/delegation';
import type { Deps } from '../context.ts';
import { findSession } from '../db/sessions.ts';
import type { SessionRow } from '../db/sessions.ts';
import { findToken, type TokenRow } from '../db/tokens.ts';
import {
  agentPowers,
  powersOf,
  requirePermission,
  tokenPowers,
  type AccountActor,
  type Actor,
} from '../lib/actor.ts';
import { hashOfToken, isTokenSecret, isWellFormed } from '../lib/token-secret.ts';
import { networkOf } from './rate-limit.ts';

export const SESSION_COOKIE = '__Host-berth';

const VERIFIED_TOKENS = 5_000;
const COOKIE_OPTIONS = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

interface Token {
  sid: string;
  sub: string;
  iat: number;
  exp: number;
}

/** The part of a session's row that its token is made of. */
export interface SessionToSign {
  id: string;
  account_id: string;
  created_at: string;
  expires_at: string;
}

/** Where a request's token was found; a cookie is sent by the browser for any site that asks. */
export type TokenSource = 'bearer' | 'cookie' | null;

export async function registerSession(app: FastifyInstance, deps: Deps): Promise<void> {
  const issuer = deps.config.public_origin;
  const audience = `${issuer}/api/v1`;
  await app.register(fastifyCookie, { hook: false });
  await app.register(fastifyJwt, {
    secret: { private: deps.serviceKey.private_pem, public: deps.serviceKey.public_pem },
    sign: { algorithm: 'EdDSA', iss: issuer, aud: audience },
    verify: {
      algorithms: ['EdDSA'],
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sid', 'exp'],
      // Expiry is held against our own clock, on the session's row.
      ignoreExpiration: true,
      cache: VERIFIED_TOKENS,
    },
  });
}

/** The session's token, signed by the service; a bearer of it acts for the account. */
export function signSession(app: FastifyInstance, session: SessionToSign): string {
  const token: Token = {
    sid: session.id,
    sub: session.account_id,
    iat: epochSeconds(session.created_at),
    exp: epochSeconds(session.expires_at),
  };
  return app.jwt.sign(token);
}

/** Puts the session's token into the cookie; answers it for clients that use it as a bearer. */
export function setSession(reply: FastifyReply, session: SessionToSign): string {
  const token = signSession(reply.server, session);
  const expires = new Date(session.expires_at);
  reply.setCookie(SESSION_COOKIE, token, { ...COOKIE_OPTIONS, expires });
  return token;
}

export function clearSession(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, COOKIE_OPTIONS);
}

const epochSeconds = (at: string) => Math.floor(Date.parse(at) / 1000);

/** Finds the token: `Authorization: Bearer` before the cookie. */
export function readToken(request: FastifyRequest): { token: string; source: TokenSource } {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    return { token: /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? '', source: 'bearer' };
  }
  const token =
    cookie === undefined ? undefined : request.server.parseCookie(cookie)[SESSION_COOKIE];
  return token === undefined ? { token: '', source: null } : { token, source: 'cookie' };
}

/**
 * Who sent the request. Throws `session.missing`, `session.expired`, `delegation.revoked` or
 * `token.invalid`.
 */
export async function readActor(
  request: FastifyRequest,
  { token, source }: { token: string; source: TokenSource },
): Promise<AccountActor> {
  const { deps, jwt } = request.server;
  if (source === 'bearer' && isTokenSecret(token)) return readTokenActor(request, token);
  let session_id: string;
  try {
    session_id = jwt.verify<Token>(token).sid;
  } catch {
    throw problem('session.expired');
  }
  return liveActor(await findSession(deps.db, session_id), deps.clock.now());
}

async function readTokenActor(request: FastifyRequest, secret: string): Promise<AccountActor> {
  const { db, clock, tokenUses } = request.server.deps;
  if (!isWellFormed(secret)) throw noToken('It is not one of ours: copy it whole.');
  const row = await findToken(db, hashOfToken(secret));
  const actor = tokenActor(row, clock.now());
  tokenUses.count({ ...row!, network: networkOf(request.ip) });
  return actor;
}

const noToken = (detail: string) => problem('token.invalid', detail);

function tokenActor(row: TokenRow | undefined, now: string): AccountActor {
  if (row === undefined) throw noToken('It is not known here. Make another on the page of tokens.');
  const { id, account_id, permissions, key, hash, expires_at } = row;
  if (row.revoked_at !== null) throw noToken(`It was revoked at ${row.revoked_at}.`);
  if (expires_at <= now) throw noToken(`It ended at ${expires_at}.`);
  return {
    kind: 'account',
    principal: id,
    person: account_id,
    acting_for: account_id,
    ...tokenPowers(permissions),
    session_id: null,
    token: { id, hash, expires_at },
    key,
    device_key: null,
    delegation_id: null,
    agent: null,
  };
}

/** Whether what the actor came with still stands; for streams, which outlive their request. */
export async function isLive(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { token, session_id }: Pick<AccountActor, 'token' | 'session_id'>,
): Promise<boolean> {
  try {
    if (token !== null) tokenActor(await findToken(db, token.hash), clock.now());
    else liveActor(await findSession(db, session_id ?? ''), clock.now());
    return true;
  } catch {
    return false;
  }
}

function liveActor(row: SessionRow | undefined, now: string): AccountActor {
  // Before the session's own end, which follows from it: signing in silently would be refused too.
  if (row !== undefined && row.delegation_revoked_at !== null) throw problem('delegation.revoked');
  if (row?.revoked_at !== null || row.expires_at <= now) {
    throw problem('session.expired');
  }
  const { delegation } = row;
  const agent = delegation === null ? null : ((JSON.parse(delegation) as Delegation).agent ?? null);
  const powers = powersOf(row.is_admin === 1 ? 'admin' : 'owner', row.scopes);
  return {
    kind: 'account',
    principal: row.account_id,
    person: row.account_id,
    acting_for: row.account_id,
    ...(agent === null ? powers : agentPowers(powers)),
    session_id: row.id,
    token: null,
    key: row.account_key ?? row.key,
    device_key: row.device_key,
    delegation_id: row.delegation_id,
    agent,
  };
}

/** Throws unless this actor may use this endpoint. */
export function requireAccess(
  actor: Actor,
  endpoint: Pick<Endpoint, 'access' | 'needs' | 'method' | 'reads'>,
): void {
  const { access, needs } = endpoint;
  if (access === 'anyone') return;
  if (actor.kind === 'anonymous') throw problem('session.missing');
  const enough = permissionsFor(access);
  const [first] = enough;
  const isEnough = first === undefined || enough.some((one) => actor.permissions.has(one));
  if (!isEnough) requirePermission(actor, first);
  // What it signs is held against its delegation where it is signed, and its session is its own.
  if (actor.agent !== null && needs === undefined && !isQuery(endpoint)) {
    throw problem('delegation.limit', 'An agent reads, and changes only what it signs.');
  }
  if (needs !== undefined && actor.token !== null) throw problem('token.refused', NEEDED[needs]);
}

const NEEDED: Record<NonNullable<Endpoint['needs']>, string> = {
  signature: 'This takes a signature, and a token signs nothing. Use a device of the account.',
  session: 'This is about a session. Sign in with a device to do it.',
};

/** A browser names the site a request comes from; with a cookie only our own may change things. */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = request.server.deps.config.public_origin;
  if (origin === own || (origin === undefined && site === 'same-origin')) return;
  throw problem('origin.foreign', `Send it from ${own}, or use Authorization: Bearer.`);
}
