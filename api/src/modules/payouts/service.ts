import { makeId } from '@berth/shared/ids';
import { balanceOf, payableOf } from '@berth/shared/ledger/accounts';
import { sentPostings, transferPostings } from '@berth/shared/ledger/postings';
import { formatMoney, type Currency } from '@berth/shared/money';
import { BANK_ACCOUNT_REST_MS, MAX_OPEN_PAYOUTS } from '@berth/shared/payouts/limits';
import {
  hasEnded,
  payoutMachine,
  type PayoutAction,
  type PayoutVocabulary,
} from '@berth/shared/payouts/machine';
import type {
  bankAccountInput,
  bankAccountView,
  batchesView,
  batchInput,
  payoutBatch,
  payoutInput,
  payoutPage,
  payoutsToSend,
  payoutView,
  returnInput,
} from '@berth/shared/payouts/schemas';
import { MAX_OPEN_BATCHES } from '@berth/shared/payouts/schemas';
import { problem } from '@berth/shared/problems';
import { isoAt } from '@berth/shared/time';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { lockAccount } from '../../db/accounts.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import { unsignedEntry } from '../../engine/entry.ts';
import { move, type Kind } from '../../engine/move.ts';
import { pain001 } from '../../files/pain001.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { logAct } from '../admin/index.ts';
import { missingFunds, post } from '../ledger/index.ts';
import {
  countOpen,
  findBankAccount,
  getAnyBatch,
  getAnyPayout,
  getPayout,
  insertBatch,
  listAnyOpen,
  listAnyOpenBatches,
  listAnyToSend,
  listPayouts,
  listResting,
  saveBankAccount,
  savePayouts,
  type PayoutRow,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db'>;
interface Page {
  cursor?: string | undefined;
  limit?: number | undefined;
}

const IBAN_HEAD = 4;
const IBAN_TAIL = 4;
/** `DE89 … 3000`: enough to know it by, too little to use. */
const shownOf = (iban: string): string => `${iban.slice(0, IBAN_HEAD)} … ${iban.slice(-IBAN_TAIL)}`;

export async function viewBankAccount(
  { db }: Reads,
  actor: AccountActor,
): Promise<z.output<typeof bankAccountView>> {
  const row = await findBankAccount(db, actor);
  if (row === null) return { bank_account: null };
  const { holder, iban, set_at, rests_until } = row;
  return { bank_account: { holder, iban_shown: shownOf(iban), set_at, rests_until } };
}

/**
 * Sets where money goes from now on. What was asked for before goes where it was to go, but for
 * what waits for an account that had not rested: a thief's, or one with a slip, gets nothing.
 */
export async function setBankAccount(
  ctx: WriteCtx,
  actor: AccountActor,
  { holder, iban }: z.output<typeof bankAccountInput>,
): Promise<z.output<typeof bankAccountView>> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const before = await findBankAccount(tx, actor);
  // The same again is no change, so it does not rest anew.
  if (before?.iban !== iban || before.holder !== holder) {
    const rests_until = isoAt(clock.nowMs() + BANK_ACCOUNT_REST_MS);
    const account_id = actor.acting_for;
    await saveBankAccount(tx, { account_id, holder, iban, set_at: clock.now(), rests_until });
    const news = { account_id, iban_shown: shownOf(iban), rests_until };
    await emit(tx, 'payout.bank_account', news, clock.now());
    for (const row of await listResting(tx, actor, clock.now())) {
      await putBack(ctx, await moveTo(ctx, row, 'call_off', actor));
    }
  }
  return viewBankAccount({ db: tx }, actor);
}

const viewOf = (row: PayoutRow): z.output<typeof payoutView> => ({
  ...row,
  source: row.source as 'balance' | 'payable',
  currency: row.currency as Currency,
  iban_shown: shownOf(row.iban),
});

/** Payouts, as the engine moves them. */
const payoutKind: Kind<PayoutRow, PayoutVocabulary> = {
  machine: payoutMachine,
  headOf: ({ id, version, head_hash, state_at }) => ({
    ...{ subject_id: id, seq: version, hash: head_hash, at: version === 0 ? null : state_at },
  }),
  placed: (row, state, { statement: { seq, at }, hash }) => ({
    ...{ ...row, state, state_at: at, version: seq + 1, head_hash: hash },
    ended_at: hasEnded(state) ? at : null,
  }),
  save: savePayouts,
  async tell({ tx, clock }, made) {
    for (const { after } of made) {
      const { id: payout_id, account_id } = after;
      await emit(tx, 'payout.moved', { payout_id, account_id }, clock.now());
    }
  },
  effects: {},
  refuse: (_, { sentence }) => problem('payout.no_such_move', sentence),
};

