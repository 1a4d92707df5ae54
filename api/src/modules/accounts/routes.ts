import type { FastifyInstance } from 'fastify';
import type { Transport } from '@berth/shared/accounts/schemas';
import { accounts } from '@berth/shared/accounts/endpoints';
import { mount, type Wire } from '../../http/mount.ts';
import { clearSession, setSession, signSession } from '../../http/session.ts';
import { endOwnSession } from '../sessions/index.ts';
import { addContact, addSshKey, changeProfile, removeContact, removeSshKey } from './service.ts';
import {
  addKey,
  publishEncryptionKey,
  removeKey,
  restoreKey,
  revokeDevice,
  viewKeyEvents,
} from './service-keys.ts';
import { checkHandle, signIn, signUp, type SignedIn } from './service-sign-in.ts';
import { viewMe, viewProfile, viewProvider } from './service-view.ts';

export function mountAccounts(app: FastifyInstance): void {
  mount(app, accounts.checkHandle, (ctx, _, { params }) => checkHandle(ctx, params.handle));
  mount(app, accounts.signUp, async (ctx, actor, { body }, wire) => {
    await endOwnSession(ctx, actor);
    return openOn(wire, body.transport, await signUp(ctx, body, userAgentOf(wire)));
  });
  mount(app, accounts.signIn, async (ctx, actor, { body }, wire) => {
    await endOwnSession(ctx, actor);
    return openOn(wire, body.transport, await signIn(ctx, body, userAgentOf(wire)));
  });
  mount(app, accounts.me, (ctx, actor) => viewMe(ctx, actor));
  mount(app, accounts.profile, (ctx, actor) => viewProfile(ctx, actor));
  mount(app, accounts.changeProfile, (ctx, actor, { body }) => changeProfile(ctx, actor, body));
  mount(app, accounts.addContact, (ctx, actor, { body }) => addContact(ctx, actor, body));
  mount(app, accounts.removeContact, (ctx, actor, { params }) =>
    removeContact(ctx, actor, params.contact_id),
  );
  mount(app, accounts.addSshKey, (ctx, actor, { body }) => addSshKey(ctx, actor, body));
  mount(app, accounts.removeSshKey, (ctx, actor, { params }) =>
    removeSshKey(ctx, actor, params.ssh_key_id),
  );
  mount(app, accounts.addKey, (ctx, actor, { body }) => addKey(ctx, actor, body));
  mount(app, accounts.removeKey, (ctx, actor, { body }) => removeKey(ctx, actor, body));
  mount(app, accounts.restoreKey, (ctx, _, { body }) => restoreKey(ctx, body));
  mount(app, accounts.keyEvents, (ctx, actor) => viewKeyEvents(ctx, actor));
  mount(app, accounts.publishEncryptionKey, (ctx, actor, { body }) =>
    publishEncryptionKey(ctx, actor, body),
  );
  mount(app, accounts.revokeDevice, async (ctx, actor, { body }, { reply }) => {
    if ((await revokeDevice(ctx, actor, body)).is_own) clearSession(reply);
  });
  mount(app, accounts.provider, (ctx, _, { params }) => viewProvider(ctx, params.handle));
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
