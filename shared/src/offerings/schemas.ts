import * as z from 'zod';
import { MAX_HOURS, units } from '../price.ts';
import {
  amountSchema,
  hex64,
  idOf,
  isoTime,
  lineText,
  paragraphText,
  shownText,
  signatureHex,
} from '../fields.ts';
import { icpMark } from '../icp/statements.ts';
import { currencies, MAX_AMOUNT_E9S } from '../money.ts';
import { autoAcceptRule } from '../signing/auto-accept.ts';
import { refusePrice } from './bounds.ts';
import { offeringMoves, offeringStateNames } from './machine.ts';
import { decimalMarks } from './numbers.ts';

export const offeringKinds = [
  'gpu',
  'compute',
  'dedicated',
  'storage',
  'network',
  'hosting',
] as const;
export type OfferingKind = (typeof offeringKinds)[number];
export const visibilities = ['public', 'unlisted', 'private'] as const;
export const diskKinds = ['nvme', 'ssd', 'hdd'] as const;
export const virtualizations = [
  'kvm',
  'xen',
  'vmware',
  'hyperv',
  'lxc',
  'container',
  'bare_metal',
] as const;
/** How several GPUs of one machine are joined. */
export const gpuInterconnects = ['pcie', 'nvlink', 'sxm', 'infinity_fabric'] as const;
/** Whether it can be taken away before its hours are over, or is bound for long. */
export const commitments = ['on_demand', 'spot', 'reserved'] as const;

export const TITLE_MAX = 100;
export const DESCRIPTION_MAX = 4_000;
export const MODEL_MAX = 60;
export const CITY_MAX = 60;
export const MAX_TAGS = 30;
export const TAG_MAX = 60;
export const REFERENCE_MAX = 64;
export const MAX_STOCK = 100_000;
export const MAX_RESPONSE_HOURS = 30 * 24;
export const MAX_IMPORT_ROWS = 1_000;
/** Columns of a file, ours and those that nobody knows. */
export const MAX_IMPORT_COLUMNS = 500;
export const MAX_IMPORT_BYTES = 4 * 1024 * 1024;
/** Offerings of one account that are not archived: no more than one file can hold. */
export const MAX_OFFERINGS = 1_000;
/** How long a signed auto-accept rule may hold. */
export const MAX_RULE_DAYS = 90;
/** Wrong cells of a file that are all named; after them a row names its first alone. */
export const MAX_CELL_ERRORS = 2_000;
/** Unknown columns that an import's preview names. */
export const MAX_UNKNOWN_FIELDS = 100;
export const MAX_GPUS = 1_024;
export const MAX_GIB = 10_000_000;
export const MAX_VCPUS = 4_096;
export const MAX_UPLINK_MBPS = 10_000_000;

const amount = amountSchema.refine((value) => value <= MAX_AMOUNT_E9S, {
  message: 'That is more than we take',
  abort: true,
});
const whole = (least: number, most: number) =>
  z
    .number('A whole number')
    .int('A whole number')
    .min(least, `At least ${least}`)
    .max(most, `At most ${most.toLocaleString('en')}`);
const size = z
  .number('A number')
  .positive('More than zero')
  .max(MAX_GIB, 'That is more than we take');
const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, `One of ${names.join(', ')}`);

/** An offering's texts: as a provider writes them, as they were signed, or as lists show them. */
interface Texts {
  line: (least: number, most: number) => z.ZodString;
  paragraph: (most: number) => z.ZodString;
}
const written: Texts = { line: lineText, paragraph: paragraphText };
const kept: Texts = { line: () => z.string(), paragraph: () => z.string() };
const shown: Texts = { line: () => shownText, paragraph: () => shownText };