/** Moves a payout: the state is claimed before any money moves. */
async function moveTo(
  ctx: WriteCtx,
  row: PayoutRow,
  action: PayoutAction,
  actor: AccountActor,
  change: Partial<Pick<PayoutRow, 'failure' | 'batch_id'>> = {},
): Promise<PayoutRow> {
  const isNew = row.version === 0;
  const role = action === 'ask_for' || action === 'call_off' ? 'payee' : 'admin';
  const mover = { account_id: actor.acting_for, key: actor.key, delegation_id: null, role };
  const { source, currency, amount_e9s } = row;
  const moved = await move(ctx, payoutKind, isNew ? null : row, {
    ...{ action, role, facts: { is_rested: row.send_after <= ctx.clock.now() } },
    write: (_, to) => ({
      entry: unsignedEntry(payoutMachine.name, payoutKind.headOf(row), mover, {
        ...{ action, data: { source, currency, amount_e9s: String(amount_e9s) } },
        ...{ memo: change.failure ?? '', at: ctx.clock.now() },
      }),
      after: { ...row, ...change, state: to },
    }),
  });
  return moved.after;
}

const accountOf = ({ source, account_id }: Pick<PayoutRow, 'source' | 'account_id'>) =>
  (source === 'balance' ? balanceOf : payableOf)(account_id);
const causeOf = (id: string, what: 'taken' | 'sent' | 'given_back') => ({
  kind: 'payout' as const,
  id: `${id}/${what}`,
});

/** Takes an amount out of the account's money here, and has it wait for the bank. */
export async function askFor(
  ctx: WriteCtx,
  actor: AccountActor,
  { source, currency, amount_e9s }: z.output<typeof payoutInput>,
): Promise<z.output<typeof payoutView>> {
  await lockAccount(ctx.tx, actor);
  const bank = await findBankAccount(ctx.tx, actor);
  if (bank === null) throw problem('payout.no_bank_account', 'Set one first.');
  if ((await countOpen(ctx.tx, actor)) >= MAX_OPEN_PAYOUTS) {
    const detail = `${MAX_OPEN_PAYOUTS} of your payouts are on their way; wait for one of them.`;
    throw problem('account.too_many', detail);
  }
  const now = ctx.clock.now();
  const { holder, iban, rests_until } = bank;
  const row: PayoutRow = {
    ...{ id: makeId('payout'), account_id: actor.acting_for, source, currency, amount_e9s },
    ...{ holder, iban, send_after: rests_until > now ? rests_until : now },
    ...{ state: 'to_send', state_at: now, version: 0, head_hash: null, batch_id: null },
    ...{ failure: null, created_at: now, ended_at: null },
  };
  const account = accountOf(row);
  const { balance_e9s, missing_e9s } = await missingFunds(ctx, account, currency, amount_e9s);
  if (missing_e9s > 0n) {
    const has = formatMoney(balance_e9s, currency);
    throw problem('payment.insufficient', `It has ${has}; ask for no more than that.`);
  }
  const made = await moveTo(ctx, row, 'ask_for', actor);
  const postings = transferPostings(account, 'payouts', currency, -amount_e9s);
  await post(ctx, causeOf(made.id, 'taken'), 'To be paid out', postings);
  return viewOf(made);
}

export async function callOff(
  ctx: WriteCtx,
  actor: AccountActor,
  payout_id: string,
): Promise<z.output<typeof payoutView>> {
  const row = await getPayout(ctx.tx, actor, payout_id);
  const made = await moveTo(ctx, row, 'call_off', actor);
  await putBack(ctx, made);
  return viewOf(made);
}

/** What was taken for a payout is in its account again, where what waits for money may take it. */
async function putBack(ctx: WriteCtx, row: PayoutRow): Promise<void> {
  const currency = row.currency as Currency;
  const postings = transferPostings(accountOf(row), 'payouts', currency, row.amount_e9s);
  await post(ctx, causeOf(row.id, 'given_back'), 'Not paid out', postings);
  await tell(ctx, row, 'given_back');
}

