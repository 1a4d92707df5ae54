/** What may be typed next, with how many listed offerings have it. */
import { foldText } from '@berth/shared/market/fold';
import { regionWords } from '@berth/shared/market/regions';
import { countryName } from '@berth/shared/offerings/catalogue';
import type { Dictionary } from './dictionary.ts';
import type { CompleteAsk, Completion } from './index-port.ts';
import { fieldChoices, tagNames, type Table } from './table.ts';
import { tokensOf } from './tokens.ts';
import { idsWith } from './words.ts';

/** Fields whose values are texts by themselves. */
const phraseNames = [...fieldChoices, ...tagNames, 'cpu', 'city'] as const;

/** A value, and the texts by which it is found. */
type Named = [value: string, ...texts: string[]];

export function complete(table: Table, { field, prefix, limit }: CompleteAsk): Completion[] {
  const found = field === null ? wordsWith(table, prefix) : valuesWith(table, field, prefix);
  return found
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
}

/** None for several words: a completion replaces all that was typed. */
function wordsWith({ words }: Table, prefix: string): Completion[] {
  const [word, ...more] = tokensOf(prefix);
  if (word === undefined || more.length > 0) return [];
  return idsWith(words, word).map((id) => ({
    value: words.spelling.spelt[id]!,
    count: words.counts[id]!,
  }));
}

function valuesWith({ dictionaries: all }: Table, field: string, prefix: string): Completion[] {
  switch (field) {
    case 'gpu':
      return pick(all.gpu, prefix, ({ name, aliases }) => [name, ...aliases]);
    case 'gpu_vendor':
      return vendorsWith(all.gpu, prefix);
    case 'country':
      return pick(all.country, prefix, ({ text }) => [text, countryName(text)]);
    case 'region':
      return regionsWith(all.country, prefix);
    case 'provider':
      return pick(all.provider, prefix, ({ handle, display_name }) => [handle, display_name]);
    default: {
      const name = phraseNames.find((one) => one === field);
      return name === undefined ? [] : pick(all[name], prefix, ({ text }) => [text]);
    }
  }
}

/** A text matches by a prefix of itself or of one of its words. */
function begins(text: string, prefix: string): boolean {
  const folded = foldText(text);
  return (
    folded.startsWith(prefix) || folded.includes(` ${prefix}`) || folded.includes(`-${prefix}`)
  );
}

function pick<T>(
  { items, counts }: Dictionary<T>,
  prefix: string,
  namesOf: (item: T) => Named,
): Completion[] {
  const wanted = foldText(prefix).trim();
  return items.flatMap((item, code) => {
    const count = counts[code]!;
    if (item === null || count === 0) return [];
    const names = namesOf(item);
    return names.some((name) => begins(name, wanted)) ? [{ value: names[0], count }] : [];
  });
}

function vendorsWith({ items, counts }: Table['dictionaries']['gpu'], prefix: string) {
  const wanted = foldText(prefix).trim();
  const found = new Map<string, number>();
  items.forEach((item, code) => {
    const vendor = item?.vendor ?? null;
    if (vendor === null || !begins(vendor, wanted)) return;
    found.set(vendor, (found.get(vendor) ?? 0) + counts[code]!);
  });
  return [...found].map(([value, count]) => ({ value, count }));
}

function regionsWith({ items, counts }: Table['dictionaries']['country'], prefix: string) {
  const wanted = foldText(prefix).trim();
  const found = new Map<string, number>();
  items.forEach((item, code) => {
    for (const region of item?.regions ?? []) {
      if (!begins(region, wanted) && !begins(regionWords[region], wanted)) continue;
      found.set(region, (found.get(region) ?? 0) + counts[code]!);
    }
  });
  return [...found].map(([value, count]) => ({ value, count }));
}
