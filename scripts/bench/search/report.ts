import { mib, ms, ratio, table, whole } from '../tables.ts';
import type { CaseRow, SearchFigures, Spread } from './measure.ts';

const spread = ({ p50_ms, p99_ms }: Spread): string[] => [ms(p50_ms), ms(p99_ms)];

const caseRow = ({ name, sort, together, deep, deepest, plain, ...first }: CaseRow): string[] => [
  name,
  `\`${sort}\``,
  ...spread(first),
  ...spread(together),
  ...spread(deep),
  whole(deepest),
  ...(plain === null ? ['', ''] : [ms(plain.plain_ms), ratio(plain.ours_ms, plain.plain_ms)]),
];

const casesOf = ({ cases }: SearchFigures): string =>
  table(
    [
      ...['search', 'sort', 'p50 ms', 'p99 ms', '4 clients p50 ms', '4 clients p99 ms'],
      ...['deep p50 ms', 'deep p99 ms'],
      ...['down to result', 'plain SQL ms', 'of plain SQL'],
    ],
    cases.map(caseRow),
  );

const edgesOf = ({ weights, facets, completion, mixed, edit_found }: SearchFigures): string =>
  table(
    ['what', 'p50 ms', 'p99 ms', 'aim of p99 ms'],
    [
      ['own weights over the whole market', ...spread(weights), '150'],
      ['all facets', ...spread(facets), '100'],
      ['completion', ...spread(completion), '20'],
      [
        `all searches above, ${mixed.clients} clients, ${whole(mixed.per_second)} a second`,
        ...spread(mixed),
        '',
      ],
      ['from the answer to an edit until a search finds it', ...spread(edit_found), '1,000'],
    ],
  );

const stormOf = ({ requests, stormed, storm }: SearchFigures): string =>
  table(
    ['signed requests', 'p50 ms', 'p99 ms', 'p99 of alone'],
    [
      ['alone', ...spread(requests), ratio(1, 1)],
      [
        `while ${storm.clients} clients search, ${whole(storm.per_second)} a second`,
        ...spread(stormed),
        ratio(stormed.p99_ms, requests.p99_ms),
      ],
    ],
  );

/** The section of docs/benchmarks.md on searches. */
export const searchOf = (search: SearchFigures): string => `## Search

A market of ${whole(search.offerings)} listed offerings as \`npm run seed\` makes it, nothing added,
over HTTP on one process with the website in it, from one client and from four at once, every search
another one than before. Each reply is a page of 25 with the
total and, for \`best\`, why each stands where it does. Deep pages are followed by their cursors.
Plain SQL is one query for the same rows of the first page, in the same process over HTTP, on a copy
with indexes made for these searches and FTS5 for the words; the run fails where both differ. The
aims: p99 under 50 ms for one client and under 100 ms for four, within 3 times plain SQL.

${casesOf(search)}

${edgesOf(search)}

${stormOf(search)}

Medians of three rounds, each alone and in the storm in turns (aim of the p99: within 2 times).

The index was built in ${whole(search.built_in_ms)} ms, ${whole(search.ready_ms)} ms until the first
answer. It holds ${mib(search.index_bytes)} MiB by its own count; the whole process
${mib(search.rss_bytes)} MiB.`;
