import type { FastifyInstance } from 'fastify';
import { icp } from '@berth/shared/icp/endpoints';
import { mount } from '../../http/mount.ts';
import { askRun, viewEntries, viewEntry, viewProviderIcp, viewSync } from './service.ts';

export function mountIcp(app: FastifyInstance): void {
  mount(app, icp.provider, (ctx, _, { params, query }) =>
    viewProviderIcp(ctx, params.handle, query),
  );
  mount(app, icp.sync, (ctx) => viewSync(ctx));
  mount(app, icp.entries, (ctx, _, { query }) => viewEntries(ctx, query));
  mount(app, icp.entry, (ctx, _, { params }) => viewEntry(ctx, params));
  mount(app, icp.run, (ctx, actor) => askRun(ctx, actor));
}
