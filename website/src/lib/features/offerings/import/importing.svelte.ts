import { offerings } from '@berth/shared/offerings/endpoints';
import type { MappingView } from '@berth/shared/offerings/mapping';
import type { DecimalMark } from '@berth/shared/offerings/numbers';
import {
  MAX_IMPORT_BYTES,
  type importFormats,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { decode } from './decode.ts';
import {
  neededTargets,
  type FileColumn,
  type MappingAsk,
  type Source,
  type Target,
} from './mapping.ts';
import { refusedFile } from './refused-rows.ts';

type Format = (typeof importFormats)[number];

/** A cell that was written anew. */
interface Mended {
  row: number;
  field: Target;
  text: string;
}

interface FileSeen {
  columns: readonly FileColumn[];
  lists: readonly string[];
  /** Why a field is taken from where it is, by field. */
  reasons: Readonly<Partial<Record<Target, string>>>;
}

const BYTES_A_MIB = 1024 * 1024;

/** A list of objects is JSON; anything else is read as CSV. */
const formatOf = (text: string): Format => (/^\s*[[{]/.test(text) ? 'json' : 'csv');

/**
 * The way of a list from a file to offerings: chosen, mapped where it is not of ours, looked at,
 * mended, imported. `imported` runs when every row is there, or all that are not refused.
 */
export function makeImporting(imported: (reply: ImportReply) => Promise<void>) {
  let text = $state('');
  let file_name = $state('');
  let encoding = $state('');
  let preview = $state.raw<ImportReply | null>(null);
  let mapping = $state.raw<MappingAsk | null>(null);
  let file = $state.raw<FileSeen>({ columns: [], lists: [], reasons: {} });
  let decimals = $state.raw<Partial<Record<Target, DecimalMark>>>({});
  let cells = $state.raw<readonly Mended[]>([]);
  let failure = $state('');
  let running = $state<'look' | 'import' | null>(null);
  /** One import counts once, however often its answer is lost. */
  let idempotency_key = '';

  const source = () => ({ format: formatOf(text), text });
  const body = () => ({
    ...source(),
    ...(mapping === null ? {} : { mapping }),
    decimals,
    cells: [...cells],
  });

  async function attempt(what: 'look' | 'import', work: () => Promise<void>) {
    if (running) return;
    running = what;
    failure = '';
    try {
      await work();
    } catch (error) {
      if (!isProblem(error)) throw error;
      failure = error.problem.errors?.[0]?.message ?? error.message;
    } finally {
      running = null;
    }
  }

  async function see() {
    idempotency_key = crypto.randomUUID();
    preview = await call(offerings.previewImport, { body: body() });
  }

  /** What the file's names and cells seem to mean; `used` is taken instead where it is given. */
  async function guess(rows_at?: string, used?: MappingAsk) {
    const at = rows_at === undefined ? {} : { rows_at };
    const found = await call(offerings.suggestMapping, { body: { ...source(), ...at } });
    const reasons = used ? {} : found.reasons;
    file = { columns: found.sources, lists: found.lists, reasons };
    mapping = used ?? found.mapping;
    preview = null;
    if (neededTargets.every((target) => mapping?.columns[target])) await see();
  }

  /** A file of other names than ours gives no row: then its columns are to be named. */
  const look = () =>
    attempt('look', async () => {
      try {
        preview = null;
        await see();
      } catch (error) {
        if (mapping !== null || !isProblem(error)) throw error;
        if (error.problem.code !== 'request.malformed') throw error;
        return guess();
      }
      if (mapping === null && preview && isForeign(preview)) await guess();
    });

  function restart(next: string, name: string, was: string) {
    text = next;
    file_name = name;
    encoding = was;
    preview = null;
    mapping = null;
    decimals = {};
    cells = [];
    failure = '';
  }

  /** What was refused stays as a list of its own, with what was said and mended of it. */
  function keepRefused(seen: ImportReply) {
    const kept = refusedFile(seen, file_name);
    const numbers = seen.rows.filter(({ action }) => action === 'refused').map(({ row }) => row);
    cells = cells.flatMap((cell) => {
      const row = numbers.indexOf(cell.row) + 1;
      return row === 0 ? [] : [{ ...cell, row }];
    });
    // What told the marks of numbers may be gone with the rows that went through.
    const marks = seen.readings.flatMap(({ field, decimals: mark }) =>
      mark ? [[field, mark]] : [],
    );
    decimals = { ...(Object.fromEntries(marks) as typeof decimals), ...decimals };
    if (mapping && seen.layout === null) mapping = { ...mapping, rows_at: '' };
    text = kept.text;
    file_name = kept.name;
    preview = null;
  }

  return {
    get text() {
      return text;
    },
    set text(next: string) {
      text = next;
      file_name = '';
    },
    get file_name() {
      return file_name;
    },
    get encoding() {
      return encoding;
    },
    get preview() {
      return preview;
    },
    get mapping() {
      return mapping;
    },
    get file() {
      return file;
    },
    get failure() {
      return failure;
    },
    get running() {
      return running;
    },
    look,
    guess: (rows_at?: string) => attempt('look', () => guess(rows_at)),
    /** Reads the file by a mapping that was kept. */
    use: ({ mapping: kept }: Pick<MappingView, 'mapping'>) =>
      attempt('look', async () => {
        await guess(kept.rows_at, kept);
        if (preview === null) await see();
      }),
    /** Says where a field comes from; null for nowhere. */
    map(target: Target, from: Source | null) {
      if (mapping === null) return;
      const { [target]: _, ...others } = mapping.columns;
      const { [target]: _why, ...reasons } = file.reasons;
      file = { ...file, reasons };
      mapping = {
        ...mapping,
        columns: from === null ? others : { ...others, [target]: from },
      };
      preview = null;
    },
    /** Says which mark the numbers of a field have. */
    say: (field: Target, mark: DecimalMark) =>
      attempt('look', async () => {
        decimals = { ...decimals, [field]: mark };
        if (mapping) mapping = { ...mapping, decimals: { ...mapping.decimals, [field]: mark } };
        await see();
      }),
    /** Writes a cell anew in these rows, and looks at them again. */
    mend: (rows: readonly number[], field: Target, next: string) =>
      attempt('look', async () => {
        const others = cells.filter((cell) => cell.field !== field || !rows.includes(cell.row));
        cells = [...others, ...rows.map((row) => ({ row, field, text: next }))];
        await see();
      }),
    async takeFile(chosen: File) {
      if (chosen.size > MAX_IMPORT_BYTES) {
        const most = MAX_IMPORT_BYTES / BYTES_A_MIB;
        failure = `“${chosen.name}” is larger than ${most} MiB. Split it.`;
        return;
      }
      const read = decode(new Uint8Array(await chosen.arrayBuffer()));
      if ('refused' in read) {
        failure = read.refused;
        return;
      }
      restart(read.text, chosen.name, read.encoding);
      await look();
    },
    async takeText(next: string, name: string) {
      restart(next, name, '');
      await look();
    },
    /** Imports every row but the refused ones, of which what is seen now is left out. */
    confirm: () =>
      attempt('import', async () => {
        const seen = preview;
        if (seen === null) return;
        const skip = seen.rows.filter(({ action }) => action === 'refused').map(({ row }) => row);
        try {
          const ask = { body: { ...body(), skip } };
          await imported(await call(offerings.import, ask, { idempotency_key }));
        } catch (error) {
          // Something changed since it was looked at: show what it would do now.
          if (isProblem(error) && error.problem.code === 'import.refused') await see();
          throw error;
        }
        if (skip.length === 0) return;
        keepRefused(seen);
        await see();
      }),
    startOver: () => restart('', '', ''),
  };
}

/** No row can be taken, and there are columns that nobody knows: they have other names. */
const isForeign = ({ rows, refused, unknown_fields }: ImportReply): boolean =>
  refused === rows.length && unknown_fields.length > 0;

export type Importing = ReturnType<typeof makeImporting>;
