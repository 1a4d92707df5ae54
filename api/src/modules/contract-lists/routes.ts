import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mount } from '../../http/mount.ts';
import { listOwn, listOwnAskers, viewDashboard } from './service.ts';

const { list, askers, dashboard } = contracts;

export function mountContractLists(app: FastifyInstance): void {
  mount(app, list, (ctx, actor, { query }) => listOwn(ctx, actor, query));
  mount(app, askers, (ctx, actor) => listOwnAskers(ctx, actor));
  mount(app, dashboard, (ctx, actor) => viewDashboard(ctx, actor));
}
