import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import type { AnyEffect, Deps, DueWork, WriteCtx } from '../../context.ts';
import { saveAgain } from '../../db/due-work.ts';
import { findUnderWay, wantEffect } from '../../db/effects.ts';
import type { Topics } from '../../lib/topics.ts';
import { findAnyContract } from '../contracts/index.ts';
import { tellStreams } from '../notices/index.ts';
import {
  eraseEventsBefore,
  findAnyPayment,
  hasAnyEventBefore,
  listAnyOpenFor,
  listAnyToLook,
  LOOKING,
  setLookAt,
} from './repo.ts';
import { closed, closeWhereOver, LOOK_FIRST_MS, opened, stand } from './service.ts';

const LOOK = 'payment.look' as const;
const TIME_LIMIT_MS = 30 * SECOND_MS;
/** A processor sends an event again for three days. */
const EVENTS_KEPT_MS = 30 * DAY_MS;
/**
 * So long after it was begun the processor is asked how a payment stands, where it does not say so
 * itself; then every day. The second is right before a request by card has waited long enough.
 */
const LOOK_AFTER_MS = [LOOK_FIRST_MS, 25 * MINUTE_MS, HOUR_MS, DAY_MS];

/** After a call that was under way when there was news. */
const LOOK_ONCE_MORE_MS = 10 * SECOND_MS;

/** Wants to know how a payment stands. */
export const lookAgain: DueWork = {
  kind: LOOKING,
  list: listAnyToLook,
  async run({ tx, clock }, id) {
    const now = clock.now();
    const row = await findAnyPayment(tx, id);
    if (!row?.look_at || row.look_at > now) return;
    const age_ms = clock.nowMs() - Date.parse(row.created_at);
    const next_ms = LOOK_AFTER_MS.find((after_ms) => after_ms > age_ms);
    const wait_ms = next_ms === undefined ? DAY_MS : next_ms - age_ms;
    const { reference } = row;
    const next_at = isoAt(clock.nowMs() + wait_ms);
    if (reference === null) return setLookAt(tx, id, next_at);
    const asked = { payment_id: id, reference };
    const subject_id = await findUnderWay(tx, LOOK, asked);
    if (subject_id === null) {
      await wantEffect(tx, LOOK, asked, now);
      return setLookAt(tx, id, next_at);
    }
    // However often it is pressed, and however slow the processor is, one call is under way: what
    // failed is asked again at once; what is being asked may have been answered too early.
    const is_hastened = await saveAgain(tx, { kind: LOOK, subject_id }, now);
    await setLookAt(tx, id, is_hastened ? next_at : isoAt(clock.nowMs() + LOOK_ONCE_MORE_MS));
  },
};

/** Closes the pages of a contract that waits for no money any more. */
export async function closePages(
  ctx: WriteCtx,
  { contract_id }: Topics['contract.moved'],
): Promise<readonly string[]> {
  const contract = await findAnyContract(ctx.tx, contract_id);
  const open = contract === null ? [] : await listAnyOpenFor(ctx.tx, contract);
  for (const one of open) await closeWhereOver(ctx, one);
  return [];
}

const OFF = { outcome: 'refused', reason: 'No payments are taken now.' } as const;

/** Has the page made where a payment is paid. */
export const beginPayment: AnyEffect = {
  kind: 'payment.begin',
  time_limit_ms: TIME_LIMIT_MS,
  async call({ ports, config }, { id, payload, signal }) {
    if (ports.payments === null) return OFF;
    const { payment_id, currency, amount_e9s, title } = payload;
    const return_url = `${config.public_origin}/dashboard/billing/payments/${payment_id}`;
    const ask = { payment_id, currency, title, return_url, amount_e9s: BigInt(amount_e9s) };
    return ports.payments.begin(ask, id, signal);
  },
  onOutcome: (ctx, { payload }, outcome) => opened(ctx, payload.payment_id, outcome),
};

/** Asks how a payment stands. */
export const lookAtPayment: AnyEffect = {
  kind: LOOK,
  time_limit_ms: TIME_LIMIT_MS,
  async call({ ports }, { payload, signal }) {
    return ports.payments === null ? OFF : ports.payments.look(payload.reference, signal);
  },
  async onOutcome(ctx, { payload }, outcome) {
    if (outcome.outcome === 'done') await stand(ctx, payload.payment_id, outcome.reply);
  },
};

/** Closes the page of a payment. */
export const closePage: AnyEffect = {
  kind: 'payment.close',
  time_limit_ms: TIME_LIMIT_MS,
  async call({ ports }, { id, payload, signal }) {
    return ports.payments === null ? OFF : ports.payments.close(payload.reference, id, signal);
  },
  onOutcome: (ctx, { payload }, outcome) => closed(ctx, payload.payment_id, outcome),
};

/** Tells the payer's pages. */
export const tellPayer = (
  ctx: WriteCtx,
  { account_id, payment_id }: Topics['payment.moved'],
): Promise<readonly string[]> => tellStreams(ctx, [account_id], 'payment', payment_id);

/** Erases what processors said long ago. */
export async function eraseEvents({ db, clock, database }: Deps): Promise<number> {
  const before = isoAt(clock.nowMs() - EVENTS_KEPT_MS);
  if (!(await hasAnyEventBefore(db, before))) return 0;
  return database.write((tx) => eraseEventsBefore(tx, before));
}
