import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import { holdOffering, releaseHold } from './service.ts';

export function mountStock(app: FastifyInstance): void {
  mount(app, offerings.hold, (ctx, actor, { params, body }) =>
    holdOffering(ctx, actor, params.offering_id, body),
  );
  mount(app, offerings.releaseHold, (ctx, actor, { params }) => releaseHold(ctx, actor, params));
}
