import { counted } from '@berth/shared/count';
import { formatMoney, minorOf, type Currency } from '@berth/shared/money';
import {
  countWithin,
  hoursFor,
  planPapers,
  taxOfPart,
  type Planned,
} from '@berth/shared/papers/papers';
import { taxOn, type Tax } from '@berth/shared/papers/tax';
import type { Rate } from '@berth/shared/price';
import { HOUR_MS, isoAt } from '@berth/shared/time';
import type { DueWork, WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { findAnyEscrow } from '../billing/index.ts';
import { findAnyDetails, taxSideOf } from '../billing-details/index.ts';
import { findAnyContract, termsOfContract } from '../contracts/index.ts';
import {
  COMMISSION,
  holdDue,
  insertDue,
  listAnyDue,
  listAnyEarned,
  listAnyMoved,
  listAnyOfContract,
  listAnyTitles,
  saveDue,
  type PaperRow,
} from './repo.ts';
import { houseOf, issue, partyOf, readDocument, type Document, type Line } from './service.ts';

type Contract = NonNullable<Awaited<ReturnType<typeof findAnyContract>>>;

/** Writes the papers of what was posted to a contract's money since the last one. */
export async function issuePapers(
  ctx: WriteCtx,
  { contract }: Topics['money.posted'],
): Promise<readonly string[]> {
  if (contract === null) return [];
  const { tx } = ctx;
  const row = await findAnyContract(tx, contract.contract_id);
  const escrow = await findAnyEscrow(tx, contract.contract_id);
  // Of a request that was never paid whole there is nothing to invoice.
  if (row === null || escrow === null || escrow.missing_e9s > 0n) return [];
  const { contract_id, renter_id } = row;
  const papers = await listAnyOfContract(tx, contract_id);
  // Moves of one contract wait for each other at its row, so its entries are numbered in order.
  const after = papers.at(-1)?.entry_id ?? 0;
  const moved = await listAnyMoved(tx, { contract_id, renter_id, after });
  const invoices = papers.filter(({ kind }) => kind === 'invoice');
  const open = invoices.map(({ id, entry_id, gross_e9s }) => ({
    ...{ entry_id, gross_e9s },
    credited_e9s: papers
      .filter(({ corrects }) => corrects === id)
      .reduce((sum, one) => sum + one.gross_e9s, 0n),
  }));
  const moves = moved.map(({ entry_id, cause_id, amount_e9s }) => ({
    ...{ entry_id, is_order: isOrder(contract_id, cause_id), paid_e9s: -amount_e9s },
  }));
  const byEntry = new Map(invoices.map((one) => [one.entry_id, one]));
  for (const one of planPapers(moves, open)) {
    if (one.kind === 'invoice') byEntry.set(one.entry_id, await invoiceFor(ctx, row, one));
    else await creditFor(ctx, one, byEntry.get(one.corrects)!);
  }
  return [];
}

/** The first total is held at once or in parts: `contract/0`, `contract/0+…`. */
const isOrder = (contract_id: string, cause_id: string): boolean =>
  /^0(\+|$)/.test(cause_id.slice(contract_id.length + 1));

type Planning<Kind> = Extract<Planned, { kind: Kind }>;

async function invoiceFor(
  ctx: WriteCtx,
  row: Contract,
  { entry_id, is_order, gross_e9s }: Planning<'invoice'>,
): Promise<PaperRow> {
  const { tx, clock } = ctx;
  const { contract_id, renter_id, provider_id } = row;
  const currency = row.currency as Currency;
  const sides = [await findAnyDetails(tx, provider_id), await findAnyDetails(tx, renter_id)];
  const [seller, buyer] = sides.map(taxSideOf);
  const tax = taxOn(seller!, buyer!, clock.now());
  const lines = linesOf(row, await termsOfContract(tx, row), gross_e9s, is_order);
  await insertDue(tx, { account_id: provider_id, due_at: nextDue(clock.now()), entry_id: 0 });
  return issue(ctx, 'invoice', {
    ...{ entry_id, cause_id: `entry:${entry_id}`, contract_id, currency, gross_e9s },
    ...{ seller_id: provider_id, buyer_id: renter_id, corrects: null },
    tax_e9s: taxOfPart(gross_e9s, 0n, tax.rate_bp, minorOf(currency)),
    document: {
      ...{ seller: await partyOf(ctx, provider_id), buyer: await partyOf(ctx, renter_id) },
      ...{ lines, tax, period: null },
    },
  });
}

/** What was paid for: hours, and once what it takes to set up. */
function linesOf(
  { title, contract_id, currency }: Contract,
  rate: Rate,
  gross_e9s: bigint,
  is_order: boolean,
): Line[] {
  const setup_e9s = is_order && gross_e9s > rate.setup_fee_e9s ? rate.setup_fee_e9s : 0n;
  const hours = hoursFor(rate, gross_e9s - setup_e9s);
  const price = `${formatMoney(rate.price_e9s, currency as Currency)} per ${rate.unit}`;
  const detail = hours === null ? '' : `${counted(hours, 'hour')} at ${price}`;
  const text = is_order ? title : `${title}: more hours`;
  const usage = { text, detail, contract_id, gross_e9s: String(gross_e9s - setup_e9s) };
  const setup = { text: 'Setup', detail: '', contract_id, gross_e9s: String(setup_e9s) };
  return setup_e9s > 0n ? [usage, setup] : [usage];
}

/** A credit note says what the invoice said that it corrects, its tax by the same rule. */
async function creditFor(
  ctx: WriteCtx,
  { entry_id, credited_e9s, gross_e9s }: Planning<'credit_note'>,
  invoice: PaperRow,
): Promise<PaperRow> {
  const { seller_id, buyer_id, contract_id, currency, number } = invoice;
  const { lines, ...document } = readDocument(invoice);
  const text = lines[0]?.text ?? '';
  const tax_e9s = taxOfPart(gross_e9s, credited_e9s, document.tax.rate_bp, minorOf(currency));
  return issue(ctx, 'credit_note', {
    ...{ entry_id, cause_id: `entry:${entry_id}:${number}`, contract_id, currency, gross_e9s },
    ...{ seller_id, buyer_id, corrects: invoice.id, tax_e9s },
    document: {
      ...document,
      lines: [{ text, detail: 'Paid back', contract_id, gross_e9s: String(gross_e9s) }],
    },
  });
}

/** An hour into the month: what was posted in the one before has been committed. */
const SETTLED_MS = HOUR_MS;
const monthOf = (at: string): string => `${at.slice(0, '2026-11'.length)}-01T00:00:00.000Z`;
function nextDue(at: string): string {
  const month = new Date(monthOf(at));
  month.setUTCMonth(month.getUTCMonth() + 1);
  return isoAt(month.getTime() + SETTLED_MS);
}
/** The month before the one that begins then, as 2026-11. */
const monthBefore = (begins_at: string): string =>
  isoAt(Date.parse(begins_at) - 1).slice(0, '2026-11'.length);

/**
 * Entries and contracts of one commission invoice; what is more is on another of the same month.
 * A paper of more lines would take too much memory to print.
 */
const ENTRIES_EACH = 10_000;
const CONTRACTS_EACH = 2_000;

/** Invoices a provider what was taken as commission in the month that has ended. */
export const commissions: DueWork = {
  kind: COMMISSION,
  list: listAnyDue,
  async run(ctx, account_id) {
    const { tx, clock } = ctx;
    const due = await holdDue(tx, account_id);
    if (due === undefined || due.due_at > clock.now()) return;
    const before = monthOf(due.due_at);
    const found = await listAnyEarned(tx, {
      ...{ provider_id: account_id, after: due.entry_id, limit: ENTRIES_EACH },
    });
    // Up to the first of the next month: entries are numbered before they are dated, and none that
    // has a lesser number than the last may be left out.
    const next = found.findIndex(({ at }) => at >= before);
    const whole = next < 0 ? found : found.slice(0, next);
    const earned = whole.slice(
      0,
      countWithin(
        whole.map(({ cause_id }) => contractIn(cause_id)),
        CONTRACTS_EACH,
      ),
    );
    const byCurrency = Map.groupBy(earned, ({ currency }) => currency as Currency);
    for (const [currency, those] of [...byCurrency].sort()) {
      await invoiceCommission(ctx, { account_id, currency, period: monthBefore(before) }, those);
    }
    const entry_id = earned.at(-1)?.entry_id ?? due.entry_id;
    const is_whole = earned.length === whole.length && (next >= 0 || found.length < ENTRIES_EACH);
    await saveDue(tx, { account_id, entry_id, due_at: is_whole ? nextDue(before) : due.due_at });
  },
};

/** The contract that a cause is of, `contract/what`. */
const contractIn = (cause_id: string): string => cause_id.slice(0, cause_id.indexOf('/'));

type Earned = Awaited<ReturnType<typeof listAnyEarned>>[number];

async function invoiceCommission(
  ctx: WriteCtx,
  { account_id, currency, period }: { account_id: string; currency: Currency; period: string },
  earned: readonly Earned[],
): Promise<void> {
  const { tx, clock, config } = ctx;
  const byContract = Map.groupBy(earned, ({ cause_id }) => contractIn(cause_id));
  const titles = await listAnyTitles(tx, [...byContract.keys()]);
  const lines = [...byContract].flatMap(([contract_id, those]): Line[] => {
    const commission_e9s = those.reduce((sum, one) => sum + (one.commission_e9s ?? 0n), 0n);
    if (commission_e9s === 0n) return [];
    const own_e9s = those.reduce((sum, one) => sum + one.earned_e9s, 0n);
    const detail = `Commission; you earned ${formatMoney(own_e9s, currency)} besides`;
    const text = titles.get(contract_id) ?? '';
    return [{ text, detail, contract_id, gross_e9s: String(commission_e9s) }];
  });
  const gross_e9s = lines.reduce((sum, line) => sum + BigInt(line.gross_e9s), 0n);
  if (gross_e9s === 0n) return;
  const house = houseOf(config);
  const details = await findAnyDetails(tx, account_id);
  const tax: Tax = taxOn(house, taxSideOf(details), clock.now());
  const entry_id = earned.at(-1)!.entry_id;
  const document: Document = {
    ...{ seller: house, buyer: await partyOf(ctx, account_id), lines, tax, period },
  };
  await issue(ctx, 'commission', {
    ...{ entry_id, cause_id: `commission:${account_id}:${currency}:${entry_id}`, currency },
    ...{ seller_id: null, buyer_id: account_id, contract_id: null, corrects: null, gross_e9s },
    tax_e9s: taxOfPart(gross_e9s, 0n, tax.rate_bp, minorOf(currency)),
    document,
  });
}
