/** How a provider's own file becomes rows of an import: for each of our columns, where it is. */
import * as z from 'zod';
import { idOf, isoTime, lineText, shownText } from '../fields.ts';
import { columnNames, type ColumnName } from './columns.ts';
import { decimalMarks } from './numbers.ts';
import { CELL_MAX, importFile, MAX_IMPORT_ROWS, MAX_MENDED_CELLS } from './schemas.ts';

export const MAX_MAPPINGS = 50;
export const MAPPING_NAME_MAX = 60;
const NAME_MAX = 100;
const TEXT_MAX = 500;
const MAX_WORDS = 50;
const MAX_TRANSFORMS = 4;
/** Names of the file's own columns that a reply shows, and lists that it has. */
export const MAX_SOURCES = 100;

const name = z.string().trim().min(1).max(NAME_MAX);
const factor = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'A number such as 60 or 0.5');

/** What may be done to a text on its way, in the order given. */
export const transform = z.discriminatedUnion('type', [
  /** A word of theirs for a word of ours; letter case and punctuation do not matter. */
  z.object({
    type: z.literal('words'),
    words: z
      .record(z.string().max(NAME_MAX), z.string().max(NAME_MAX))
      .refine((words) => Object.keys(words).length <= MAX_WORDS, `At most ${MAX_WORDS} words`),
  }),
  /** Takes a text away wherever it is: `NVIDIA ` of `NVIDIA L40S`. */
  z.object({ type: z.literal('remove'), text: z.string().min(1).max(NAME_MAX) }),
  /** The first number in it: `0.17` of `$0.17/hr`. */
  z.object({ type: z.literal('number') }),
  /** Exact decimals; a price of a minute by 60 is one of an hour. */
  z.object({ type: z.literal('multiply'), by: factor }),
  /** Exact decimals, rounded up at the ninth place; cents by 100 are dollars. */
  z.object({ type: z.literal('divide'), by: factor.refine((by) => Number(by) > 0, 'Not by zero') }),
  /** A list whose items this text parts. */
  z.object({ type: z.literal('list'), by: z.string().min(1).max(NAME_MAX) }),
]);
export type Transform = z.output<typeof transform>;

const source = z.discriminatedUnion('type', [
  /** The same in every row. */
  z.object({ type: z.literal('value'), value: z.string().max(TEXT_MAX) }),
  /** Several columns in one text: `{gpu_model}, {vram_gb} GB`. */
  z.object({ type: z.literal('text'), text: z.string().min(1).max(TEXT_MAX) }),
  z.object({
    type: z.literal('column'),
    /** As it stands in the file; inside an object, `gpu.model`. */
    from: name,
    transforms: z.array(transform).max(MAX_TRANSFORMS).default([]),
    /** What is taken where the cell is empty. */
    otherwise: z.string().max(TEXT_MAX).default(''),
    /** Leaves out what cannot be used, and says so, instead of refusing the row. */
    optional: z.boolean().default(false),
  }),
]);
export type MappingSource = z.output<typeof source>;

export const importColumn = z.enum(columnNames).exclude(['id']);
export type MappingTarget = Exclude<ColumnName, 'id'>;

/** The mark before the decimals, of columns in which a number may be two. */
const decimals = z.partialRecord(importColumn, z.enum(decimalMarks));

export const importMapping = z.object({
  /** Where the list is in a JSON file, such as `offerings`; empty where the file is the list. */
  rows_at: z.string().trim().max(NAME_MAX),
  columns: z.partialRecord(importColumn, source),
  /** What was said of them once, for the files that come after. */
  decimals: decimals.optional(),
});
export type ImportMapping = z.output<typeof importMapping>;

/** A row of a file; 1 is the first after the header. */
const rowNumber = z.number().int().min(1).max(MAX_IMPORT_ROWS);

/** A file with how it is read: by its own names, by a mapping that was kept, or by this one. */
export const importInput = importFile
  .extend({
    mapping_id: idOf('import_mapping').optional(),
    mapping: importMapping.optional(),
    /** Instead of what the mapping says of them. */
    decimals: decimals.default({}),
    /** Cells that are to be taken for what the file says there, in a column of ours. */
    cells: z
      .array(z.object({ row: rowNumber, field: importColumn, text: z.string().max(CELL_MAX) }))
      .max(MAX_MENDED_CELLS)
      .default([]),
    /** Rows that are left out, whatever they say. */
    skip: z.array(rowNumber).max(MAX_IMPORT_ROWS).default([]),
  })
  .refine(({ mapping_id, mapping }) => !mapping_id || !mapping, {
    path: ['mapping'],
    message: 'Name a mapping or send one, not both',
  });

export const mappingInput = z.object({
  name: lineText(1, MAPPING_NAME_MAX),
  mapping: importMapping,
});

export const mappingView = mappingInput.extend({
  name: shownText,
  id: idOf('import_mapping'),
  created_at: isoTime,
  updated_at: isoTime,
});
export type MappingView = z.input<typeof mappingView>;

export const suggestReply = z.object({
  mapping: importMapping,
  /** Why a field is taken from where it is, in words. */
  reasons: z.partialRecord(importColumn, z.string()),
  /** The file's own columns, each with the first cell that says something. */
  sources: z.array(z.object({ name: z.string(), example: z.string() })),
  /** Where a JSON file has lists of objects. */
  lists: z.array(z.string()),
});
