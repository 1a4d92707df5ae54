import type { Access, Scope } from '@berth/shared/access';
import { problem } from '@berth/shared/problems';

export interface Anonymous {
  readonly kind: 'anonymous';
}

/** Who acts, through one session, with an account key or a device key that it delegated. */
export interface AccountActor {
  readonly kind: 'account';
  /** The account of the person who acts: sessions, keys and devices are theirs. */
  readonly principal: string;
  /** The account whose things are touched. */
  readonly acting_for: string;
  readonly session_id: string;
  /** The account key the session stands on, 64 hex characters. */
  readonly key: string;
  /** The device key when the session was opened under a delegation. */
  readonly device_key: string | null;
  readonly delegation_id: string | null;
  readonly scopes: readonly Scope[];
  /** Made an admin by a command on the machine. */
  readonly is_admin: boolean;
}

export type Actor = Anonymous | AccountActor;

/** Who may reach a handler, by the endpoint's access: anyone at all, or an account. */
export type ActorOf<A extends Access> = 'anyone' extends A ? Actor : AccountActor;

export const anonymous: Anonymous = { kind: 'anonymous' };

/** Throws `session.scope` unless the actor's session has the scope. */
export function requireScope(actor: AccountActor, scope: Scope): void {
  if (!actor.scopes.includes(scope)) {
    throw problem('session.scope', `This session was not given the scope "${scope}".`);
  }
}

/** The account's id, or null for a visitor without a session. */
export const accountOf = (actor: Actor): string | null =>
  actor.kind === 'account' ? actor.acting_for : null;
