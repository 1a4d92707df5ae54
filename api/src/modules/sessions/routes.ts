import type { FastifyInstance } from 'fastify';
import { accounts } from '@berth/shared/accounts/endpoints';
import { mount } from '../../http/mount.ts';
import { clearSession } from '../../http/session.ts';
import { endSession, makeChallenge, signOut } from './service.ts';

const { challenge, signOut: out, endSession: end } = accounts;

export function mountSessions(app: FastifyInstance): void {
  mount(app, challenge, (ctx, _, { body }) => makeChallenge(ctx, body));
  mount(app, out, async (ctx, actor, _, { reply }) => {
    await signOut(ctx, actor);
    clearSession(reply);
  });
  mount(app, end, (ctx, actor, { params }) => endSession(ctx, actor, params.session_id));
}
