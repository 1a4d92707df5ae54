import type { FastifyInstance } from 'fastify';
import { market } from '@berth/shared/market/endpoints';
import { mount } from '../../http/mount.ts';
import {
  completeQuery,
  compareOfferings,
  positionOf,
  countFacets,
  featureGpus,
  searchMarket,
} from './service.ts';

const { search, facets, completions, featured, compare, position } = market;

export function mountMarket(app: FastifyInstance): void {
  mount(app, search, (ctx, _, { query }) => searchMarket(ctx, query));
  mount(app, facets, (ctx, _, { query }) => countFacets(ctx, query));
  mount(app, completions, (ctx, _, { query }) => completeQuery(ctx, query));
  mount(app, featured, (ctx) => featureGpus(ctx));
  mount(app, compare, (ctx, actor, { query }) => compareOfferings(ctx, actor, query));
  mount(app, position, (ctx, actor, { params, query }) =>
    positionOf(ctx, actor, params.offering_id, query),
  );
}