const tell = (
  { tx, clock }: WriteCtx,
  { account_id, currency, amount_e9s }: PayoutRow,
  what: 'given_back' | 'paid_out',
): Promise<void> => {
  const news = { account_id, what, amount_e9s: String(amount_e9s), currency, contract: null };
  return emit(tx, 'money.posted', news, clock.now());
};

export async function pagePayouts(
  { db }: Reads,
  actor: AccountActor,
  { cursor, limit }: Page,
): Promise<z.output<typeof payoutPage>> {
  const page = await listPayouts(db, actor, { cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map(viewOf) };
}

export async function pageToSend(
  { db }: Reads,
  { cursor, limit }: Page,
): Promise<z.output<typeof payoutsToSend>> {
  const page = await listAnyOpen(db, { cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map((row) => ({ ...row, ...viewOf(row) })) };
}

export async function viewBatches({
  db,
  config,
}: Pick<ReadCtx, 'db' | 'config'>): Promise<z.output<typeof batchesView>> {
  const rows = await listAnyOpenBatches(db, MAX_OPEN_BATCHES);
  return {
    has_files: config.payouts_from !== null,
    items: rows.map((row) => ({ ...row, currency: row.currency as Currency })),
  };
}

/** Hands over to the bank what may be sent by now: as much as one file takes. */
export async function makeBatch(
  ctx: WriteCtx,
  actor: AccountActor,
  { currency }: z.output<typeof batchInput>,
): Promise<z.output<typeof payoutBatch>> {
  const now = ctx.clock.now();
  const waiting = await listAnyToSend(ctx.tx, currency, now);
  if (waiting.length === 0) {
    throw problem(
      'payout.none_to_send',
      'Nothing may be sent yet: each waits until its bank account has rested.',
    );
  }
  const id = makeId('payout_batch');
  await insertBatch(ctx.tx, { id, currency, made_at: now });
  for (const row of waiting) await moveTo(ctx, row, 'hand_over', actor, { batch_id: id });
  const total_e9s = waiting.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  const batch = { id, currency, count: waiting.length, total_e9s };
  await logAct(ctx, actor, 'transfer', `Batch ${id}: ${formatMoney(total_e9s, currency)}`);
  return batch;
}

/** A batch as it was handed over, whatever became of it since. */
export async function writeFile(
  { db, config }: Pick<ReadCtx, 'db' | 'config'>,
  batch_id: string,
): Promise<string> {
  if (config.payouts_from === null) {
    throw problem('payout.no_files', 'Set PAYOUT_HOLDER and PAYOUT_IBAN to have them made.');
  }
  const { payouts, made_at } = await getAnyBatch(db, batch_id);
  return pain001({ id: batch_id, made_at, from: config.payouts_from, payouts });
}

/** What is left of a batch has left at the bank. */
export async function confirmBatch(
  ctx: WriteCtx,
  actor: AccountActor,
  batch_id: string,
): Promise<void> {
  const { payouts } = await getAnyBatch(ctx.tx, batch_id);
  const left = payouts.filter(({ ended_at }) => ended_at === null);
  if (left.length === 0) throw problem('payout.none_to_send', 'All of this batch has ended.');
  for (const row of left) {
    const made = await moveTo(ctx, row, 'mark_paid', actor);
    const postings = sentPostings(row.currency as Currency, row.amount_e9s);
    await post(ctx, causeOf(row.id, 'sent'), 'Paid out by bank transfer', postings);
    await tell(ctx, made, 'paid_out');
  }
  await logAct(ctx, actor, 'transfer', `Batch ${batch_id} was paid`);
}

/** Gives a payout back that is not sent, or that the bank did not pay. */
export async function giveBack(
  ctx: WriteCtx,
  actor: AccountActor,
  payout_id: string,
  { reason }: z.output<typeof returnInput>,
): Promise<void> {
  const row = await getAnyPayout(ctx.tx, payout_id);
  const made = await moveTo(ctx, row, 'return', actor, { failure: reason });
  await putBack(ctx, made);
  await logAct(ctx, actor, 'transfer', `Payout ${payout_id} was given back`);
}
