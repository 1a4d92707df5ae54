import type { FastifyInstance } from 'fastify';
import { allEndpoints } from '@berth/shared/endpoints';
import { service } from '@berth/shared/service/endpoints';
import { mount } from '../../http/mount.ts';
import { makeOpenApi } from '../../http/openapi.ts';
import { about, demo, live, ready } from './service.ts';

export function routes(app: FastifyInstance): void {
  const document = makeOpenApi(allEndpoints);
  mount(app, service.live, () => live());
  mount(app, service.ready, () => ready(app.deps));
  mount(app, service.openapi, async () => document);
  mount(app, service.about, (ctx) => about(ctx));
  mount(app, service.demo, (ctx) => demo(ctx));
}
