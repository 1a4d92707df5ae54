import type { FastifyInstance } from 'fastify';
import { admin } from '@berth/shared/admin/endpoints';
import { mount } from '../../http/mount.ts';
import { runAgain, viewLog, viewWork } from './service.ts';

const { log, runAgain: again, work } = admin;

export function mountAdmin(app: FastifyInstance): void {
  mount(app, log, (ctx, _, { query }) => viewLog(ctx, query));
  mount(app, work, (ctx) => viewWork(ctx));
  mount(app, again, (ctx, actor, { params }) => runAgain(ctx, actor, params));
}
