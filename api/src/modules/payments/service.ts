import { balanceOf } from '@berth/shared/ledger/accounts';
import { formatMoney, type Currency } from '@berth/shared/money';
import { makeId } from '@berth/shared/ids';
import {
  hasEnded,
  paymentMachine,
  type PaymentAction,
  type PaymentVocabulary,
} from '@berth/shared/payments/machine';
import {
  cardAmountOf,
  isCardCurrency,
  MAX_CARD_E9S,
  MAX_OPEN_PAYMENTS,
  type paymentInput,
  type paymentPage,
  type paymentView,
  type stripeEvent,
} from '@berth/shared/payments/schemas';
import { problem } from '@berth/shared/problems';
import { isoAt, MINUTE_MS } from '@berth/shared/time';
import type * as z from 'zod';
import type { PortCtx, ReadCtx, WriteCtx } from '../../context.ts';
import { lockAccount } from '../../db/accounts.ts';
import { getContract } from '../../db/contract-rows.ts';
import { wantEffect } from '../../db/effects.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import { SYSTEM, unsignedEntry } from '../../engine/entry.ts';
import { move, type Kind } from '../../engine/move.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { Known } from '../../lib/effects.ts';
import type { PaymentStanding } from '../../lib/payment-standing.ts';
import type { ProcessorEvent } from '../../ports/payments.ts';
import { findAnyEscrow } from '../billing/index.ts';
import { findAnyContract } from '../contracts/index.ts';
import { postTransfer } from '../ledger/index.ts';
import {
  countOpen,
  findAnyPayment,
  getPayment,
  insertEvent,
  listPayments,
  savePayments,
  setLookAt,
  type PaymentRow,
} from './repo.ts';

/** When the processor is first asked by itself how a payment stands, after it was begun. */
export const LOOK_FIRST_MS = 5 * MINUTE_MS;

const viewOf = (row: PaymentRow): z.output<typeof paymentView> => ({
  ...row,
  currency: row.currency as Currency,
  // Once it is paid there, or over, nobody is to go there.
  url: row.state === 'to_pay' ? row.url : null,
});

/** Payments, as the engine moves them. */
const paymentKind: Kind<PaymentRow, PaymentVocabulary> = {
  machine: paymentMachine,
  headOf: ({ id, version, head_hash, state_at }) => ({
    ...{ subject_id: id, seq: version, hash: head_hash, at: version === 0 ? null : state_at },
  }),
  placed: (row, state, { statement: { seq, at }, hash }) => ({
    ...{ ...row, state, state_at: at, version: seq + 1, head_hash: hash },
    look_at: hasEnded(state) ? null : row.look_at,
  }),
  save: savePayments,
  async tell({ tx, clock }, made) {
    for (const { after } of made) {
      const { id: payment_id, account_id, contract_id } = after;
      await emit(tx, 'payment.moved', { payment_id, account_id, contract_id }, clock.now());
    }
  },
  effects: {},
  refuse: (row, { sentence }) => new Error(`The payment ${row?.id ?? ''}: ${sentence}`) as never,
};

type Outside = Pick<PortCtx, 'ports'>;
type Due = Pick<PaymentRow, 'currency' | 'amount_e9s' | 'contract_id'> & { title: string };

/** Begins to pay into the balance. */
export const begin = (
  ctx: WriteCtx,
  outside: Outside,
  actor: AccountActor,
  input: z.output<typeof paymentInput>,
): Promise<z.output<typeof paymentView>> =>
  beginDue(ctx, outside, actor, async () => ({
    ...{ ...input, contract_id: null, title: 'Money for your balance' },
  }));

