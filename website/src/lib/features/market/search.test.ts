import { describe, expect, test } from 'vitest';
import { fieldNames } from '@berth/shared/market/fields';
import { readQuery } from '@berth/shared/market/query';
import { writeQuery } from '@berth/shared/market/query-write';
import type { Query } from '@berth/shared/market/tree';
import { readingView, understand } from '@berth/shared/market/understand';
import { queryHref, readSearch, searchHref } from './address.ts';
import { chipsOf } from './chips.ts';
import {
  choicesOf,
  countOn,
  endsOf,
  flagOf,
  groups,
  isShown,
  setEnd,
  setFlag,
  setWords,
  toggleChoice,
  wordsOf,
} from './panel.ts';
import { getFilter } from '@berth/shared/market/filter';

const read = (text: string): Query => {
  const found = readQuery(text);
  if (!found.ok) throw new Error(found.error.message);
  return found.query;
};
const searchOf = (text: string) => readSearch(new URLSearchParams(text));

describe('the address of a search', () => {
  test('writes what it was read from, and leaves out what is so anyway', () => {
    const text = '?q=gpu%3AH100+oslo&sort=newest&hours=24&weights=cheapest&view=table';
    expect(searchHref(searchOf(text))).toBe(`/marketplace${text}`);
    expect(searchHref(searchOf('?sort=best&hours=720&weights=best_value&view=cards'))).toBe(
      '/marketplace',
    );
    expect(queryHref('gpu:H100')).toBe('/marketplace?q=gpu%3AH100');
    // Words may say another order, which the first one then takes back.
    expect(searchHref(searchOf('?q=cheap&sort=best'))).toBe('/marketplace?q=cheap&sort=best');
    expect(searchOf('?q=cheap').sort).toBeNull();
  });

  test('is as if what means nothing were not there', () => {
    const strange = '?sort=luck&hours=-1&weights=price:900&view=wall&q=%20%20';
    expect(searchHref(searchOf(strange))).toBe('/marketplace');
  });

  test('names weights that are a preset by its name', () => {
    const fastest =
      '?weights=price:5,throughput:60,memory:25,reputation:0,response:5,reliability:5';
    expect(searchOf(fastest).weights).toBe('fastest');
    expect(searchOf('?weights=price:7').weights).toBe(
      'price:7,throughput:0,memory:0,reputation:0,response:0,reliability:0',
    );
  });
});

describe('the panel', () => {
  test('has one place for every field that can be searched by', () => {
    expect(groups.flatMap(({ fields }) => fields).toSorted()).toEqual([...fieldNames].toSorted());
  });

  const pick = (text: string, ...picks: [Parameters<typeof toggleChoice>[1], string][]) =>
    writeQuery(
      picks.reduce((query, [name, value]) => toggleChoice(query, name, value), read(text)),
    );

  test('wants any of the values that are ticked, and leaves the rest of the text as it is', () => {
    expect(pick('oslo price:<2 kind:gpu', ['country', 'NL'], ['country', 'DE'])).toBe(
      'oslo price:<2 kind:gpu country:NL,DE',
    );
    expect(pick('country:NL,DE oslo', ['country', 'NL'])).toBe('country:DE oslo');
    expect(pick('country:NL oslo', ['country', 'NL'])).toBe('oslo');
  });

  test('wants all of the tags that are ticked', () => {
    expect(pick('', ['feature', 'IPv6'], ['feature', 'RAID'])).toBe('feature:IPv6 feature:RAID');
    expect(pick('feature:IPv6 feature:RAID', ['feature', 'IPv6'])).toBe('feature:RAID');
  });

  test('shows what is denied as left out, and a press takes that back', () => {
    const facets = [{ field: 'country', values: [{ value: 'HU', count: 3 }], range: null }];
    const choices = choicesOf('country', read('-country:HU'), facets);
    expect(choices).toEqual([{ value: 'HU', count: 3, label: 'Hungary', state: 'denied' }]);
    expect(pick('-country:HU,RO', ['country', 'HU'])).toBe('-country:RO');
    expect(pick('-country:HU', ['country', 'HU'])).toBe('');
    expect(pick('-country:HU', ['country', 'NL'])).toBe('country:NL');
  });

  test('ticks a value however it is written, and one that nothing has', () => {
    const facets = [{ field: 'gpu', values: [{ value: 'RTX 4090', count: 9 }], range: null }];
    const states = (text: string) =>
      choicesOf('gpu', read(text), facets).map(({ label, state }) => `${label} ${state}`);
    expect(states('gpu:rtx-4090')).toEqual(['RTX 4090 on']);
    expect(states('gpu:4090')).toEqual(['RTX 4090 on']);
    expect(states('gpu:H100')).toEqual(['H100 on', 'RTX 4090 off']);
  });

  test('shows and sets both ends of a range in the units that a query has', () => {
    const set = (text: string, side: 'from' | 'to', value: string) => {
      const next = setEnd(read(text), 'memory', side, value);
      return next.ok ? writeQuery(next.query) : next.message;
    };
    expect(set('oslo', 'from', '64')).toBe('oslo memory:>=64GB');
    expect(set('memory:>=64GB', 'to', '1tb')).toBe('memory:64GB..1TB');
    expect(set('memory:64GB..1TB oslo', 'from', '')).toBe('memory:<=1TB oslo');
    expect(set('memory:8GB', 'to', '16GB')).toBe('memory:8GB..16GB');
    expect(set('memory:<16GB', 'to', '8GB')).toBe('memory:<8GB');
    expect(set('memory:>=64GB', 'to', '8GB')).toBe('The most is less than the least.');
    expect(set('', 'from', 'much')).toMatch(/^memory takes a number/);
    expect(endsOf('price', read('price:<2.50')).to).toEqual({ text: '2.5', strict: true });
  });

  test('sets flags and words, and takes them back', () => {
    const flagged = setFlag(read('oslo'), 'on_chain', true);
    expect(writeQuery(flagged)).toBe('oslo on_chain:yes');
    expect(flagOf('on_chain', flagged)).toBe(true);
    expect(flagOf('on_chain', read('on_chain:no'))).toBe(false);
    expect(writeQuery(setFlag(flagged, 'on_chain', false))).toBe('oslo');
    const worded = setWords(read('oslo'), 'cpu', 'EPYC 9654');
    expect(writeQuery(worded)).toBe('oslo cpu:"EPYC 9654"');
    expect(wordsOf('cpu', worded)).toBe('EPYC 9654');
    expect(writeQuery(setWords(worded, 'cpu', ' '))).toBe('oslo');
  });

  test('leaves to the text what only the text can say', () => {
    const query = read('gpu_count:2,4 (country:NL -country:DE)');
    expect(isShown('gpu_count', getFilter(query, 'gpu_count'))).toBe(false);
    expect(countOn(query, ['gpu_count', 'gpu'])).toBe(1);
  });
});

