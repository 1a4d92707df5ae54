import type { FastifyInstance } from 'fastify';
import { ledger } from '@berth/shared/ledger/endpoints';
import { mount } from '../../http/mount.ts';
import { viewMonths } from './service.ts';

export function mountEarnings(app: FastifyInstance): void {
  mount(app, ledger.months, (ctx, actor, { query }) => viewMonths(ctx, actor, query));
}