/** The columns that describe the resource; null where it does not apply or is not said. */
const specsIn = ({ line }: Texts) => {
  const tags = z.array(line(1, TAG_MAX)).max(MAX_TAGS, `At most ${MAX_TAGS}`);
  return {
    gpu_model: line(1, MODEL_MAX).nullable(),
    gpu_count: whole(1, MAX_GPUS).nullable(),
    gpu_memory_gib: size.nullable(),
    cpu_model: line(1, MODEL_MAX).nullable(),
    vcpus: whole(1, MAX_VCPUS).nullable(),
    memory_gib: size.nullable(),
    disk_kind: oneOf(diskKinds).nullable(),
    disk_gib: size.nullable(),
    uplink_mbps: whole(1, MAX_UPLINK_MBPS).nullable(),
    traffic_tib: size.nullable(),
    unmetered: z.boolean(),
    virtualization: oneOf(virtualizations).nullable(),
    operating_systems: tags,
    features: tags,
    gpu_interconnect: oneOf(gpuInterconnects).nullable(),
    commitment: oneOf(commitments).nullable(),
  };
};

/** What both sides sign: an offering's terms. Stock, visibility and state are not part of them. */
const termsIn = (texts: Texts) => ({
  kind: oneOf(offeringKinds),
  title: texts.line(3, TITLE_MAX),
  description: texts.paragraph(DESCRIPTION_MAX),
  ...specsIn(texts),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'A country code of two letters, such as NL'),
  city: texts.line(0, CITY_MAX),
  price_e9s: amount,
  unit: oneOf(units),
  currency: oneOf(currencies),
  setup_fee_e9s: amount,
  min_hours: whole(1, MAX_HOURS),
  max_hours: whole(1, MAX_HOURS),
  response_hours: whole(1, MAX_RESPONSE_HOURS),
  provisioning_hours: whole(1, MAX_RESPONSE_HOURS),
});

const fieldsIn = (texts: Texts) => ({
  ...termsIn(texts),
  stock: whole(0, MAX_STOCK),
  visibility: oneOf(visibilities),
  /** The provider's own id for it, unique among its offerings; an import updates by it. */
  reference: texts.line(1, REFERENCE_MAX).nullable(),
});

/** What a provider writes. Cross-field rules hold for edits and imports alike. */
export const offeringInput = z.object(fieldsIn(written)).superRefine((offering, context) => {
  if (offering.max_hours < offering.min_hours) {
    context.addIssue({
      code: 'custom',
      path: ['max_hours'],
      message: 'Not less than the least hours',
    });
  }
  if (offering.kind === 'gpu' && offering.gpu_model === null) {
    context.addIssue({ code: 'custom', path: ['gpu_model'], message: 'Say which GPU it is' });
  }
  const dear = refusePrice(offering);
  if (dear !== null) context.addIssue({ code: 'custom', path: ['price_e9s'], message: dear });
});
export type OfferingInput = z.output<typeof offeringInput>;

export const termsSchema = z.object({
  offering_id: idOf('offering'),
  provider_key: hex64,
  ...termsIn(kept),
  // Added later: terms leave them out where nothing is said, so that earlier hashes stand.
  gpu_interconnect: oneOf(gpuInterconnects).exactOptional(),
  commitment: oneOf(commitments).exactOptional(),
});
/** Terms as they are hashed and kept: amounts are decimal text. */
export type Terms = z.input<typeof termsSchema>;

const partyView = z.object({
  id: idOf('account'),
  handle: z.string(),
  display_name: shownText,
  key: hex64,
});

const viewIn = (texts: Texts) =>
  z.object({
    id: idOf('offering'),
    provider: partyView,
    state: z.enum(offeringStateNames),
    version: z.number().int(),
    terms_hash: hex64,
    ...fieldsIn(texts),
    /** The price of one hour, rounded up. */
    hourly_e9s: amountSchema,
    /** The provider's signed rule accepts requests of up to this many hours at once. */
    auto_accept_hours: z.number().int().nullable(),
    /** It came from the chain. */
    on_chain: z.boolean(),
    created_at: isoTime,
    updated_at: isoTime,
    listed_at: isoTime.nullable(),
  });
