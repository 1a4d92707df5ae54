import type { FastifyInstance } from 'fastify';
import { endpoints } from '@berth/shared/endpoints';
import { mount } from '../../http/mount.ts';
import { runAgain, viewFailingWork, viewLog } from './service.ts';

const { failingWork, log, runAgain: again } = endpoints.admin;

export function mountAdmin(app: FastifyInstance): void {
  mount(app, log, (ctx, _, { query }) => viewLog(ctx, query));
  mount(app, failingWork, (ctx) => viewFailingWork(ctx));
  mount(app, again, (ctx, actor, { params }) => runAgain(ctx, actor, params));
}
