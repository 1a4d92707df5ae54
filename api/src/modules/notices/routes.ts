import type { FastifyInstance } from 'fastify';
import { notices } from '@berth/shared/notices/endpoints';
import { mount } from '../../http/mount.ts';
import { mountStream } from '../../http/stream.ts';
import { listOwnNotices, readNotices, saveChoices, viewChoices } from './service.ts';

const { list, read, choices, choose, stream, publicStream } = notices;

export function mountNotices(app: FastifyInstance): void {
  mount(app, list, (ctx, actor, { query }) => listOwnNotices(ctx, actor, query));
  mount(app, read, (ctx, actor, { body }) => readNotices(ctx, actor, body));
  mount(app, choices, (ctx, actor) => viewChoices(ctx, actor));
  mount(app, choose, (ctx, actor, { body }) => saveChoices(ctx, actor, body));
  mountStream(app, stream);
  mountStream(app, publicStream);
}
