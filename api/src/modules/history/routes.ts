import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import { pageHistory } from './service.ts';

export function mountHistory(app: FastifyInstance): void {
  mount(app, offerings.history, (ctx, actor, { params, query }) =>
    pageHistory(ctx, actor, params.offering_id, query),
  );
}
