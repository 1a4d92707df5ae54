import { offerings } from '@berth/shared/offerings/endpoints';
import type { MappingView } from '@berth/shared/offerings/mapping';
import {
  MAX_IMPORT_BYTES,
  type importFormats,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import type { FileColumn, MappingAsk, Source, Target } from './mapping.ts';

type Format = (typeof importFormats)[number];

const BYTES_A_MIB = 1024 * 1024;

/** A list of objects is JSON; anything else is read as CSV. */
const formatOf = (text: string): Format => (/^\s*[[{]/.test(text) ? 'json' : 'csv');

/**
 * The way of a list from a file to offerings: chosen, mapped where it is not of ours, looked at,
 * imported. `imported` runs when every row is there.
 */
export function makeImporting(imported: (reply: ImportReply) => Promise<void>) {
  let text = $state('');
  let file_name = $state('');
  let preview = $state.raw<ImportReply | null>(null);
  let mapping = $state.raw<MappingAsk | null>(null);
  let file = $state.raw<{ columns: readonly FileColumn[]; lists: readonly string[] }>({
    columns: [],
    lists: [],
  });
  let failure = $state('');
  let running = $state<'look' | 'import' | null>(null);
  /** One import counts once, however often its answer is lost. */
  let idempotency_key = '';

  const source = () => ({ format: formatOf(text), text });
  const body = () => (mapping === null ? source() : { ...source(), mapping });

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
    preview = null;
    idempotency_key = crypto.randomUUID();
    preview = await call(offerings.previewImport, { body: body() });
  }

  /** What the file's own names seem to mean; `used` is taken instead where it is given. */
  async function guess(rows_at?: string, used?: MappingAsk) {
    const at = rows_at === undefined ? {} : { rows_at };
    const found = await call(offerings.suggestMapping, { body: { ...source(), ...at } });
    file = { columns: found.sources, lists: found.lists };
    mapping = used ?? found.mapping;
    preview = null;
  }

  /** A file of other names than ours is refused as a whole: then its columns are to be named. */
  const look = () =>
    attempt('look', async () => {
      try {
        await see();
      } catch (error) {
        if (mapping !== null || !isProblem(error)) throw error;
        if (error.problem.code !== 'request.malformed') throw error;
        await guess();
      }
    });

  function restart(next: string, name: string) {
    text = next;
    file_name = name;
    preview = null;
    mapping = null;
    failure = '';
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
        await see();
      }),
    /** Says where a field comes from; null for nowhere. */
    map(target: Target, from: Source | null) {
      if (mapping === null) return;
      const { [target]: _, ...others } = mapping.columns;
      mapping = {
        ...mapping,
        columns: from === null ? others : { ...others, [target]: from },
      };
      preview = null;
    },
    async takeFile(chosen: File) {
      if (chosen.size > MAX_IMPORT_BYTES) {
        const most = MAX_IMPORT_BYTES / BYTES_A_MIB;
        failure = `“${chosen.name}” is larger than ${most} MiB. Split it.`;
        return;
      }
      restart(await chosen.text(), chosen.name);
      await look();
    },
    async takeText(next: string, name: string) {
      restart(next, name);
      await look();
    },
    confirm: () =>
      attempt('import', async () => {
        try {
          await imported(await call(offerings.import, { body: body() }, { idempotency_key }));
        } catch (error) {
          // Something changed since it was looked at: show what it would do now.
          if (isProblem(error) && error.problem.code === 'import.refused') await see();
          throw error;
        }
      }),
    startOver: () => restart('', ''),
  };
}

export type Importing = ReturnType<typeof makeImporting>;