describe('the chips', () => {
  const labels = (text: string) => chipsOf(read(text)).map(({ label }) => label);

  test('say each thing that is asked in words', () => {
    expect(
      labels(
        'gpu:H100 gpu_count:>=4 price:<2.5 country:(NL or DE) -provider:acme "liquid cooled" fast' +
          ' vcpus:16..32 memory:>=64GB unmetered:yes currency:EUR',
      ),
    ).toEqual([
      'H100',
      'GPUs 4 or more',
      'vCPUs 16 to 32',
      'Memory 64 GB or more',
      'Unmetered',
      'Netherlands',
      'Germany',
      'Price an hour under 2.5',
      'in EUR',
      'not by acme',
      '“liquid cooled”',
      '“fast”',
    ]);
    expect(labels('commitment:spot or price:<0.50')).toEqual(['commitment:spot or price:<0.5']);
    expect(labels('')).toEqual([]);
  });

  const understood = (text: string) => understand(read(text)).readings.map(readingView);
  const said = (text: string) => chipsOf(read(text), understood(text));

  test('say what words were understood as, and nothing of small words', () => {
    const text = 'cheap rtx 4090 24gb in europe oslo amd not in the us';
    expect(said(text).map((chip) => [chip.said?.words, chip.label])).toEqual([
      ['cheap', 'Lowest price first'],
      ['rtx 4090', 'GPU: RTX 4090'],
      ['24gb', 'GPU memory 24 GB or more'],
      ['europe', 'Region: Europe'],
      ['amd', 'GPU maker AMD or Processor EPYC, Ryzen, Threadripper, AMD'],
      ['in the us', 'Country: not United States'],
      [undefined, '“oslo”'],
    ]);
    expect(said('the').map(({ label }) => label)).toEqual(['“the”']);
  });

  test('take words back by quotes, or out, wherever they stand', () => {
    const both = (text: string) =>
      said(text).map((chip) => [
        chip.said && writeQuery(chip.said.quoted),
        writeQuery(chip.without),
      ]);
    expect(both('cheap rtx 4090 oslo')).toEqual([
      ['"cheap" rtx 4090 oslo', 'rtx 4090 oslo'],
      ['cheap "rtx 4090" oslo', 'cheap oslo'],
      [undefined, 'cheap rtx 4090'],
    ]);
    expect(both('not in north america')).toEqual([['-"north america"', '']]);
    expect(both('vps or storage fast').slice(0, 2)).toEqual([
      ['"vps" or storage fast', 'storage fast'],
      ['vps or "storage" fast', 'vps or fast'],
    ]);
    expect(understood('"cheap" "rtx 4090" oslo')).toEqual([]);
  });

  test('each lead to the query without it', () => {
    const text = 'country:NL,DE kind:gpu "liquid cooled" fast (kind:gpu or vcpus:4)';
    const without = chipsOf(read(text)).map((chip) => writeQuery(chip.without));
    expect(without).toEqual([
      'country:NL,DE "liquid cooled" fast (kind:gpu or vcpus:4)',
      'country:DE kind:gpu "liquid cooled" fast (kind:gpu or vcpus:4)',
      'country:NL kind:gpu "liquid cooled" fast (kind:gpu or vcpus:4)',
      'country:NL,DE kind:gpu fast (kind:gpu or vcpus:4)',
      'country:NL,DE kind:gpu "liquid cooled" (kind:gpu or vcpus:4)',
      'country:NL,DE kind:gpu "liquid cooled" fast',
    ]);
  });
});
