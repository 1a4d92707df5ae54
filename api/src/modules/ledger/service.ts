import {
  balanceOf,
  payableOf,
  type LedgerAccount,
  type Processor,
} from '@berth/shared/ledger/accounts';
import { transferPostings, type Posting } from '@berth/shared/ledger/postings';
import {
  DIFFERENCES_SHOWN,
  JOURNAL_ENTRIES,
  type CauseKind,
  type ledgerPage,
  type transferInput,
  type trialBalance,
} from '@berth/shared/ledger/schemas';
import { decimalOf, formatMoney, type Currency } from '@berth/shared/money';
import { problem } from '@berth/shared/problems';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { findAnyAccount } from '../accounts/index.ts';
import { logAct } from '../admin/index.ts';
import {
  getAnyCheck,
  holdAnyBalance,
  insertEntry,
  listAnyDiffering,
  listAnyEntries,
  listAnyEntriesInOrder,
  listAnySums,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db'>;
type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** What an entry follows from: the same cause posts once. */
export interface Cause {
  kind: CauseKind;
  id: string;
}

/**
 * Posts an entry: all of it, or nothing. False where its cause has posted before. An entry of
 * nothing is none. The database refuses one that does not balance or that takes an account below
 * zero; who takes from an account asks `requireFunds` first, and answers a person.
 */
export async function post(
  { tx, clock }: Writes,
  cause: Cause,
  memo: string,
  postings: readonly Posting[],
): Promise<boolean> {
  if (postings.length === 0) return false;
  const entry = { at: clock.now(), cause_kind: cause.kind, cause_id: cause.id, memo };
  // In one order, so that no two transactions wait for each other's accounts.
  const sorted = postings.toSorted((a, b) => (a.account < b.account ? -1 : 1));
  try {
    return (await insertEntry(tx, { ...entry, postings: sorted })) !== null;
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(PARKED))) throw error;
    throw problem('payment.parked', 'A sum does not agree. Nothing is lost; ask the marketplace.');
  }
}

/** What the database says of an account whose balance is another than what was posted to it. */
const PARKED = 'ledger: this account is parked';

/** Money that came in from outside for somebody, or went out to them where below zero. */
export interface Transfer {
  account: LedgerAccount;
  account_id: string;
  processor: Processor;
  currency: Currency;
  amount_e9s: bigint;
  /** The contract that it was paid for, which is the first that it pays; null where for none. */
  contract: { contract_id: string; title: string } | null;
}

/** Posts a transfer and says so, also to what waits for it. False where its cause has posted. */
export async function postTransfer(
  ctx: Writes,
  cause: Cause,
  memo: string,
  { account, account_id, processor, currency, amount_e9s, contract }: Transfer,
): Promise<boolean> {
  const postings = transferPostings(account, processor, currency, amount_e9s);
  if (!(await post(ctx, cause, memo, postings))) return false;
  const isIn = amount_e9s > 0n;
  const news = {
    ...{ account_id, currency, contract },
    what: isIn ? ('paid_in' as const) : ('paid_out' as const),
    amount_e9s: String(isIn ? amount_e9s : -amount_e9s),
  };
  await emit(ctx.tx, 'money.posted', news, ctx.clock.now());
  return true;
}

/** Holds the account until the transaction ends; answers what is missing of the amount, or 0. */
export async function missingFunds(
  { tx }: Pick<Writes, 'tx'>,
  account: LedgerAccount,
  currency: Currency,
  amount_e9s: bigint,
): Promise<{ balance_e9s: bigint; missing_e9s: bigint }> {
  const balance_e9s = await holdAnyBalance(tx, account, currency);
  const missing_e9s = amount_e9s > balance_e9s ? amount_e9s - balance_e9s : 0n;
  return { balance_e9s, missing_e9s };
}

export async function viewTrial({ db }: Reads): Promise<z.output<typeof trialBalance>> {
  const [sums, { ended_at, entry_id }] = await Promise.all([listAnySums(db), getAnyCheck(db)]);
  const differing = await listAnyDiffering(db, entry_id, DIFFERENCES_SHOWN);
  const rows = sums.map((row) => ({
    ...row,
    currency: row.currency as Currency,
    mode: row.mode as 'live' | 'sandbox',
  }));
  const byBook = Map.groupBy(rows, ({ currency, mode }) => `${mode} ${currency}`);
  const is_balanced = [...byBook.values()].every(
    (those) => those.reduce((sum, { sum_e9s }) => sum + sum_e9s, 0n) === 0n,
  );
  const differences = differing.map(({ account, currency, mode, balance_e9s, posted_e9s }) => ({
    ...{ account, balance_e9s, posted_e9s },
    currency: currency as Currency,
    mode: mode as 'live' | 'sandbox',
  }));
  return { rows, is_balanced, compared_at: ended_at, differences };
}

