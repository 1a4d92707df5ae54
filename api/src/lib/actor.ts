import {
  agentPermissions,
  permissionsOf,
  roleHas,
  scopeOf,
  scopeWords,
  tokenPermissions,
  type Access,
  type Permission,
  type Role,
  type Scope,
} from '@berth/shared/access';
import { problem } from '@berth/shared/problems';
import type { AgentLeave } from '@berth/shared/signing/delegation';

export interface Anonymous {
  readonly kind: 'anonymous';
}

/**
 * Who acts for an account: a person through one session, with an account key or a device key that
 * it delegated, or an API token.
 */
export interface AccountActor {
  readonly kind: 'account';
  /** Who acts: the person's account, or the token. Answers are kept and rates counted by it. */
  readonly principal: string;
  /** The account of the person who acts or made the token: keys and devices are theirs. */
  readonly person: string;
  /** The account whose things are touched. */
  readonly acting_for: string;
  /** What the principal is in the account that it acts for. */
  readonly role: Role;
  /** What its device was given; everything where an account key itself signed in. */
  readonly scopes: readonly Scope[];
  /** What role and scopes come to, or what the token was given. */
  readonly permissions: ReadonlySet<Permission>;
  /** Null where a token acts. */
  readonly session_id: string | null;
  /** Null where a session acts. */
  readonly token: TokenUsed | null;
  /** The account key that the session stands on or made the token, 64 hex characters. */
  readonly key: string;
  /** The device key when the session was opened under a delegation. */
  readonly device_key: string | null;
  readonly delegation_id: string | null;
  /** What confines an agent; null where a person or a token acts. */
  readonly agent: AgentLeave | null;
}

/** The API token that a request came with; it signs nothing. */
interface TokenUsed {
  readonly id: string;
  /** Which of its secrets it was. */
  readonly hash: string;
  readonly expires_at: string;
}

export type Actor = Anonymous | AccountActor;

/** Who may reach a handler, by the endpoint's access: anyone at all, or an account. */
export type ActorOf<A extends Access> = 'anyone' extends A ? Actor : AccountActor;

declare const seen: unique symbol;

/** A row that was read for an actor, who may read what hangs on it too. */
export type Seen<Row> = Row & { readonly [seen]: true };

/** Only a read that starts from the actor may say so. */
export const seenBy = <Row>(_actor: Pick<AccountActor, 'acting_for'>, row: Row): Seen<Row> =>
  row as Seen<Row>;

/** The system's raw access: what it reads of a row is shown to nobody who may not see it. */
export const seenBySystem = <Row>(row: Row): Seen<Row> => row as Seen<Row>;

export const anonymous: Anonymous = { kind: 'anonymous' };

/** There are few combinations, and every request of an account asks for one of them. */
const known = new Map<string, Pick<AccountActor, 'scopes' | 'permissions'>>();

/** What a token may do: what it was given, of what tokens still can be given. */
export function tokenPowers(given: string): Pick<AccountActor, 'role' | 'scopes' | 'permissions'> {
  const asked = new Set(JSON.parse(given) as Permission[]);
  const permissions = new Set(tokenPermissions.filter((one) => asked.has(one)));
  return { role: 'owner', scopes: [], permissions };
}

/** What an account may do, by its role and the JSON of the scopes that its session has. */
export function powersOf(
  role: Role,
  scopes: string,
): Pick<AccountActor, 'role' | 'scopes' | 'permissions'> {
  const name = `${role} ${scopes}`;
  let powers = known.get(name);
  if (powers === undefined) {
    const given = JSON.parse(scopes) as Scope[];
    powers = { scopes: given, permissions: permissionsOf(role, given) };
    known.set(name, powers);
  }
  return { role, ...powers };
}

/** What is left of a session's powers where an agent acts by it. */
export const agentPowers = <Powers extends Pick<AccountActor, 'permissions'>>(
  powers: Powers,
): Powers => ({
  ...powers,
  permissions: new Set(agentPermissions.filter((one) => powers.permissions.has(one))),
});

/** The session that acts. Throws `token.refused` where a token does. */
export function sessionOf({ session_id }: Pick<AccountActor, 'session_id'>): string {
  if (session_id !== null) return session_id;
  throw problem('token.refused', 'This is about a session. Sign in with a device to do it.');
}

/**
 * Throws `session.scope` or `token.permission`; where the actor's role has it not, nothing is
 * there.
 */
export function requirePermission(actor: AccountActor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  if (!roleHas(actor.role, permission)) throw problem('request.not_found');
  if (actor.token !== null) throw problem('token.permission', lacks(permission));
  if (actor.agent !== null) {
    throw problem('delegation.limit', `No agent's delegation gives "${permission}".`);
  }
  const scope = scopeOf(permission);
  throw problem(
    'session.scope',
    `"${permission}" needs the scope "${scope}", to ${scopeWords[scope]}.`,
  );
}

const lacks = (permission: Permission): string =>
  tokenPermissions.includes(permission)
    ? `"${permission}" is not among its permissions. Make a token that has it.`
    : `No token has "${permission}". Sign in with a device to do this.`;

/** The account's id, or null for a visitor without a session. */
export const accountOf = (actor: Actor): string | null =>
  actor.kind === 'account' ? actor.acting_for : null;
