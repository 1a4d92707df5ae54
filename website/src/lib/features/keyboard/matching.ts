import { foldText } from '@berth/shared/market/fold';

/** A line of the palette: it leads somewhere, or does something. */
export interface Entry {
  id: string;
  label: string;
  detail?: string;
  href?: string;
  run?: () => unknown;
}

export interface Group {
  label: string;
  entries: readonly Entry[];
}

/** Those that have every word of a text, the ones that begin with it first. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const wanted = foldText(text.trim());
  const words = wanted.split(/\s+/);
  const found = entries.filter(({ label }) =>
    words.every((word) => foldText(label).includes(word)),
  );
  const begins = ({ label }: Entry) => foldText(label).startsWith(wanted);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}
