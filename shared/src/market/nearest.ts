import { foldName } from './fold.ts';

/** Changes of one letter that make one word the other (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const swapped = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const MOST_CHANGES = 2;
const LONGEST_WORD = 40;

/** The name that somebody meant: one with that other word for it, or the least changed one. */
export function nearest<Name extends string>(
  text: string,
  names: readonly Name[],
  also: (name: Name) => readonly string[],
): Name | null {
  const said = foldName(text).slice(0, LONGEST_WORD);
  const most = Math.min(MOST_CHANGES, Math.floor(said.length / 3));
  let best: { name: Name; changes: number } | null = null;
  for (const name of names) {
    if (also(name).some((word) => foldName(word) === said)) return name;
    const changes = distance(said, foldName(name));
    if (changes <= most && changes < (best?.changes ?? Infinity)) best = { name, changes };
  }
  return best?.name ?? null;
}
