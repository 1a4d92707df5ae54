import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import {
  changeOffering,
  createOffering,
  duplicateOffering,
  getOwn,
  listOwn,
  moveOffering,
} from './service.ts';

export function mountCatalogue(app: FastifyInstance): void {
  mount(app, offerings.listOwn, (ctx, actor, { query }) => listOwn(ctx, actor, query));
  mount(app, offerings.getOwn, (ctx, actor, { params }) => getOwn(ctx, actor, params.offering_id));
  mount(app, offerings.create, (ctx, actor, { body }) => createOffering(ctx, actor, body));
  mount(app, offerings.change, (ctx, actor, { params, body }) =>
    changeOffering(ctx, actor, params.offering_id, body),
  );
  mount(app, offerings.duplicate, (ctx, actor, { params }) =>
    duplicateOffering(ctx, actor, params.offering_id),
  );
  mount(app, offerings.move, (ctx, actor, { params, body }) =>
    moveOffering(ctx, actor, params.offering_id, body),
  );
}
