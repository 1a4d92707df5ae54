import { offerings } from '@berth/shared/offerings/endpoints';
import type { RefusedCell } from '@berth/shared/offerings/bulk';
import { isProblem, type Problem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';
import { names, type Name } from './columns.ts';
import type { Refused } from './faults.ts';
import { sentFor, type Rows } from './rows.ts';
import type { SheetState } from './sheet.svelte.ts';

const isName = (field: string): field is Name => names.some((name) => name === field);

/** What the API refused, at the cells it is about; of a whole row at its title. */
const refusedIn = ({ problem }: Problem, sent: Rows): Refused[] =>
  ((problem['cells'] ?? []) as RefusedCell[]).flatMap(({ row, field, message }) => {
    const one = sent[row - 1];
    const name = isName(field) ? field : 'title';
    return one ? [{ key: one.key, name, text: one.cells[name], message }] : [];
  });

/** Saves a sheet, all of it or nothing. `reload` loads the offerings anew. */
export function makeSaving(sheet: SheetState, reload: () => Promise<void>) {
  let running = $state(false);
  let failure = $state('');
  let unanswered: { text: string; idempotency_key: string } | undefined;

  async function send(sent: Rows) {
    const rows = sent.map((row) => sentFor(row, sheet.saved.get(row.key)));
    const text = JSON.stringify(rows);
    // A repeat after a lost answer counts once.
    const idempotency_key =
      unanswered?.text === text ? unanswered.idempotency_key : crypto.randomUUID();
    unanswered = { text, idempotency_key };
    const reply = await call(offerings.saveRows, { body: { rows } }, { idempotency_key });
    unanswered = undefined;
    sheet.kept(sent, reply.rows);
    const detail = `${reply.created} new, ${reply.updated} changed`;
    toast({ title: 'Saved', detail, tone: 'good' });
    await reload();
  }

  async function refuse(error: unknown, sent: Rows) {
    if (!isProblem(error)) throw error;
    failure = error.message;
    if (error.problem.status !== 503) unanswered = undefined;
    if (error.problem.code === 'idempotency.done') {
      failure = '';
      sheet.made(sent);
      toast({ title: 'Saved', tone: 'good' });
      await reload();
    }
    if (error.problem.code === 'offering.refused') {
      sheet.refuse(refusedIn(error, sent));
      sheet.goToNextFault();
    }
    if (error.problem.code === 'offering.moved' || error.problem.code === 'request.not_found') {
      failure = 'Some offerings were changed in the meantime. Your edits are kept: save once more.';
      await reload();
    }
  }

  return {
    get running() {
      return running;
    },
    get failure() {
      return failure;
    },
    async save() {
      if (running || sheet.changed.length === 0) return;
      failure = '';
      if (sheet.faults.length > 0) return sheet.goToNextFault();
      running = true;
      const sent = sheet.changed;
      try {
        await send(sent);
      } catch (error) {
        await refuse(error, sent);
      } finally {
        running = false;
      }
    },
  };
}

export type Saving = ReturnType<typeof makeSaving>;
