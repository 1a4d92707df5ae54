import type { FastifyInstance } from 'fastify';
import { saved } from '@berth/shared/saved/endpoints';
import { mount } from '../../http/mount.ts';
import {
  changeSearch,
  listSavedIds,
  listSavedOfferings,
  listSearches,
  removeOffering,
  removeSearch,
  saveOffering,
  saveSearch,
} from './service.ts';

export function mountSaved(app: FastifyInstance): void {
  mount(app, saved.listOfferings, (ctx, actor, { query }) => listSavedOfferings(ctx, actor, query));
  mount(app, saved.listOfferingIds, (ctx, actor) => listSavedIds(ctx, actor));
  mount(app, saved.saveOffering, (ctx, actor, { params }) =>
    saveOffering(ctx, actor, params.offering_id),
  );
  mount(app, saved.removeOffering, (ctx, actor, { params }) =>
    removeOffering(ctx, actor, params.offering_id),
  );
  mount(app, saved.listSearches, (ctx, actor) => listSearches(ctx, actor));
  mount(app, saved.saveSearch, (ctx, actor, { body }) => saveSearch(ctx, actor, body));
  mount(app, saved.changeSearch, (ctx, actor, { params, body }) =>
    changeSearch(ctx, actor, params.saved_search_id, body),
  );
  mount(app, saved.removeSearch, (ctx, actor, { params }) =>
    removeSearch(ctx, actor, params.saved_search_id),
  );
}
