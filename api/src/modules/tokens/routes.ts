import type { FastifyInstance } from 'fastify';
import { tokens } from '@berth/shared/tokens/endpoints';
import { mount } from '../../http/mount.ts';
import { createToken, listTokens, revokeToken, rotateToken, viewCurrent } from './service.ts';

const { list, create, rotate, revoke, current } = tokens;

export function mountTokens(app: FastifyInstance): void {
  mount(app, list, (ctx, actor) => listTokens(ctx, actor));
  mount(app, create, (ctx, actor, { body }) => createToken(ctx, actor, body));
  mount(app, rotate, (ctx, actor, { params, body }) =>
    rotateToken(ctx, actor, params.token_id, body),
  );
  mount(app, revoke, (ctx, actor, { params }) => revokeToken(ctx, actor, params.token_id));
  mount(app, current, (ctx, actor) => viewCurrent(ctx, actor));
}
