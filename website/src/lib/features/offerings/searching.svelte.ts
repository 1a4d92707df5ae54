import { tick } from 'svelte';
import { goto } from '$app/navigation';
import { hrefFor, type Draft } from './search.ts';

const TYPING_MS = 350;

/**
 * The marketplace's form: what is chosen in it, and the way to the address that has it. `given` is
 * what the page was loaded with; it wins whenever nothing is being typed.
 */
export function makeSearching(given: () => Draft) {
  const draft = $state<Draft>(structuredClone(given()));
  let typing: ReturnType<typeof setTimeout> | undefined;
  let wasTyped = false;

  $effect.pre(() => {
    const loaded = given();
    if (typing === undefined) Object.assign(draft, structuredClone(loaded));
  });

  $effect(() => () => clearTimeout(typing));

  function show(isTyped: boolean) {
    clearTimeout(typing);
    typing = undefined;
    // A word typed in several bursts is one step back, not several.
    const replace = isTyped && wasTyped;
    wasTyped = isTyped;
    void goto(hrefFor($state.snapshot(draft)), { reset: false, replace });
  }

  return {
    draft,
    /** Something was chosen: its results are shown now. */
    chosen: () => void tick().then(() => show(false)),
    /** Something is being typed: its results are shown once the typing rests. */
    typed() {
      clearTimeout(typing);
      typing = setTimeout(() => show(true), TYPING_MS);
    },
    submit(event: SubmitEvent) {
      event.preventDefault();
      show(false);
    },
  };
}

export type Searching = ReturnType<typeof makeSearching>;
