import type { FastifyInstance } from 'fastify';
import { accounts } from '@berth/shared/accounts/endpoints';
import { mount } from '../../http/mount.ts';
import {
  addContact,
  addSshKey,
  changeProfile,
  removeContact,
  removeSshKey,
  viewMe,
  viewProfile,
  viewProvider,
} from './service.ts';

export function mountProfile(app: FastifyInstance): void {
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
  mount(app, accounts.provider, (ctx, _, { params }) => viewProvider(ctx, params.handle));
}
