import type { FastifyInstance } from 'fastify';
import { mail } from '@berth/shared/mail/endpoints';
import { mount } from '../../http/mount.ts';
import {
  confirmAddress,
  endByToken,
  giveAddress,
  removeAddress,
  setHours,
  viewEnding,
  viewMail,
} from './service.ts';

const { show, give, remove, set, confirm, showEnding, end } = mail;
/** What a mail program posts is a form of one field; nobody reads it. */
const MAX_FORM_BYTES = 4_096;

export function mountMail(app: FastifyInstance): void {
  mount(app, show, (ctx, actor) => viewMail(ctx, actor));
  mount(app, give, (ctx, actor, { body }) => giveAddress(ctx, actor, body));
  mount(app, remove, (ctx, actor) => removeAddress(ctx, actor));
  mount(app, set, (ctx, actor, { body }) => setHours(ctx, actor, body));
  mount(app, confirm, (ctx, _, { body }) => confirmAddress(ctx, body.token));
  app.register(async (inner) => mountEndings(inner));
}

/** The address in `List-Unsubscribe`: a form posted there ends it, a browser is shown the page. */
function mountEndings(app: FastifyInstance): void {
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
    const parser = { parseAs: 'string', bodyLimit: MAX_FORM_BYTES } as const;
    app.addContentTypeParser(type, parser, async () => undefined);
  }
  app.addHook('onRequest', async (request, reply) => {
    const wants_page = request.headers.accept?.includes('text/html') === true;
    if (request.method !== 'GET' || !wants_page) return;
    const { token } = request.params as { token: string };
    return reply.redirect(`/mail/end?token=${encodeURIComponent(token)}`, 303);
  });
  mount(app, showEnding, (ctx, _, { params }) => viewEnding(ctx, params.token));
  mount(app, end, (ctx, _, { params }) => endByToken(ctx, params.token));
}
