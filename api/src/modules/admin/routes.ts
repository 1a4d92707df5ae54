import type { FastifyInstance } from 'fastify';
import { endpoints } from '@berth/shared/endpoints';
import { mount } from '../../http/mount.ts';
import { viewLog } from './service.ts';

const { log } = endpoints.admin;

export function mountAdmin(app: FastifyInstance): void {
  mount(app, log, (ctx, _, { query }) => viewLog(ctx, query));
}
