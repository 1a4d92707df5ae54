import { readQuery } from '@berth/shared/market/query';
import { writeQuery } from '@berth/shared/market/query-write';
import { everything, type Query } from '@berth/shared/market/tree';
import { afterNavigate, beforeNavigate, goto, invalidate } from '$app/navigation';
import { page } from '$app/state';
import { CURRENCY_COOKIE, readSearch, searchHref, YEAR_S, type Search } from './address.ts';

const TYPING_MS = 350;

/**
 * The search of the page: one text, which the box edits as it is and the panel as a query, and the
 * ways to the address that has it. `given` is what the page was loaded with; it wins whenever
 * nothing is being typed. A text that cannot be read leads nowhere, so the last results stay.
 */
export function makeSearching(given: () => Search) {
  let text = $state(given().q);
  /** Whether the typing has rested, so that an error may be said. */
  let is_resting = $state(true);
  let typing: ReturnType<typeof setTimeout> | undefined;
  let was_typed = false;
  /** Whether a value is being chosen, whose beginning would find nothing. */
  let is_held = false;
  let own = given().q;

  /** Where the page is going, from the moment it is asked; null once it is there. */
  let asked = $state.raw<Search | null>(null);
  /** Where the page is going, or else is: who presses twice in a hurry means both. */
  const latest = $derived(asked ?? given());

  const read = $derived(readQuery(text));
  const loaded = $derived(readQuery(given().q));
  const query = $derived<Query>(read.ok ? read.query : loaded.ok ? loaded.query : everything);
  const error = $derived(read.ok ? null : read.error);

  $effect.pre(() => {
    const { q } = given();
    // What was typed on while its own results were on their way stays.
    if (typing === undefined && q !== own) text = q;
    own = q;
  });

  // The text goes ahead of its results, as a link is pressed before they are there.
  beforeNavigate(({ to }) => {
    if (to?.url.pathname !== page.url.pathname) return;
    asked = readSearch(to.url.searchParams, given().currency);
    if (typing === undefined) text = own = asked.q;
  });
  afterNavigate(() => (asked = null));

  $effect(() => () => clearTimeout(typing));

  function show(change: Partial<Search>, is_typed = false) {
    clearTimeout(typing);
    typing = undefined;
    is_resting = true;
    const q = read.ok ? text.trim() : latest.q;
    own = q;
    // A word typed in several bursts is one step back, not several.
    const replace = is_typed && was_typed;
    was_typed = is_typed;
    asked = { ...latest, q, ...change };
    void goto(searchHref(asked), { reset: false, replace });
  }

  /** The typing has rested: shows what the text finds, unless it finds that already. */
  function settle() {
    typing = undefined;
    is_resting = true;
    if (!is_held && read.ok && text.trim() !== latest.q) show({}, true);
  }

  return {
    get text() {
      return text;
    },
    get query() {
      return query;
    },
    /** What is wrong with the text. */
    get error() {
      return error;
    },
    get is_resting() {
      return is_resting;
    },
    get search() {
      return given();
    },
    get latest() {
      return latest;
    },
    /** The box's text is another; its results are shown once the typing rests. */
    write(value: string) {
      text = value;
      is_resting = false;
      clearTimeout(typing);
      typing = setTimeout(settle, TYPING_MS);
    },
    /** Results wait while a value is chosen from a list. */
    hold(is_choosing: boolean) {
      const was_held = is_held;
      is_held = is_choosing;
      if (was_held && !is_choosing && typing === undefined) typing = setTimeout(settle, TYPING_MS);
    },
    /** The panel says another query; its results are shown now. */
    set(next: Query) {
      text = writeQuery(next);
      show({});
    },
    /** Hours, an order or weights were chosen; a slider's steps are one step back. */
    choose(change: Partial<Search>, is_sliding = false) {
      show(change, is_sliding);
    },
    /** Kept in this browser; the page is loaded anew by it. */
    chooseCurrency(currency: string) {
      document.cookie = `${CURRENCY_COOKIE}=${currency}; path=/; max-age=${YEAR_S}; samesite=lax`;
      void invalidate('live:market');
    },
    /** Where the address of another query leads. */
    hrefOf: (next: Query) => searchHref({ ...latest, q: writeQuery(next) }),
    hrefWith: (change: Partial<Search>) => searchHref({ ...latest, ...change }),
    submit(event: SubmitEvent) {
      event.preventDefault();
      if (read.ok) show({});
      else is_resting = true;
    },
  };
}

export type Searching = ReturnType<typeof makeSearching>;
