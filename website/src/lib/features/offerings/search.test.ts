import { expect, test } from 'vitest';
import { chipsOf, clearedHref } from './chips.ts';
import { readSearch } from './read-search.ts';
import { hrefFor, readDraft } from './search.ts';

const draftOf = (text: string) => readDraft(new URLSearchParams(text));

test('a search that is read from an address writes the same address', () => {
  const text =
    '?q=h100+oslo&min_memory_gib=64&sort=newest&view=table&kind=gpu&kind=compute&country=NO' +
    '&in_stock=1&hours=168';
  expect(hrefFor(draftOf(text))).toBe(`/marketplace${text}`);
});

test('what the API would refuse is left out, and the rest is asked', () => {
  const address = new URLSearchParams(
    'kind=boat&kind=gpu&country=nl&hours=0&min_vcpus=x&max_hourly=%242&in_stock=yes&sort=luck&q=a' +
      '&currency=EUR&currency=USD&utm_source=mail',
  );
  const { query, draft } = readSearch(address);
  expect(query).toEqual({ q: 'kind:gpu country:NL a currency:EUR' });
  expect(hrefFor(draft)).toBe('/marketplace?q=a&currency=EUR&kind=gpu&country=NL');
});

test('each filter has a chip, and the address of a chip is the search without it', () => {
  const draft = draftOf('?kind=gpu&kind=storage&country=SE&hours=24&in_stock=1&sort=price_desc');
  const chips = chipsOf(draft);
  expect(chips.map(({ label }) => label)).toEqual([
    'GPU',
    'Storage',
    'Sweden',
    'for 1 day',
    'in stock',
  ]);
  expect(chips[0]?.href).toBe(
    '/marketplace?sort=price_desc&kind=storage&country=SE&in_stock=1&hours=24',
  );
  expect(clearedHref(draft)).toBe('/marketplace?sort=price_desc');
});
