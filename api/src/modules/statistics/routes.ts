import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount } from '../../http/mount.ts';
import { networkOf } from '../../http/rate-limit.ts';
import { getOffering } from '../catalogue/index.ts';
import { getProviderDays, getStatistics, lookAt } from './service.ts';

export function mountStatistics(app: FastifyInstance): void {
  mount(app, offerings.get, (ctx, actor, { params }, { request }) =>
    // What a browser fetches ahead is no visit.
    request.headers['sec-purpose'] === undefined
      ? lookAt(ctx, actor, params.offering_id, networkOf(request.ip))
      : getOffering(ctx, actor, params.offering_id),
  );
  mount(app, offerings.statistics, (ctx, actor, { params }) =>
    getStatistics(ctx, actor, params.offering_id),
  );
  mount(app, contracts.providerDays, (ctx, actor) => getProviderDays(ctx, actor));
}
