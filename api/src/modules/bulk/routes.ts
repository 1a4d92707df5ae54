import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import { applyBulk, listBulk, previewBulk, undoBulk } from './service.ts';

export function mountBulk(app: FastifyInstance): void {
  mount(app, offerings.previewBulk, (ctx, actor, { body }) => previewBulk(ctx, actor, body));
  mount(app, offerings.bulk, (ctx, actor, { body }) => applyBulk(ctx, actor, body));
  mount(app, offerings.listBulk, (ctx, actor) => listBulk(ctx, actor));
  mount(app, offerings.undoBulk, (ctx, actor, { params }) =>
    undoBulk(ctx, actor, params.change_id),
  );
}
