import type { FastifyInstance } from 'fastify';
import { endpoints } from '@berth/shared/endpoints';
import { mount } from '../../http/mount.ts';
import { getEvidence, listOwn, listOwnAskers, viewDashboard, viewRecipient } from './service.ts';
import { moveContract } from './service-move.ts';
import { requestContract } from './service-request.ts';
import { pageDetails, pageEntries, viewContract } from './service-view.ts';

const { request, move, list, askers, get, entries, details, evidence, recipient, dashboard } =
  endpoints.contracts;

export function mountContracts(app: FastifyInstance): void {
  mount(app, request, (ctx, actor, { body }) => requestContract(ctx, actor, body));
  mount(app, move, (ctx, actor, { params, body }) =>
    moveContract(ctx, actor, params.contract_id, body),
  );
  mount(app, list, (ctx, actor, { query }) => listOwn(ctx, actor, query));
  mount(app, askers, (ctx, actor) => listOwnAskers(ctx, actor));
  mount(app, get, (ctx, actor, { params }) => viewContract(ctx, actor, params.contract_id));
  mount(app, entries, (ctx, actor, { params, query }) =>
    pageEntries(ctx, actor, params.contract_id, query),
  );
  mount(app, details, (ctx, actor, { params, query }) =>
    pageDetails(ctx, actor, params.contract_id, query),
  );
  mount(app, evidence, (ctx, actor, { params }) => getEvidence(ctx, actor, params.contract_id));
  mount(app, recipient, (ctx, actor, { params }) => viewRecipient(ctx, actor, params.contract_id));
  mount(app, dashboard, (ctx, actor) => viewDashboard(ctx, actor));
}
