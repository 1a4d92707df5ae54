import { stringify } from 'csv-stringify/sync';
import { makeId } from '@berth/shared/ids';
import { decimalOf, formatMoney } from '@berth/shared/money';
import { countryName } from '@berth/shared/offerings/catalogue';
import {
  numberOf,
  paidLabel,
  paperKinds,
  taxLabel,
  type PaperKind,
} from '@berth/shared/papers/papers';
import type { PaperSide, paperPage, paperView } from '@berth/shared/papers/schemas';
import type { Tax } from '@berth/shared/papers/tax';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import { printPaper } from '../../files/paper-pdf.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { getAnyAccount } from '../accounts/index.ts';
import { findAnyDetails } from '../billing-details/index.ts';
import {
  getAnyPaper,
  getPaper,
  insertPaper,
  listAnyCorrecting,
  listAnyNumbered,
  listAnyPapers,
  listPapers,
  takeNumber,
  type PaperRow,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db'>;
type View = z.output<typeof paperView>;
type Page = z.output<typeof paperPage>;
export type Party = View['seller'];

/** A line as JSON keeps it: an amount is decimal text. */
export type Line = Omit<View['lines'][number], 'gross_e9s'> & { gross_e9s: string };

/** What an invoice says beside its amounts, as it was when it was issued. */
export interface Document {
  seller: Party;
  buyer: Party;
  lines: Line[];
  tax: Tax;
  period: string | null;
}

export const readDocument = ({ document }: Pick<PaperRow, 'document'>): Document =>
  JSON.parse(document) as Document;

/** The marketplace itself, as its settings have it. */
export const houseOf = ({ house }: ReadCtx['config']): Party => ({
  ...{ name: house?.name ?? 'Berth', handle: null, address: [...(house?.address ?? [])] },
  ...{ country: house?.country ?? null, vat_id: house?.vat_id ?? null },
});

/** Who an account is on an invoice now. */
export async function partyOf({ tx }: Pick<WriteCtx, 'tx'>, account_id: string): Promise<Party> {
  const { handle, display_name } = await getAnyAccount(tx, account_id);
  const details = await findAnyDetails(tx, account_id);
  if (details === null) {
    return { name: display_name || handle, handle, address: [], country: null, vat_id: null };
  }
  const { name, line1, line2, postcode, city, country, vat_id } = details;
  const address = [line1, line2, `${postcode} ${city}`.trim()].filter((line) => line !== '');
  return { name, handle, address, country, vat_id };
}

type Issued = Omit<PaperRow, 'id' | 'kind' | 'year' | 'nth' | 'number' | 'issued_at' | 'document'>;

/** Issues a paper under the next number of its kind and year. */
export async function issue(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  kind: PaperKind,
  { document, ...issued }: Issued & { document: Document },
): Promise<PaperRow> {
  const issued_at = clock.now();
  const year = Number(issued_at.slice(0, '2026'.length));
  const nth = await takeNumber(tx, kind, year);
  const row: PaperRow = {
    ...{ id: makeId('invoice'), kind, year, nth, number: numberOf(kind, year, nth), ...issued },
    ...{ issued_at, document: JSON.stringify(document) },
  };
  await insertPaper(tx, row);
  return row;
}

function itemOf(row: PaperRow): Page['items'][number] {
  const { seller, buyer } = readDocument(row);
  return { ...row, seller: seller.name, buyer: buyer.name };
}

export async function pagePapers(
  { db }: Reads,
  actor: AccountActor,
  ask: {
    side?: PaperSide | undefined;
    contract_id?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<Page> {
  const { side = 'bought', contract_id, cursor, limit } = ask;
  const page = await listPapers(db, actor, { side, contract_id, cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map(itemOf) };
}

async function viewOf(db: ReadCtx['db'], row: PaperRow): Promise<View> {
  const { lines, ...document } = readDocument(row);
  const [corrected, corrected_by] = await Promise.all([
    row.corrects === null ? null : getAnyPaper(db, row.corrects),
    listAnyCorrecting(db, row.id),
  ]);
  return {
    ...row,
    ...document,
    lines: lines.map((line) => ({ ...line, gross_e9s: BigInt(line.gross_e9s) })),
    net_e9s: row.gross_e9s - row.tax_e9s,
    corrects: corrected,
    corrected_by,
  };
}

/** An invoice for its buyer and its seller; 404 for anybody else. */
export const viewPaper = async ({ db }: Reads, actor: AccountActor, id: string): Promise<View> =>
  viewOf(db, await getPaper(db, actor, id));

/** An invoice for an admin. */
export const viewAnyPaper = async ({ db }: Reads, id: string): Promise<View> =>
  viewOf(db, await getAnyPaper(db, id));

export async function pageAllPapers(
  { db }: Reads,
  { cursor, limit }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Page> {
  const page = await listAnyPapers(db, { cursor, limit: pageSize(limit) });
  return { ...page, items: page.items.map(itemOf) };
}

/** Papers of a kind and year by number, for who keeps the books. */
export async function writeCsv(
  { db }: Reads,
  ask: { kind: PaperKind; year: number; after: number },
): Promise<string> {
  const rows = await listAnyNumbered(db, ask);
  const records = rows.map((row) => {
    const { seller, buyer, tax } = readDocument(row);
    const net_e9s = row.gross_e9s - row.tax_e9s;
    return {
      ...{ number: row.number, issued_at: row.issued_at, currency: row.currency },
      ...{ net: decimalOf(net_e9s), tax: decimalOf(row.tax_e9s), gross: decimalOf(row.gross_e9s) },
      ...{ tax_category: tax.category, tax_country: tax.country, tax_rate_bp: tax.rate_bp },
      ...{ seller: seller.name, seller_country: seller.country, seller_vat_id: seller.vat_id },
      ...{ buyer: buyer.name, buyer_country: buyer.country, buyer_vat_id: buyer.vat_id },
      contract_id: row.contract_id,
    };
  });
  // What begins as a formula would be run by the reader's spreadsheet.
  return stringify(records, { header: true, columns, escape_formulas: true });
}

const columns = [
  ...['number', 'issued_at', 'currency', 'net', 'tax', 'gross', 'tax_category', 'tax_country'],
  ...['tax_rate_bp', 'seller', 'seller_country', 'seller_vat_id', 'buyer', 'buyer_country'],
  ...['buyer_vat_id', 'contract_id'],
];

const sideOf = ({ name, handle, address, country, vat_id }: Party) => ({
  name,
  lines: [
    ...address,
    ...(country === null ? [] : [countryName(country)]),
    ...(vat_id === null ? [] : [`VAT id ${vat_id}`]),
    ...(handle === null ? [] : [`@${handle}`]),
  ],
});

/** A paper as PDF: the words and amounts that its page has. */
export async function printView(
  { config }: Pick<ReadCtx, 'config'>,
  actor: AccountActor,
  view: View,
): Promise<Uint8Array> {
  const { kind, number, issued_at, contract_id, corrects, period, currency, tax } = view;
  const amountOf = (amount_e9s: bigint) => formatMoney(amount_e9s, currency);
  const facts = [
    { label: 'Issued', text: issued_at.slice(0, '2026-11-30'.length) },
    ...(period === null ? [] : [{ label: 'For', text: period }]),
    ...(corrects === null ? [] : [{ label: 'Corrects', text: corrects.number }]),
    ...(contract_id === null ? [] : [{ label: 'Contract', text: contract_id }]),
  ];
  const issuer =
    view.seller.handle === null
      ? []
      : ['Issued by Berth in the name and on account of the seller.'];
  return printPaper(actor, {
    ...{ title: paperKinds[kind].title, number, issued_at, facts },
    ...{ from: sideOf(view.seller), to: sideOf(view.buyer) },
    lines: view.lines.map(({ text, detail, gross_e9s }) => ({
      ...{ text, detail, amount: amountOf(gross_e9s) },
    })),
    totals: [
      { label: 'Net', amount: amountOf(view.net_e9s), strong: false },
      { label: taxLabel(tax), amount: amountOf(view.tax_e9s), strong: false },
      { label: paidLabel(kind), amount: amountOf(view.gross_e9s), strong: true },
    ],
    notes: [...(tax.reason === '' ? [] : [tax.reason]), ...issuer],
    url: `${config.public_origin}/dashboard/billing/invoices/${view.id}`,
  });
}
