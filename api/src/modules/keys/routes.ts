import type { FastifyInstance } from 'fastify';
import { accounts } from '@berth/shared/accounts/endpoints';
import { mount } from '../../http/mount.ts';
import { clearSession } from '../../http/session.ts';
import {
  addKey,
  publishEncryptionKey,
  removeKey,
  restoreKey,
  revokeDevice,
  viewKeyEvents,
} from './service.ts';

export function mountKeys(app: FastifyInstance): void {
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
}
