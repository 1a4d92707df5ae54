import type { FastifyInstance } from 'fastify';
import { webhooks } from '@berth/shared/webhooks/endpoints';
import { mount } from '../../http/mount.ts';
import {
  changeWebhook,
  createWebhook,
  listOwn,
  listOwnDeliveries,
  removeWebhook,
  replay,
  rotateSecret,
  testWebhook,
  viewDelivery,
  viewOwn,
} from './service.ts';

export function mountWebhooks(app: FastifyInstance): void {
  mount(app, webhooks.list, (ctx, actor) => listOwn(ctx, actor));
  mount(app, webhooks.create, (ctx, actor, { body }) => createWebhook(ctx, actor, body));
  mount(app, webhooks.get, (ctx, actor, { params }) => viewOwn(ctx, actor, params.webhook_id));
  mount(app, webhooks.change, (ctx, actor, { params, body }) =>
    changeWebhook(ctx, actor, params.webhook_id, body),
  );
  mount(app, webhooks.remove, (ctx, actor, { params }) =>
    removeWebhook(ctx, actor, params.webhook_id),
  );
  mount(app, webhooks.rotate, (ctx, actor, { params, body }) =>
    rotateSecret(ctx, actor, params.webhook_id, body),
  );
  mount(app, webhooks.test, (ctx, actor, { params }) => testWebhook(ctx, actor, params.webhook_id));
  mount(app, webhooks.deliveries, (ctx, actor, { params, query }) =>
    listOwnDeliveries(ctx, actor, params.webhook_id, query),
  );
  mount(app, webhooks.delivery, (ctx, actor, { params }) => viewDelivery(ctx, actor, params));
  mount(app, webhooks.replay, (ctx, actor, { params, body }) =>
    replay(ctx, actor, params.webhook_id, body),
  );
}
