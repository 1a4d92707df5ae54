import * as z from 'zod';
import { isoTime, lineText, shownText } from '../fields.ts';
import { countries, countryName } from '../offerings/catalogue.ts';
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
