import { endpoints } from '@berth/shared/endpoints';
import {
  MAX_IMPORT_BYTES,
  type importFormats,
  type ImportReply,
} from '@berth/shared/offerings/schemas';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';

type Format = (typeof importFormats)[number];

const BYTES_A_MIB = 1024 * 1024;

/** A list of objects is JSON; anything else is read as CSV. */
const formatOf = (text: string): Format => (/^\s*[[{]/.test(text) ? 'json' : 'csv');

/**
 * The way of a list from a file to offerings: chosen, looked at, imported. `imported` runs when
 * every row is there.
 */
export function makeImporting(imported: (reply: ImportReply) => Promise<void>) {
  let text = $state('');
  let file_name = $state('');
  let preview = $state.raw<ImportReply | null>(null);
  let failure = $state('');
  let running = $state<'look' | 'import' | null>(null);
  /** One import counts once, however often its answer is lost. */
  let idempotency_key = '';

  const body = () => ({ format: formatOf(text), text });

  async function attempt(what: 'look' | 'import', work: () => Promise<void>) {
    if (running) return;
    running = what;
    failure = '';
    try {
      await work();
    } catch (error) {
      if (!isProblem(error)) throw error;
      failure = error.message;
    } finally {
      running = null;
    }
  }

  const look = () =>
    attempt('look', async () => {
      preview = null;
      idempotency_key = crypto.randomUUID();
      preview = await call(endpoints.offerings.previewImport, { body: body() });
    });

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
    get failure() {
      return failure;
    },
    get running() {
      return running;
    },
    look,
    async takeFile(file: File) {
      if (file.size > MAX_IMPORT_BYTES) {
        failure = `“${file.name}” is larger than ${MAX_IMPORT_BYTES / BYTES_A_MIB} MiB. Split it.`;
        return;
      }
      text = await file.text();
      file_name = file.name;
      await look();
    },
    confirm: () =>
      attempt('import', async () => {
        try {
          await imported(
            await call(endpoints.offerings.import, { body: body() }, { idempotency_key }),
          );
        } catch (error) {
          // Something changed since it was looked at: show what it would do now.
          if (isProblem(error) && error.problem.code === 'import.refused') {
            preview = await call(endpoints.offerings.previewImport, { body: body() });
            idempotency_key = crypto.randomUUID();
          }
          throw error;
        }
      }),
    startOver() {
      text = '';
      file_name = '';
      preview = null;
      failure = '';
    },
  };
}

export type Importing = ReturnType<typeof makeImporting>;
