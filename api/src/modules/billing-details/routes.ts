import type { FastifyInstance } from 'fastify';
import { papers } from '@berth/shared/papers/endpoints';
import { mount } from '../../http/mount.ts';
import { setDetails, viewDetails } from './service.ts';

export function mountBillingDetails(app: FastifyInstance): void {
  mount(app, papers.details, (ctx, actor) => viewDetails(ctx, actor));
  mount(app, papers.setDetails, (ctx, actor, { body }) => setDetails(ctx, actor, body));
}
