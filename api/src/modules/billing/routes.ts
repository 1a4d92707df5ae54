import type { FastifyInstance } from 'fastify';
import { ledger } from '@berth/shared/ledger/endpoints';
import { mount } from '../../http/mount.ts';
import { pagePostings, viewBilling, viewContractMoney } from './service.ts';

const { billing, postings, contract } = ledger;

export function mountBilling(app: FastifyInstance): void {
  mount(app, billing, (ctx, actor) => viewBilling(ctx, actor));
  mount(app, postings, (ctx, actor, { query }) => pagePostings(ctx, actor, query));
  mount(app, contract, (ctx, actor, { params }) =>
    viewContractMoney(ctx, actor, params.contract_id),
  );
}
