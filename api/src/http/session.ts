import fastifyCookie from '@fastify/cookie';
import fastifyJwt from '@fastify/jwt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { permissionsFor, type Access } from '@berth/shared/access';
import { problem } from '@berth/shared/problems';
import type { Deps } from '../context.ts';
import { findSession } from '../db/sessions.ts';
import type { SessionRow } from '../db/sessions.ts';
import { powersOf, requirePermission, type AccountActor, type Actor } from '../lib/actor.ts';

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

/** Who sent the request. Throws `session.missing`, `session.expired` or `delegation.revoked`. */
export async function readActor(request: FastifyRequest, token: string): Promise<AccountActor> {
  const { deps, jwt } = request.server;
  let session_id: string;
  try {
    session_id = jwt.verify<Token>(token).sid;
  } catch {
    throw problem('session.expired');
  }
  return liveActor(await findSession(deps.db, session_id), deps.clock.now());
}

/** Whether the actor's session still stands; for streams, which outlive their request. */
export async function isLive({ db, clock }: Pick<Deps, 'db' | 'clock'>, session_id: string) {
  try {
    return liveActor(await findSession(db, session_id), clock.now()) !== null;
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
  return {
    kind: 'account',
    principal: row.account_id,
    acting_for: row.account_id,
    ...powersOf(row.is_admin === 1 ? 'admin' : 'owner', row.scopes),
    session_id: row.id,
    key: row.account_key ?? row.key,
    device_key: row.device_key,
    delegation_id: row.delegation_id,
  };
}

/** Throws unless this actor may use an endpoint of this access. */
export function requireAccess(actor: Actor, access: Access): void {
  if (access === 'anyone') return;
  if (actor.kind === 'anonymous') throw problem('session.missing');
  const enough = permissionsFor(access);
  const [first] = enough;
  if (first === undefined || enough.some((one) => actor.permissions.has(one))) return;
  requirePermission(actor, first);
}

/** A browser names the site a request comes from; with a cookie only our own may change things. */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = request.server.deps.config.public_origin;
  if (origin === own || (origin === undefined && site === 'same-origin')) return;
  throw problem('origin.foreign', `Send it from ${own}, or use Authorization: Bearer.`);
}
