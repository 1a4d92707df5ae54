import { offerings } from '@berth/shared/offerings/endpoints';
import type { BulkPreview } from '@berth/shared/offerings/bulk';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';
import { offeringsWords, type BulkChangeAsk } from './bulk-change.ts';
import type { Selecting } from './selecting.svelte.ts';

/** What an undo came to, told in passing; `refresh` shows the page anew. */
export async function undoAndTell(change_id: string, refresh: () => Promise<void>): Promise<void> {
  try {
    const { rows, put_back } = await call(offerings.undoBulk, { params: { change_id } });
    await refresh();
    const [stays] = rows.flatMap(({ title, kept }) => (kept === null ? [] : [`${title}: ${kept}`]));
    const left = rows.length - put_back;
    toast({
      title: `${offeringsWords(put_back)} put back`,
      tone: left === 0 ? 'good' : 'plain',
      ...(stays === undefined ? {} : { detail: `${left} left as before. ${stays}` }),
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    await refresh();
    const detail = 'It was undone already, or its day is over.';
    toast({ title: 'That cannot be undone', detail, tone: 'bad' });
  }
}

/** One change of many: looked at, then made. `done` runs when it is made. */
export function makeChanging(selecting: Selecting, done: () => Promise<void>) {
  let change = $state.raw<BulkChangeAsk | null>(null);
  let preview = $state.raw<BulkPreview | null>(null);
  let failure = $state('');
  let running = $state<'look' | 'apply' | null>(null);
  let idempotency_key = '';

  async function attempt(what: 'look' | 'apply', work: () => Promise<void>) {
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

  async function see(wanted: BulkChangeAsk) {
    change = wanted;
    idempotency_key = crypto.randomUUID();
    const body = { which: selecting.which(), change: wanted };
    preview = await call(offerings.previewBulk, { body });
  }

  /** Those that it would change; the refused ones are left out, as the preview says. */
  const changing = $derived(
    (preview?.rows ?? []).filter(
      ({ before, after, error }) =>
        error === null && after !== null && JSON.stringify(before) !== JSON.stringify(after),
    ),
  );

  async function send(wanted: BulkChangeAsk) {
    const seen = changing.map(({ offering_id, version }) => ({ offering_id, version }));
    const body = { offerings: seen, change: wanted };
    const { change_id, changed } = await call(offerings.bulk, { body }, { idempotency_key });
    await done();
    toast({
      title: `${offeringsWords(changed)} changed`,
      detail: 'You can undo it for a day, below your offerings.',
      tone: 'good',
      action: { label: 'Undo', run: () => void undoAndTell(change_id, done) },
    });
  }

  return {
    get change() {
      return change;
    },
    get preview() {
      return preview;
    },
    get changing() {
      return changing;
    },
    get failure() {
      return failure;
    },
    get running() {
      return running;
    },
    look: (wanted: BulkChangeAsk) => attempt('look', () => see(wanted)),
    apply: () =>
      attempt('apply', async () => {
        if (change === null) return;
        try {
          await send(change);
        } catch (error) {
          // Somebody changed one in the meantime: show what it would do now.
          if (isProblem(error) && error.problem.code.startsWith('offering.')) await see(change);
          throw error;
        }
      }),
    startOver() {
      change = null;
      preview = null;
      failure = '';
    },
  };
}

export type Changing = ReturnType<typeof makeChanging>;
