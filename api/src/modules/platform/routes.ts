import type { FastifyInstance } from 'fastify';
import { allEndpoints } from '@berth/shared/endpoints';
import { platform } from '@berth/shared/platform/endpoints';
import { mount } from '../../http/mount.ts';
import { makeOpenApi } from '../../http/openapi.ts';
import { about, demo, keys, live, ready } from './service.ts';

/** Made when it is first asked for. */
let document: ReturnType<typeof makeOpenApi> | undefined;

export function routes(app: FastifyInstance): void {
  mount(app, platform.live, () => live());
  mount(app, platform.ready, () => ready(app.deps));
  mount(app, platform.openapi, async () => (document ??= makeOpenApi(allEndpoints)));
  mount(app, platform.about, (ctx) => about(ctx));
  mount(app, platform.keys, (ctx) => keys(ctx));
  mount(app, platform.demo, (ctx) => demo(ctx));
}
