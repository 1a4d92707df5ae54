import type { AccountActor } from '../lib/actor.ts';
import { makeThread } from '../lib/thread.ts';

interface Side {
  name: string;
  lines: string[];
}

/** What a paper says, in the words and amounts that are printed. */
export interface Print {
  title: string;
  number: string;
  issued_at: string;
  from: Side;
  to: Side;
  facts: { label: string; text: string }[];
  lines: { text: string; detail: string; amount: string }[];
  totals: { label: string; amount: string; strong: boolean }[];
  notes: string[];
  /** Where its two sides see it; the code on it leads there. */
  url: string;
}

const ask = makeThread<Print, Uint8Array>(new URL('paper-pdf-thread.ts', import.meta.url));

/** A paper as PDF, the same bytes each time. */
export const printPaper = (
  asker: Pick<AccountActor, 'acting_for'>,
  paper: Print,
): Promise<Uint8Array> => ask(asker, paper);
