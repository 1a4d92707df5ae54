import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mount, mountPrepared } from '../../http/mount.ts';
import { getEvidence, listOwn, listOwnAskers, viewDashboard, viewRecipient } from './service.ts';
import { checkSignature } from './service-entry.ts';
import { moveContract } from './service-move.ts';
import { pageDetails, pageEntries, viewContract } from './service-view.ts';

const { move, list, askers, get, entries, details, evidence, recipient, dashboard } = contracts;

export function mountContracts(app: FastifyInstance): void {
  mountPrepared(
    app,
    move,
    (_, actor, { body }) => checkSignature(actor, body),
    (ctx, actor, { params, body }, { prepared }) =>
      moveContract(ctx, actor, params.contract_id, body, prepared),
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
