import type { FastifyInstance } from 'fastify';
import { papers } from '@berth/shared/papers/endpoints';
import { mount } from '../../http/mount.ts';
import {
  pageAllPapers,
  pagePapers,
  printView,
  viewAnyPaper,
  viewPaper,
  writeCsv,
} from './service.ts';

const { list, get, pdf, listAll, show, showPdf, file } = papers;

export function mountInvoices(app: FastifyInstance): void {
  mount(app, list, (ctx, actor, { query }) => pagePapers(ctx, actor, query));
  mount(app, get, (ctx, actor, { params }) => viewPaper(ctx, actor, params.invoice_id));
  mount(app, listAll, (ctx, _, { query }) => pageAllPapers(ctx, query));
  mount(app, show, (ctx, _, { params }) => viewAnyPaper(ctx, params.invoice_id));
  mount(app, pdf, async (ctx, actor, { params }, { reply }) => {
    const view = await viewPaper(ctx, actor, params.invoice_id);
    reply.header('content-disposition', `attachment; filename="${view.number}.pdf"`);
    return printView(ctx, actor, view);
  });
  mount(app, showPdf, async (ctx, actor, { params }, { reply }) => {
    const view = await viewAnyPaper(ctx, params.invoice_id);
    reply.header('content-disposition', `attachment; filename="${view.number}.pdf"`);
    return printView(ctx, actor, view);
  });
  mount(app, file, async (ctx, _, { query }, { reply }) => {
    const text = await writeCsv(ctx, query);
    const name = `${query.kind}-${query.year}-${query.after}.csv`;
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return text;
  });
}
