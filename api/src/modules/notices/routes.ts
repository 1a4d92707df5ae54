import type { FastifyInstance } from 'fastify';
import { endpoints } from '@berth/shared/endpoints';
import { mount } from '../../http/mount.ts';
import { mountStream } from '../../http/stream.ts';
import { listOwnNotices, readNotices } from './service.ts';

const { list, read, stream, publicStream } = endpoints.notices;

export function mountNotices(app: FastifyInstance): void {
  mount(app, list, (ctx, actor, { query }) => listOwnNotices(ctx, actor, query));
  mount(app, read, (ctx, actor, { body }) => readNotices(ctx, actor, body));
  mountStream(app, stream);
  mountStream(app, publicStream);
}
