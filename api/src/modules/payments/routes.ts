import type { FastifyInstance } from 'fastify';
import { payments } from '@berth/shared/payments/endpoints';
import { mount, mountPrepared } from '../../http/mount.ts';
import {
  begin,
  beginFor,
  checkStripe,
  lookNow,
  pagePayments,
  takeEvent,
  viewPayment,
} from './service.ts';

const { list, get, look, receiveStripe } = payments;
const SIGNATURE_HEADER = 'stripe-signature';

export function mountPayments(app: FastifyInstance): void {
  mount(app, payments.begin, (ctx, actor, { body }) => begin(ctx, app.deps, actor, body));
  mount(app, payments.beginFor, (ctx, actor, { params }) =>
    beginFor(ctx, app.deps, actor, params.contract_id),
  );
  mount(app, list, (ctx, actor, { query }) => pagePayments(ctx, actor, query));
  mount(app, get, (ctx, actor, { params }) => viewPayment(ctx, actor, params.payment_id));
  mount(app, look, (ctx, actor, { params }) => lookNow(ctx, actor, params.payment_id));
  mountPrepared(
    app,
    receiveStripe,
    (_, __, ___, request) =>
      checkStripe(app.deps, request.bodyText ?? '', String(request.headers[SIGNATURE_HEADER])),
    (ctx, _, { body }, { prepared }) => takeEvent(ctx, body, prepared),
  );
}
