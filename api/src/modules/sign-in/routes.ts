import type { FastifyInstance } from 'fastify';
import type { Transport } from '@berth/shared/accounts/schemas';
import { accounts } from '@berth/shared/accounts/endpoints';
import { mount, type Wire } from '../../http/mount.ts';
import { setSession, signSession } from '../../http/session.ts';
import { endOwnSession } from '../sessions/index.ts';
import { checkHandle, signIn, signUp, type SignedIn } from './service.ts';

export function mountSignIn(app: FastifyInstance): void {
  mount(app, accounts.checkHandle, (ctx, _, { params }) => checkHandle(ctx, params.handle));
  mount(app, accounts.signUp, async (ctx, actor, { body }, wire) => {
    await endOwnSession(ctx, actor);
    return openOn(wire, body.transport, await signUp(ctx, body, userAgentOf(wire)));
  });
  mount(app, accounts.signIn, async (ctx, actor, { body }, wire) => {
    await endOwnSession(ctx, actor);
    return openOn(wire, body.transport, await signIn(ctx, body, userAgentOf(wire)));
  });
}

const userAgentOf = ({ request }: Wire): string => request.headers['user-agent'] ?? '';

/** The session's proof goes into the cookie or into the reply, never into both. */
function openOn({ reply }: Wire, transport: Transport, { account, session }: SignedIn) {
  const { id: session_id, expires_at } = session;
  if (transport === 'bearer') {
    return { account, session_id, expires_at, token: signSession(reply.server, session) };
  }
  setSession(reply, session);
  return { account, session_id, expires_at, token: null };
}
