import { market } from '@berth/shared/market/endpoints';
import type { CompletionsReply } from '@berth/shared/market/schemas';
import { call } from '#lib/api.ts';

const ASK_MS = 120;

export type Completion = CompletionsReply['items'][number];

/** What may be typed next at a place of a text; one question at a time, the last one counts. */
export function makeCompleting() {
  let items = $state.raw<readonly Completion[]>([]);
  let active = $state(-1);
  let asking: AbortController | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  /** The text that the items are for. */
  let about = '';

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    items = [];
    active = -1;
  }

  $effect(() => close);

  async function ask(text: string, at: number) {
    asking?.abort();
    const own = new AbortController();
    asking = own;
    // An empty text is no question; a blank asks for all that may stand there.
    const q = text === '' ? ' ' : text;
    const query = { q, at: Math.max(at, text === '' ? 1 : 0) };
    try {
      const reply = await call(market.completions, { query }, { signal: own.signal });
      if (own.signal.aborted) return;
      about = q;
      // Who has chosen one already keeps it while it is still there.
      const chosen = items[active]?.text;
      items = reply.items;
      active = chosen === undefined ? -1 : items.findIndex(({ text }) => text === chosen);
    } catch {
      // Nothing depends on a suggestion.
      if (!own.signal.aborted) close();
    }
  }

  return {
    get items() {
      return items;
    },
    get active() {
      return active;
    },
    close,
    /** Asks once the typing pauses. */
    soon(text: string, at: number) {
      clearTimeout(waiting);
      asking?.abort();
      waiting = setTimeout(() => void ask(text, at), ASK_MS);
    },
    now: (text: string, at: number) => void ask(text, at),
    /** One further down, or up from the last; past the ends nothing is chosen. */
    move(step: 1 | -1) {
      const places = items.length + 1;
      active = ((active + 1 + step + places) % places) - 1;
    },
    /** The text with this item in its place, and where the cursor then stands. */
    take({ text, from, to, type }: Completion): { text: string; at: number; goes_on: boolean } {
      const before = about.slice(0, from).trimStart();
      const after = about.slice(to);
      const goes_on = type === 'field' || /^[<>]/.test(text);
      const gap = goes_on || after.startsWith(' ') || after.startsWith(')') ? '' : ' ';
      close();
      return {
        text: `${before}${text}${gap}${after}`,
        at: before.length + text.length + gap.length,
        goes_on,
      };
    },
  };
}
