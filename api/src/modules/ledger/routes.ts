import type { FastifyInstance } from 'fastify';
import { endpoints } from '@berth/shared/endpoints';
import { mount } from '../../http/mount.ts';
import { askRun, viewEntries, viewEntry, viewProviderLedger, viewSync } from './service.ts';

const { ledger } = endpoints;

export function mountLedger(app: FastifyInstance): void {
  mount(app, ledger.provider, (ctx, _, { params, query }) =>
    viewProviderLedger(ctx, params.handle, query),
  );
  mount(app, ledger.sync, (ctx) => viewSync(ctx));
  mount(app, ledger.entries, (ctx, _, { query }) => viewEntries(ctx, query));
  mount(app, ledger.entry, (ctx, _, { params }) => viewEntry(ctx, params));
  mount(app, ledger.run, (ctx, actor) => askRun(ctx, actor));
}
