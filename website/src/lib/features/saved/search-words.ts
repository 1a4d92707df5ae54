import type { SearchSort } from '@berth/shared/market/schemas';
import type { SavedSearch } from '@berth/shared/saved/schemas';
import { hoursWords } from '#lib/hours.ts';

const sortWords: Record<SearchSort, string> = {
  best: 'best first',
  price: 'cheapest first',
  price_desc: 'most expensive first',
  newest: 'newest first',
  memory: 'most memory first',
  gpu_memory: 'most GPU memory first',
  reputation: 'best known providers first',
};

/** `For 1 month, cheapest first`. */
export const sentenceOf = ({
  hours,
  sort,
  weights,
}: Pick<SavedSearch, 'hours' | 'sort' | 'weights'>): string =>
  `For ${hoursWords(hours)}, ${sortWords[sort]}${
    sort === 'best' && weights !== '' ? ' by your own weights' : ''
  }`;
