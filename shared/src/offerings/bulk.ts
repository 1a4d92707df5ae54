import * as z from 'zod';
import { units } from '../price.ts';
import { amountSchema, idOf, isoTime, plainText, shownText } from '../fields.ts';
import { currencies, MAX_AMOUNT_E9S } from '../money.ts';
import { offeringMoves, offeringStateNames } from './machine.ts';
import { importColumn } from './mapping.ts';
import { CELL_MAX, MAX_OFFERINGS, MAX_STOCK } from './schemas.ts';

/** Offerings that one change takes: as many as one account can keep. */
export const MAX_BULK = MAX_OFFERINGS;
/** For how long a change of many can be undone. */
export const UNDO_HOURS = 24;
const MOST_PERCENT = 1_000;
const LEAST_PERCENT = -99;
const QUERY_MAX = 200;

const percent = z
  .number('A number')
  .multipleOf(0.01, 'At most two decimals')
  .min(LEAST_PERCENT, `At least ${LEAST_PERCENT}`)
  .max(MOST_PERCENT, `At most ${MOST_PERCENT.toLocaleString('en')}`);

/** What is done to every one of the offerings. */
export const bulkChange = z.discriminatedUnion('type', [
  /** Rounded half up to whole cents, or to the decimals of a price that has more of them. */
  z.object({ type: z.literal('price_percent'), percent }),
  /** Of one unit; offerings of another unit or currency are refused. */
  z.object({
    type: z.literal('price_amount'),
    price_e9s: amountSchema.refine((value) => value <= MAX_AMOUNT_E9S, 'That is more than we take'),
    unit: z.enum(units),
    currency: z.enum(currencies),
  }),
  z.object({ type: z.literal('stock_set'), stock: z.number().int().min(0).max(MAX_STOCK) }),
  z.object({ type: z.literal('stock_add'), by: z.number().int().min(-MAX_STOCK).max(MAX_STOCK) }),
  z.object({ type: z.literal('move'), action: z.enum(offeringMoves) }),
]);
export type BulkChange = z.output<typeof bulkChange>;

const offeringIds = z.array(idOf('offering')).min(1).max(MAX_BULK);

/** Which of one's own offerings: named, or all that a list of them with this filter has. */
export const bulkWhich = z.union([
  z.object({ offering_ids: offeringIds }),
  z.object({
    filter: z.object({
      state: z.enum(offeringStateNames).optional(),
      q: plainText(QUERY_MAX).optional(),
    }),
  }),
]);

export const bulkPreviewInput = z.object({ which: bulkWhich, change: bulkChange });

/** What a change of many may touch. */
export const bulkValues = z.object({
  price_e9s: amountSchema,
  unit: z.enum(units),
  currency: z.enum(currencies),
  stock: z.number().int(),
  state: z.enum(offeringStateNames),
});
export type BulkValues = z.output<typeof bulkValues>;

const seen = { offering_id: idOf('offering'), title: shownText };

export const bulkPreview = z.object({
  rows: z.array(
    z.object({
      ...seen,
      /** Send it back with the change: what was seen is what is changed. */
      version: z.number().int(),
      before: bulkValues,
      /** Null where the change is refused; the same as before where it changes nothing. */
      after: bulkValues.nullable(),
      error: z.string().nullable(),
    }),
  ),
  changed: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
});
export type BulkPreview = z.input<typeof bulkPreview>;

const versioned = z.object({ offering_id: idOf('offering'), version: z.number().int() });

export const bulkInput = z.object({
  offerings: z.array(versioned).min(1).max(MAX_BULK),
  change: bulkChange,
});

export const bulkReply = z.object({
  change_id: idOf('bulk_change'),
  changed: z.number().int(),
  unchanged: z.number().int(),
  undo_until: isoTime,
});

/** Changes of many that are listed, the latest ones of a day. */
export const MAX_LISTED_CHANGES = 20;

export const bulkListReply = z.object({
  /** Latest first. */
  items: z.array(
    z.object({
      change_id: idOf('bulk_change'),
      what: z.enum(['price', 'stock', 'state']),
      changed: z.number().int(),
      created_at: isoTime,
      undo_until: isoTime,
      undone_at: isoTime.nullable(),
    }),
  ),
});
export type BulkListReply = z.input<typeof bulkListReply>;

export const undoReply = z.object({
  /** Every offering that the change had changed. */
  rows: z.array(
    z.object({
      ...seen,
      /** Why it stays as it is; null where it was put back. */
      kept: z.string().nullable(),
    }),
  ),
  put_back: z.number().int(),
});

/** One row of the spreadsheet: the cells that are to be, as a file would say them. */
const sheetRow = z.object({
  /** Null makes a new offering. */
  offering_id: idOf('offering').nullable(),
  version: z.number().int().nullable(),
  cells: z.partialRecord(importColumn, z.string().max(CELL_MAX)),
});

export const rowsInput = z.object({ rows: z.array(sheetRow).min(1).max(MAX_BULK) });
export type RowsInput = z.input<typeof rowsInput>;

export const rowsReply = z.object({
  /** In the order they were sent. */
  rows: z.array(versioned.extend({ state: z.enum(offeringStateNames) })),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
});

/** What `offering.refused` carries as `cells`. */
export interface RefusedCell {
  /** 1 is the first row that was sent. */
  row: number;
  /** The column; empty where it is the whole row. */
  field: string;
  message: string;
}
