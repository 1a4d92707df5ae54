import type { FastifyInstance, FastifyReply } from 'fastify';
import { mail } from '@berth/shared/mail/endpoints';
import { mount } from '../../http/mount.ts';
import { listOwnSent, showOwnSent, showPreview } from './service.ts';

const { preview, sent, showSent } = mail;

/** A mail is data of anybody's: nothing in it is run or loaded, and only our pages frame it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';
const asMail = (reply: FastifyReply) => reply.header('content-security-policy', POLICY);

export function mountMailPages(app: FastifyInstance): void {
  mount(app, preview, async (ctx, _, { params, query }, { reply }) => {
    asMail(reply);
    return showPreview(ctx, params.kind, query.look);
  });
  mount(app, sent, (ctx, actor) => listOwnSent(ctx, actor));
  mount(app, showSent, async (ctx, actor, { params, query }, { reply }) => {
    asMail(reply);
    return showOwnSent(ctx, actor, params.id, query.look);
  });
}