/** An offering as its terms were hashed, texts and all. */
export const offeringView = viewIn(kept);
export type OfferingView = z.input<typeof offeringView>;
/** The same in code: amounts are `bigint`. */
export type Offering = z.output<typeof offeringView>;

/** The same on its own page, with where it stands on the chain that it came from. */
export const offeringPage = offeringView.extend({ chain: icpMark.nullable() });
export type OfferingPage = z.output<typeof offeringPage>;

/** One line of a list: what people compare by. */
export const offeringItem = viewIn(shown).omit({ description: true, created_at: true });
export type OfferingItem = z.input<typeof offeringItem>;

/** What the provider alone sees beside the offering. */
export const ownOfferingView = offeringView.extend({
  moves: z.array(
    z.object({
      action: z.enum(offeringMoves),
      label: z.string(),
      tone: z.enum(['primary', 'plain', 'danger']),
    }),
  ),
  open_contracts: z.number().int(),
});
export type OwnOfferingView = z.input<typeof ownOfferingView>;

export const autoAcceptInput = z.object({ rule: autoAcceptRule, signature: signatureHex });

export const importFormats = ['csv', 'json'] as const;
export const importFile = z.object({
  format: z.enum(importFormats),
  text: z.string().min(1, 'Choose a file or paste its text').max(MAX_IMPORT_BYTES),
});

/** Cells of a file that a person writes anew before it is imported. */
export const MAX_MENDED_CELLS = 5_000;
/** Longer than any cell can be, so that the cell itself is told that it is too long. */
export const CELL_MAX = 2 * DESCRIPTION_MAX;

const cellNote = z.object({ field: z.string(), message: z.string() });

export const importRow = z.object({
  /** 1 is the first row after the header, or the first object. */
  row: z.number().int(),
  action: z.enum(['create', 'update', 'refused', 'skipped']),
  /** What it will be: `draft` for a new row without a `state` column. */
  state: z.enum(offeringStateNames),
  title: z.string(),
  price: z.string(),
  /** Its wrong cells; after `MAX_CELL_ERRORS` of the file the first alone. */
  errors: z.array(
    cellNote.extend({
      /** What is there now, to be written anew; null where it is no cell. */
      text: z.string().nullable(),
    }),
  ),
  /** What the file says and cannot be used, where the mapping lets it be left out. */
  left_out: z.array(cellNote),
  /** A refused row as it stands in the file; empty for others. */
  source: z.string(),
});

/** How a column was read, by one of its cells. */
const columnReading = z.object({
  field: z.string(),
  /** The file’s own column; empty where it has none for it. */
  from: z.string(),
  text: z.string(),
  /** What it is taken for: `0.125 EUR an hour`. */
  means: z.string(),
  /** The mark before the decimals, where one stands in the column. */
  decimals: z.enum(decimalMarks).nullable(),
  /** Cells may be two numbers each, and are refused until the mark is said. */
  is_asked: z.boolean(),
});
export type ColumnReading = z.input<typeof columnReading>;

export const importReply = z.object({
  rows: z.array(importRow),
  created: z.number().int(),
  updated: z.number().int(),
  refused: z.number().int(),
  skipped: z.number().int(),
  /** Columns of the file that Berth does not know. */
  unknown_fields: z.array(z.string()),
  /** What parts the cells of a CSV, and where and what its header is; null for JSON. */
  layout: z
    .object({ delimiter: z.string(), header_line: z.number().int(), header: z.string() })
    .nullable(),
  readings: z.array(columnReading),
  /** GPUs that Berth has no figures of, with what they may be and the rows that have them. */
  unknown_gpus: z.array(
    z.object({
      name: z.string(),
      alike: z.array(z.string()),
      rows: z.array(z.number().int()),
    }),
  ),
});
export type ImportReply = z.input<typeof importReply>;
