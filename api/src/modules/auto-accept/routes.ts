import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import { removeAutoAccept, setAutoAccept } from './service.ts';

export function mountAutoAccept(app: FastifyInstance): void {
  mount(app, offerings.setAutoAccept, (ctx, actor, { params, body }) =>
    setAutoAccept(ctx, actor, params.offering_id, body),
  );
  mount(app, offerings.removeAutoAccept, (ctx, actor, { params }) =>
    removeAutoAccept(ctx, actor, params.offering_id),
  );
}