/** Begins to pay what a contract still needs. */
export const beginFor = (
  ctx: WriteCtx,
  outside: Outside,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof paymentView>> =>
  beginDue(ctx, outside, actor, () => dueOf(ctx, actor, contract_id));

/** Begins a payment; its page is made by the processor a moment later. */
async function beginDue(
  ctx: WriteCtx,
  { ports }: Outside,
  actor: AccountActor,
  findDue: () => Promise<Due>,
): Promise<z.output<typeof paymentView>> {
  const { title, ...due } = await findDue();
  if (ports.payments === null) throw problem('payment.off', 'Cards are not taken here.');
  await lockAccount(ctx.tx, actor);
  if ((await countOpen(ctx.tx, actor)) >= MAX_OPEN_PAYMENTS) {
    const detail = `${MAX_OPEN_PAYMENTS} of your payments are open; pay or leave one of them first.`;
    throw problem('account.too_many', detail);
  }
  const now = ctx.clock.now();
  const row: PaymentRow = {
    ...{ id: makeId('payment'), account_id: actor.acting_for, ...due },
    ...{ processor: ports.payments.processor, state: 'preparing', state_at: now, version: 0 },
    ...{ head_hash: null, reference: null, url: null, failure: null, created_at: now },
    look_at: isoAt(ctx.clock.nowMs() + LOOK_FIRST_MS),
  };
  const made = await moveTo(ctx, row, 'prepare', {}, actor);
  const { id: payment_id, currency, amount_e9s } = made;
  const asked = { payment_id, currency, title, amount_e9s: String(amount_e9s) };
  await wantEffect(ctx.tx, 'payment.begin', asked, now);
  return viewOf(made);
}

/** What a contract still needs, in whole cents. Throws where it needs nothing. */
async function dueOf({ tx }: WriteCtx, actor: AccountActor, contract_id: string): Promise<Due> {
  const contract = await getContract(tx, actor, contract_id);
  const escrow = await findAnyEscrow(tx, contract_id);
  const currency = contract.currency as Currency;
  const missing_e9s = escrow?.missing_e9s ?? 0n;
  if (contract.renter_id !== actor.acting_for || contract.ended_at || missing_e9s === 0n) {
    throw problem('payment.nothing_due', 'This contract waits for no payment of yours.');
  }
  const amount_e9s = cardAmountOf(missing_e9s);
  if (!isCardCurrency(currency) || amount_e9s > MAX_CARD_E9S) {
    throw problem('payment.off', 'No card pays this amount; pay in by bank transfer.');
  }
  return { currency, amount_e9s, contract_id, title: contract.title };
}

/** Moves a payment, as its account where it begins one, else as the system. */
async function moveTo(
  ctx: WriteCtx,
  row: PaymentRow,
  action: PaymentAction,
  change: Partial<Pick<PaymentRow, 'reference' | 'url' | 'failure'>>,
  actor: AccountActor | null = null,
): Promise<PaymentRow> {
  const role = actor === null ? 'system' : 'payer';
  const key = actor?.key ?? ctx.serviceKey.public_key;
  const mover = { account_id: actor?.acting_for ?? SYSTEM, key, delegation_id: null, role };
  const said = { amount_e9s: String(row.amount_e9s), currency: row.currency };
  const moved = await move(ctx, paymentKind, actor === null ? row : null, {
    ...{ action, role, facts: null },
    write: (_, to) => ({
      entry: unsignedEntry(paymentMachine.name, paymentKind.headOf(row), mover, {
        ...{ action, data: said, memo: change.failure ?? '', at: ctx.clock.now() },
      }),
      after: { ...row, ...change, state: to },
    }),
  });
  return moved.after;
}

/** What the processor's page came to. */
export async function opened(
  ctx: WriteCtx,
  payment_id: string,
  outcome: Known<{ reference: string; url: string }>,
): Promise<void> {
  const row = await findAnyPayment(ctx.tx, payment_id);
  if (row?.state !== 'preparing') return;
  if (outcome.outcome !== 'done') await moveTo(ctx, row, 'fail', { failure: REFUSED });
  else await closeWhereOver(ctx, await moveTo(ctx, row, 'present', outcome.reply));
}

/** Has the page closed of a payment whose contract does not wait for it any more. */
export async function closeWhereOver(
  ctx: WriteCtx,
  { id: payment_id, state, reference, contract_id }: PaymentRow,
): Promise<void> {
  if (contract_id === null || state !== 'to_pay' || reference === null) return;
  const contract = await findAnyContract(ctx.tx, contract_id);
  if (contract?.state === 'requested') return;
  await wantEffect(ctx.tx, 'payment.close', { payment_id, reference }, ctx.clock.now());
}

/** What came of closing a page. Where that was refused, somebody was quicker. */
export async function closed(
  ctx: WriteCtx,
  payment_id: string,
  outcome: Known<PaymentStanding>,
): Promise<void> {
  if (outcome.outcome === 'done') await stand(ctx, payment_id, outcome.reply);
  else await setLookAt(ctx.tx, payment_id, ctx.clock.now());
}

const REFUSED = 'The payment service did not take it. Nothing was charged; try another way to pay.';

const actionFor = {
  processing: 'process',
  failed: 'fail',
  expired: 'expire',
  paid: 'succeed',
} as const;

/**
 * Takes what the processor says of a payment: moves it, and posts what has arrived, once. Throws
 * where that is another amount than was asked for, so that nothing is posted and an admin sees it.
 */
export async function stand(
  ctx: WriteCtx,
  payment_id: string,
  standing: PaymentStanding,
): Promise<void> {
  const row = await findAnyPayment(ctx.tx, payment_id);
  if (row === null || hasEnded(row.state) || standing.state === 'open') return;
  if (standing.state === row.state) return;
  const failure = standing.state === 'failed' ? standing.reason : null;
  if (standing.state === 'paid') await postPaid(ctx, row, standing);
  await moveTo(ctx, row, actionFor[standing.state], { failure });
}

async function postPaid(
  ctx: WriteCtx,
  { id, account_id, contract_id, currency, amount_e9s }: PaymentRow,
  said: Extract<PaymentStanding, { state: 'paid' }>,
): Promise<void> {
  if (said.currency !== currency || BigInt(said.amount_e9s) !== amount_e9s) {
    const asked = formatMoney(amount_e9s, currency as Currency);
    throw new Error(
      `The processor says ${said.amount_e9s} e9s of ${said.currency} for ${asked} of ${id}`,
    );
  }
  const contract = contract_id === null ? null : await findAnyContract(ctx.tx, contract_id);
  await postTransfer(ctx, { kind: 'payment', id }, 'Paid by card', {
    ...{ account: balanceOf(account_id), account_id, processor: 'stripe' },
    ...{ currency: currency as Currency, amount_e9s },
    contract: contract && { contract_id: contract.contract_id, title: contract.title },
  });
}

export async function pagePayments(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { cursor, limit }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<z.output<typeof paymentPage>> {
  const page = await listPayments(db, actor, { cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map(viewOf) };
}

export const viewPayment = async (
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  payment_id: string,
): Promise<z.output<typeof paymentView>> => viewOf(await getPayment(db, actor, payment_id));

/** Has the processor asked at once, for whoever has come back from its page. */
export async function lookNow(
  ctx: WriteCtx,
  actor: AccountActor,
  payment_id: string,
): Promise<z.output<typeof paymentView>> {
  const row = await getPayment(ctx.tx, actor, payment_id);
  if (row.reference !== null && row.look_at !== null) {
    const now = ctx.clock.now();
    await setLookAt(ctx.tx, payment_id, now);
  }
  return viewOf(row);
}

/** Throws for what Stripe has not signed. */
export async function checkStripe(
  { ports, clock }: Pick<PortCtx, 'ports' | 'clock'>,
  text: string,
  signature: string,
): Promise<ProcessorEvent> {
  if (ports.payments === null) throw problem('payment.off', 'Cards are not taken here.');
  const event = await ports.payments.readEvent(text, signature, clock.nowMs());
  if (event === null) throw problem('signature.invalid', 'It is not signed by Stripe.');
  return event;
}

/** Keeps an event once, and has the processor asked how the payment stands that it is about. */
export async function takeEvent(
  ctx: WriteCtx,
  { id, type }: z.output<typeof stripeEvent>,
  { payment_id: named }: ProcessorEvent,
): Promise<void> {
  const row = named === null ? null : await findAnyPayment(ctx.tx, named);
  const at = ctx.clock.now();
  const event = { processor: 'stripe', event_id: id, type, payment_id: row?.id ?? null, at };
  if (!(await insertEvent(ctx.tx, event)) || !row?.look_at) return;
  await setLookAt(ctx.tx, row.id, at);
}
