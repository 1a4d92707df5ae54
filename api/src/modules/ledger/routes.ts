import type { FastifyInstance } from 'fastify';
import { ledger } from '@berth/shared/ledger/endpoints';
import { mount } from '../../http/mount.ts';
import { bookTransfer, pageEntries, viewTrial, writeJournal } from './service.ts';

const { trial, entries, journal, transfer } = ledger;

export function mountLedger(app: FastifyInstance): void {
  mount(app, trial, (ctx) => viewTrial(ctx));
  mount(app, entries, (ctx, _, { query }) => pageEntries(ctx, query));
  mount(app, journal, (ctx, _, { query }) => writeJournal(ctx, query));
  mount(app, transfer, (ctx, actor, { body }) => bookTransfer(ctx, actor, body));
}
