import type { FastifyInstance } from 'fastify';
import { blocks } from '@berth/shared/blocks/endpoints';
import { mount } from '../../http/mount.ts';
import { blockRenter, listBlocks, unblockRenter } from './service.ts';

const { list, block, unblock } = blocks;

export function mountBlocks(app: FastifyInstance): void {
  mount(app, list, (ctx, actor, { query }) => listBlocks(ctx, actor, query));
  mount(app, block, (ctx, actor, { params }) => blockRenter(ctx, actor, params.handle));
  mount(app, unblock, (ctx, actor, { params }) => unblockRenter(ctx, actor, params.handle));
}
