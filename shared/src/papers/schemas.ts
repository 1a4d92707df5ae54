import * as z from 'zod';
import { amountSchema, hex64, idOf, isoTime, lineText, pageOf, shownText } from '../fields.ts';
import { currencies } from '../money.ts';
import { countries, countryName } from '../offerings/catalogue.ts';
import { paperKindNames } from './papers.ts';
import { taxCategories } from './tax.ts';
import { hasVatIds, readVatId } from './vat-ids.ts';

const NAME_MAX = 200;
const LINE_MAX = 100;
const POSTCODE_MAX = 20;
const VAT_ID_TYPED_MAX = 40;

const country = z
  .string()
  .refine((text) => countries().some(({ code }) => code === text), 'Choose a country');

/** Who somebody is on an invoice. An empty VAT id is none. */
export const detailsInput = z
  .object({
    name: lineText(1, NAME_MAX),
    line1: lineText(1, LINE_MAX),
    line2: lineText(0, LINE_MAX),
    postcode: lineText(0, POSTCODE_MAX),
    city: lineText(1, LINE_MAX),
    country,
    vat_id: lineText(0, VAT_ID_TYPED_MAX),
  })
  .superRefine(({ vat_id, country: code }, context) => {
    if (vat_id === '' || readVatId(vat_id, code) !== null) return;
    const message = hasVatIds(code)
      ? `Not a VAT id of ${countryName(code)}; check each digit`
      : `VAT ids of ${countryName(code)} are not taken here; leave it empty`;
    context.addIssue({ code: 'custom', path: ['vat_id'], message });
  });
export type DetailsInput = z.input<typeof detailsInput>;

/** What the register of the EU says of a VAT id. `unchecked`: nothing yet, or it is not asked. */
export const vatChecks = ['none', 'unchecked', 'valid', 'invalid'] as const;
export type VatCheck = (typeof vatChecks)[number];

export const detailsView = z.object({
  /** Null until they are set. */
  details: z
    .object({
      name: shownText,
      line1: shownText,
      line2: shownText,
      postcode: shownText,
      city: shownText,
      country: z.string(),
      vat_id: z.string().nullable(),
      vat_check: z.enum(vatChecks),
      set_at: isoTime,
    })
    .nullable(),
});
export type DetailsView = z.input<typeof detailsView>;

/** Invoices of one CSV file; the next begins after the last number of it. */
export const CSV_ROWS = 10_000;

/** A side of an invoice, as it was when that was issued. */
const party = z.object({
  name: shownText,
  /** Null where it is the marketplace itself. */
  handle: z.string().nullable(),
  /** The address, a line each; none where it was not said. */
  address: z.array(shownText),
  country: z.string().nullable(),
  vat_id: z.string().nullable(),
});

const paper = {
  id: idOf('invoice'),
  kind: z.enum(paperKindNames),
  number: z.string(),
  issued_at: isoTime,
  seller: z.string(),
  buyer: z.string(),
  contract_id: hex64.nullable(),
  currency: z.enum(currencies),
  /** What was paid, the tax in it; of a credit note what was given back. */
  gross_e9s: amountSchema,
  tax_e9s: amountSchema,
};
export const paperPage = pageOf(z.object(paper));
export type PaperPage = z.input<typeof paperPage>;

export const paperView = z.object({
  ...paper,
  seller: party,
  buyer: party,
  /** Together they are the gross amount. */
  lines: z.array(
    z.object({
      text: shownText,
      detail: shownText,
      contract_id: hex64.nullable(),
      gross_e9s: amountSchema,
    }),
  ),
  net_e9s: amountSchema,
  tax: z.object({
    category: z.enum(taxCategories),
    country: z.string().nullable(),
    /** Hundredths of a percent. */
    rate_bp: z.number().int(),
    reason: z.string(),
  }),
  /** The months of a commission invoice, as 2026-11; null of any other. */
  period: z.string().nullable(),
  /** What it corrects; null where it is no credit note. */
  corrects: z.object({ id: idOf('invoice'), number: z.string(), issued_at: isoTime }).nullable(),
  /** The credit notes that correct it, the oldest first. */
  corrected_by: z.array(
    z.object({ id: idOf('invoice'), number: z.string(), gross_e9s: amountSchema }),
  ),
});
export type PaperView = z.input<typeof paperView>;

/** `bought` as a renter, `sold` as a provider, `commission` what the marketplace took. */
export const paperSides = ['bought', 'sold', 'commission'] as const;
export type PaperSide = (typeof paperSides)[number];

/** A file of bytes. */
export const paperPdf = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