type Entry = z.output<typeof ledgerPage>['items'][number];
type EntryRow = Awaited<ReturnType<typeof listAnyEntries>>['items'][number];

interface KeptPosting {
  account: string;
  currency: Currency;
  amount_e9s: string;
}

const entryOf = ({ postings, cause_kind, mode, ...row }: EntryRow): Entry => ({
  ...row,
  mode: mode as Entry['mode'],
  cause_kind: cause_kind as CauseKind,
  postings: (JSON.parse(postings) as KeptPosting[]).map(({ amount_e9s, ...one }) => ({
    ...one,
    amount_e9s: BigInt(amount_e9s),
  })),
});

export async function pageEntries(
  { db }: Reads,
  ask: { account?: string | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<z.output<typeof ledgerPage>> {
  const { account, cursor, limit } = ask;
  const page = await listAnyEntries(db, { account, cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map(entryOf) };
}

/** A page of the ledger as hledger reads it; a comment at its end says where the next begins. */
export async function writeJournal(
  { db }: Reads,
  { cursor }: { cursor?: string | undefined },
): Promise<string> {
  const page = await listAnyEntriesInOrder(db, { cursor, limit: JOURNAL_ENTRIES });
  const next = page.next_cursor === null ? '' : `; next: ?cursor=${page.next_cursor}\n`;
  return page.items.map((row) => `${journalEntry(entryOf(row))}\n`).join('\n') + next;
}

/** Double spaces and line breaks would end a name or a comment. */
const plain = (text: string): string => text.replace(/[\s;|]+/g, ' ').trim();

function journalEntry({ id, at, mode, memo, cause_kind, cause_id, postings }: Entry): string {
  const head = `${at.slice(0, 10)} (${id}) ${plain(memo)}`;
  const tags = `    ; at: ${at}, mode: ${mode}, cause: ${cause_kind} ${plain(cause_id)}`;
  const lines = postings.map(({ account, currency, amount_e9s }) => {
    const sign = amount_e9s < 0n ? '-' : '';
    const amount = decimalOf(amount_e9s < 0n ? -amount_e9s : amount_e9s);
    return `    ${plain(account)}  ${sign}${amount} ${currency}`;
  });
  return [head, tags, ...lines].join('\n');
}

/** One transfer is one, however its reference is typed: spaces and case make no other. */
const referenceOf = (text: string): string =>
  text.normalize('NFKC').replace(/\s+/g, ' ').trim().toUpperCase();

/**
 * Books what an admin has seen on the bank's account. Where no payments are taken any more, what is
 * left is still paid out.
 */
export async function bookTransfer(
  ctx: Pick<WriteCtx, 'tx' | 'clock' | 'config'>,
  actor: AccountActor,
  transfer: z.output<typeof transferInput>,
): Promise<void> {
  const { direction, handle, currency, amount_e9s, reference } = transfer;
  if (ctx.config.payments === 'off' && direction === 'in') {
    throw problem('payment.off', 'Set PAYMENTS to take them.');
  }
  const owner = await findAnyAccount(ctx.tx, handle);
  if (owner === null) throw problem('account.not_found');
  const account = (transfer.account === 'balance' ? balanceOf : payableOf)(owner.id);
  if (direction === 'out') {
    const { balance_e9s, missing_e9s } = await missingFunds(ctx, account, currency, amount_e9s);
    if (missing_e9s > 0n) {
      const has = formatMoney(balance_e9s, currency);
      throw problem('payment.insufficient', `It has ${has}; book no more than that.`);
    }
  }
  const memo = direction === 'in' ? 'Bank transfer in' : 'Bank transfer out';
  const isNew = await postTransfer(ctx, { kind: 'wire', id: referenceOf(reference) }, memo, {
    ...{ account, account_id: owner.id, processor: 'wire', currency, contract: null },
    amount_e9s: direction === 'in' ? amount_e9s : -amount_e9s,
  });
  if (!isNew) {
    throw problem('payment.booked', `A transfer with the reference ${reference} is in the ledger.`);
  }
  await logAct(ctx, actor, 'transfer', `${handle}: ${memo} ${formatMoney(amount_e9s, currency)}`);
}
