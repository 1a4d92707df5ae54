import type { FastifyInstance } from 'fastify';
import { payouts } from '@berth/shared/payouts/endpoints';
import { mount } from '../../http/mount.ts';
import {
  askFor,
  callOff,
  confirmBatch,
  giveBack,
  makeBatch,
  pagePayouts,
  pageToSend,
  setBankAccount,
  viewBankAccount,
  viewBatches,
  writeFile,
} from './service.ts';

const { bankAccount, ask, list, listToSend, batches, file } = payouts;

export function mountPayouts(app: FastifyInstance): void {
  mount(app, bankAccount, (ctx, actor) => viewBankAccount(ctx, actor));
  mount(app, payouts.setBankAccount, (ctx, actor, { body }) => setBankAccount(ctx, actor, body));
  mount(app, ask, (ctx, actor, { body }) => askFor(ctx, actor, body));
  mount(app, list, (ctx, actor, { query }) => pagePayouts(ctx, actor, query));
  mount(app, payouts.callOff, (ctx, actor, { params }) => callOff(ctx, actor, params.payout_id));
  mount(app, listToSend, (ctx, _, { query }) => pageToSend(ctx, query));
  mount(app, batches, (ctx) => viewBatches(ctx));
  mount(app, payouts.makeBatch, (ctx, actor, { body }) => makeBatch(ctx, actor, body));
  mount(app, file, async (ctx, _, { params: { batch_id } }, { reply }) => {
    const text = await writeFile(ctx, batch_id);
    reply.header('content-disposition', `attachment; filename="${batch_id}.xml"`);
    return text;
  });
  mount(app, payouts.confirmBatch, (ctx, actor, { params }) =>
    confirmBatch(ctx, actor, params.batch_id),
  );
  mount(app, payouts.giveBack, (ctx, actor, { params, body }) =>
    giveBack(ctx, actor, params.payout_id, body),
  );
}
