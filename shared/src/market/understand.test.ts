import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countries } from '../offerings/catalogue.ts';
import { runs } from '../runs-node.ts';
import { findPhrase, phrasesIn, phraseTable, sortTable, systems } from './phrases.ts';
import { MAX_QUERY_LENGTH, readQuery } from './query.ts';
import { writeQuery } from './query-write.ts';
import { regionWords } from './regions.ts';
import { isSmallWord } from './small-words.ts';
import type { Query } from './tree.ts';
import { currencySaid, readingView, sortSaid, understand } from './understand.ts';

const read = (text: string): Query => {
  const found = readQuery(text);
  if (!found.ok) throw new Error(`${text}: ${found.error.message}`);
  return found.query;
};
const meant = (text: string) => understand(read(text));
const searchedBy = (text: string): string => writeQuery(meant(text).query);

const rows = phraseTable.flatMap(([means, said]) =>
  phrasesIn(said).map((phrase) => ({ phrase, means })),
);
const places = [
  ...countries().map(({ code, name }) => ({ phrase: name, means: `country:${code}` })),
  ...Object.entries(regionWords).map(([name, label]) => ({
    phrase: label,
    means: `region:${name}`,
  })),
].filter(({ phrase }) => readQuery(phrase).ok && !/[("]|\b(?:and|or|not)\b/i.test(phrase));

describe('the table of phrases', () => {
  test.each(rows)('reads “$phrase” as $means, also in capitals and with hyphens', (row) => {
    const { phrase, means } = row;
    expect(searchedBy(phrase)).toBe(writeQuery(read(means)));
    expect(searchedBy(phrase.toUpperCase())).toBe(writeQuery(read(means)));
    expect(searchedBy(phrase.replaceAll(' ', '-'))).toBe(writeQuery(read(means)));
  });

  test('reads every country, region and system by its name', () => {
    for (const { phrase, means } of places) {
      expect([phrase, searchedBy(phrase)]).toEqual([phrase, means]);
    }
    for (const name of systems) {
      expect([name, searchedBy(name)]).toEqual([name, writeQuery(read(`os:"${name}"`))]);
    }
    expect(places.length).toBeGreaterThan(240);
  });

  test.each(sortTable.flatMap(([sort, said]) => phrasesIn(said).map((phrase) => [phrase, sort])))(
    'reads “%s” as an order alone: %s',
    (phrase, sort) => {
      expect(searchedBy(`${phrase} gpu`)).toBe('kind:gpu');
      expect(sortSaid(meant(`${phrase} gpu`))).toBe(sort);
    },
  );

  test('says each phrase once, and none that is nothing but small words', () => {
    const all = [
      ...rows.map(({ phrase }) => phrase),
      ...sortTable.flatMap(([, said]) => phrasesIn(said)),
    ];
    expect(all.filter((phrase, at) => all.indexOf(phrase) !== at)).toEqual([]);
    for (const phrase of all) {
      expect(findPhrase(phrase.split(' '))).not.toBeNull();
      expect(phrase.split(' ').every(isSmallWord)).toBe(false);
    }
  });
});

describe('plain words', () => {
  test.each([
    ['GPUs', 'kind:gpu'],
    ['cuda 12', 'os:"CUDA 12"'],
    ['rtx 4090 24gb', 'gpu:"RTX 4090" gpu_memory:>=24GB'],
    ['RTX-4090', 'gpu:"RTX 4090"'],
    ['4090', 'gpu:"RTX 4090"'],
    ['2000', '2000'],
    ['nvidia h100 in us', 'gpu:H100 country:US'],
    ['h100 sxm', 'gpu:"H100 SXM"'],
    ['h100 a100', 'gpu:H100,A100'],
    ['8x H100', 'gpu:H100 gpu_count:8'],
    ['h100 x8', 'gpu:H100 gpu_count:8'],
    ['8 gpus', 'kind:gpu gpu_count:8'],
    ['titan rtx', 'gpu:"Titan RTX"'],
    ['web hosting', 'kind:hosting'],
    ['cheap gpu in europe', 'kind:gpu region:europe'],
    ['gpu germany france', 'kind:gpu country:DE,FR'],
    ['gpu europe germany', 'kind:gpu country:DE'],
    ['dedicated storage', 'kind:dedicated,storage'],
    ['vps with gpu', 'kind:gpu'],
    ['vps server', 'kind:compute'],
    ['ubuntu 24.04 server', 'kind:gpu,compute,dedicated os:"Ubuntu 24.04"'],
    ['24gb', 'memory:>=24GB'],
    ['vps 8 gb', 'kind:compute memory:>=8GB'],
    ['storage 500gb', 'kind:storage disk:>=500GB'],
    ['80 gb vram', 'gpu_memory:>=80GB'],
    ['at least 24 gb of gpu memory', 'gpu_memory:>=24GB'],
    ['ram under 64gb', 'memory:<64GB'],
    ['500gb ssd', 'disk_kind:ssd,nvme disk:>=500GB'],
    ['10tb traffic', 'traffic:>=10TB'],
    ['2tb', 'disk:>=2TB'],
    ['10 gbps', 'uplink:>=10Gbit'],
    ['16+ cores', 'vcpus:>=16'],
    ['under $2', 'price:<2'],
    ['under $1,000 per month', 'monthly:<1000'],
    ['$1,000/mo', 'monthly:<=1000'],
    ['vps under 10 euros', 'kind:compute monthly:<10'],
    ['gpu max 2 usd an hour', 'kind:gpu price:<=2'],
    ['4090 monthly', 'gpu:"RTX 4090"'],
    ['in stock h100', 'gpu:H100 stock:>=1'],
    ['not europe', '-region:europe'],
    ['-gpu', '-kind:gpu'],
    ['server without gpu', 'kind:gpu,compute,dedicated -kind:gpu'],
    ['no nvidia', '-gpu_vendor:nvidia'],
    ['no waiting', 'auto_accept:yes'],
    ['no', 'no'],
    ['gpu GPU gpus', 'kind:gpu'],
    ['1,5 gb ram', 'memory:>=1536MB'],
    ['-rtx 4090 gpu', 'kind:gpu -gpu:"RTX 4090"'],
    ['-cheap', '-cheap'],
    ['vps or dedicated', 'kind:compute,dedicated'],
    ['gpu (europe or asia)', 'kind:gpu region:europe,asia'],
    ['-(gpu europe)', '-(kind:gpu region:europe)'],
    ['"gpu"', '"gpu"'],
    ['"rtx 4090" kind:gpu', '"rtx 4090" kind:gpu'],
    ['liquid cooled in oslo', 'liquid cooled oslo'],
    ['the', 'the'],
    ['not in north america', '-region:north_america'],
    ['gpu not in the us', 'kind:gpu -country:US'],
    ['not in the oslo', '-oslo'],
    ['Öresund 欧洲 سيرفر', 'Öresund 欧洲 سيرفر'],
    ['ＧＰＵ', 'kind:gpu'],
    ['chad jordan', 'country:TD,JO'],
    ['between $1 and $2', 'price:1..2'],
    ['gpu between 2 and 1 usd an hour', 'kind:gpu price:1..2'],
    ['between 1 and 2', 'between 1 2'],
    ['between $1 and €2', 'price:<=1 price:<=2 between'],
    ['vps $5-$10', 'kind:compute monthly:5..10'],
    ['1-2 usd', 'price:1..2'],
    ['10 to 20 euro a month', 'monthly:10..20'],
    ['1-2', '1-2'],
    ['gpu 16-24gb', 'kind:gpu gpu_memory:16GB..24GB'],
    ['1.000 €', '1.000'],
    ['$1.125', 'price:<=1.125'],
    ['24g', 'memory:>=24GB'],
    ['rtx 4090 24g', 'gpu:"RTX 4090" gpu_memory:>=24GB'],
    ['80g vram', 'gpu_memory:>=80GB'],
    ['10g', '10g'],
    ['10g uplink', 'uplink:>=10Gbit'],
    ['h100/a100', 'gpu:H100,A100'],
    ['h100/fp16', 'h100/fp16'],
    ['h100s', 'gpu:H100'],
    ['l40s', 'gpu:L40S'],
    ['dual 4090', 'gpu:"RTX 4090" gpu_count:2'],
    ['two gpus', 'kind:gpu gpu_count:2'],
    ['h100 for 3 days', 'gpu:H100 min_hours:<=3d max_hours:>=3d'],
    ['gpu for a week', 'kind:gpu min_hours:<=1w max_hours:>=1w'],
    ['$5 a month', 'monthly:<=5'],
    ['12h', '12h'],
  ])('are what people mean by them: %s', (text, query) => {
    expect(searchedBy(text)).toBe(query);
  });

  test('say in which currency their amount is', () => {
    expect(
      ['under $2', 'under €2', '5 pounds', 'max 2 chf', 'under 2 an hour'].map((text) =>
        currencySaid(meant(text)),
      ),
    ).toEqual(['USD', 'EUR', 'GBP', 'CHF', null]);
  });

  test('are told one by one, with the words that each was made of', () => {
    expect(meant('cheap rtx 4090 not in north america').readings.map(readingView)).toEqual([
      { text: 'cheap', query: null, sort: 'price' },
      { text: 'rtx 4090', query: 'gpu:"RTX 4090"', sort: null },
      { text: 'in north america', query: '-region:north_america', sort: null },
    ]);
    expect(meant('not north america').readings.map(readingView)).toEqual([
      { text: 'north america', query: '-region:north_america', sort: null },
    ]);
    expect(meant('"gpu" oslo').readings).toEqual([]);
  });

  test('are still there as words, but for the small ones, to be tried where nothing is meant', () => {
    expect(writeQuery(meant('gpu in oslo').plain ?? read(''))).toBe('gpu oslo');
    expect(meant('oslo liquid').plain).toBeNull();
  });

  test('whatever they are and however many, are read at once and into a query that reads', () => {
    const some = fc.oneof(
      fc.constantFrom('gpu', 'rtx', '4090', 'in', 'not', 'or', '24gb', '$2', 'under', 'north', '+'),
      fc.constantFrom('america', '-', '8x', 'cheap', 'a100', 'per', 'month', 'ssd', '(', ')', '"'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), (words) => {
        const found = readQuery(words.join(' ').slice(0, MAX_QUERY_LENGTH));
        fc.pre(found.ok);
        const { query, readings } = understand(found.query);
        expect(readQuery(writeQuery(query))).toEqual({ ok: true, query });
        const quoted = readings.map((one) => readingView(one).text);
        for (const text of quoted) expect(writeQuery(found.query)).toContain(text.split(' ')[0]);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
