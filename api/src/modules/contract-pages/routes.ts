import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mount } from '../../http/mount.ts';
import { pageDetails, pageEntries, viewContract } from './service.ts';

const { get, entries, details } = contracts;

export function mountContractPages(app: FastifyInstance): void {
  mount(app, get, (ctx, actor, { params }) => viewContract(ctx, actor, params.contract_id));
  mount(app, entries, (ctx, actor, { params, query }) =>
    pageEntries(ctx, actor, params.contract_id, query),
  );
  mount(app, details, (ctx, actor, { params, query }) =>
    pageDetails(ctx, actor, params.contract_id, query),
  );
}
