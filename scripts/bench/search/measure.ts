/** Searches over HTTP on one process, beside plain SQL for the same rows in the same process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { endpoints } from '@berth/shared/endpoints';
import { addressOf } from '@berth/shared/endpoint';
import { market as searching } from '@berth/shared/market/endpoints';
import { criteria, type SearchReply, type SearchSort } from '@berth/shared/market/schemas';
import { offeringInput, type OfferingView } from '@berth/shared/offerings/schemas';
import { PAGE_SIZE } from '@berth/shared/fields';
import { makeDraw, type Draw } from '../../seed/large/draw.ts';
import { fire, median, quantile, type Figures, type Shot } from '../load.ts';
import { makeMarket, requestShots, type Market } from '../market.ts';
import { startServer } from '../start.ts';
import { searchCases, type Search, type SearchCase } from './cases.ts';
import { layMarket } from './market-file.ts';
import { plainQuery } from './plain-sql.ts';

/** How much is measured; the smoke test takes little of each. */
export interface Scale {
  offerings: number;
  /** Different searches of each kind. */
  shots: number;
  /** Pages that are walked; the last half are the deep ones. */
  pages: number;
  /** Searches that plain SQL answers too. */
  plain: number;
  edits: number;
  /** Of one round. */
  requests: number;
  /** Whether the website is in the process, as `make start` has it. */
  website: boolean;
}

export interface Spread {
  p50_ms: number;
  p99_ms: number;
}

export interface CaseRow extends Spread {
  name: string;
  sort: SearchSort;
  /** The same from several clients at once. */
  together: Spread;
  deep: Spread;
  /** How far down the deepest page began. */
  deepest: number;
  /** Medians of the same searches; null where no plain query ranks so. */
  plain: { ours_ms: number; plain_ms: number } | null;
}

export interface SearchFigures {
  offerings: number;
  built_in_ms: number;
  index_bytes: number;
  rss_bytes: number;
  ready_ms: number;
  cases: CaseRow[];
  weights: Spread;
  facets: Spread;
  completion: Spread;
  mixed: Spread & { clients: number; per_second: number };
  edit_found: Spread;
  requests: Spread;
  stormed: Spread;
  storm: { clients: number; per_second: number };
}

const SEED = 7;
const RENTERS = 24;
const EDITED = 8;
const STORM_CLIENTS = 4;
const STORM_ROUNDS = 3;
const REQUEST_CLIENTS = 4;
const READY_WITHIN_MS = 300_000;
const FOUND_WITHIN_MS = 30_000;
/** No measurement takes longer than this; of fewer than a hundred searches a p99 is the worst. */
const STEP_MS = 8_000;

const json = { 'content-type': 'application/json' };
const get = (path: string): Shot => ({ method: 'GET', path });

const searchShot = (
  { q, hours }: Search,
  sort: SearchSort,
  more: { cursor?: string; weights?: string } = {},
): Shot => get(addressOf(searching.search, { query: { q, hours, sort, ...more } }));

const spreadOf = ({ p50_ms, p99_ms }: Figures): Spread => ({ p50_ms, p99_ms });

const repeat = <T>(count: number, make: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => make(nth));

/** Sends the shots one after another, each measured; a few go ahead to warm up. */
async function alone(origin: string, shots: readonly Shot[]): Promise<Figures> {
  const limits = { clients: 1, within_ms: STEP_MS };
  await fire(origin, shots.slice(0, Math.ceil(shots.length / 10)), limits);
  return fire(origin, shots, limits);
}

/** Follows the cursors of one search; answers how long the last half of its pages took. */
async function walk(origin: string, search: Search, sort: SearchSort, pages: number) {
  const took_ms: number[] = [];
  let cursor: string | null = null;
  const started = performance.now();
  do {
    const shot = searchShot(search, sort, cursor === null ? {} : { cursor });
    const { bodies, p50_ms } = await fire(origin, [shot], { clients: 1 });
    took_ms.push(p50_ms);
    cursor = (JSON.parse(bodies[0] ?? '') as SearchReply).next_cursor;
  } while (cursor !== null && took_ms.length < pages && performance.now() - started < STEP_MS);
  const deep = took_ms.slice(Math.floor(took_ms.length / 2));
  return {
    deep: { p50_ms: quantile(deep, 0.5), p99_ms: quantile(deep, 0.99) },
    deepest: (took_ms.length - 1) * PAGE_SIZE,
  };
}

const idsOf = (body: string): string[] =>
  (JSON.parse(body) as { items: { id: string }[] }).items.map(({ id }) => id);

/** The same searches by both; throws where they do not find the same rows in the same order. */
async function beside(origin: string, { name, sort }: SearchCase, searches: readonly Search[]) {
  const queries = searches.flatMap((search) => plainQuery(search, sort, PAGE_SIZE) ?? []);
  if (queries.length === 0) return null;
  const ours = await alone(
    origin,
    searches.map((search) => searchShot(search, sort)),
  );
  const plain = await alone(
    origin,
    queries.map((sql) => {
      const body = JSON.stringify({ sql });
      return { method: 'POST', path: '/api/v1/plain-sql', headers: json, body };
    }),
  );
  for (const [at, body] of plain.bodies.entries()) {
    const [found, expected] = [idsOf(ours.bodies[at] ?? body), idsOf(body)];
    if (found.join() !== expected.join()) {
      const { q, hours } = searches[at] as Search;
      throw new Error(`${name} by ${sort}: ${q} for ${hours} h is not what SQL finds`);
    }
  }
  return { ours_ms: ours.p50_ms, plain_ms: plain.p50_ms };
}

async function measureCase(origin: string, one: SearchCase, scale: Scale, draw: Draw) {
  const searches = repeat(scale.shots, () => one.ask(draw));
  const first = await alone(
    origin,
    searches.map((search) => searchShot(search, one.sort)),
  );
  const together = await fire(
    origin,
    repeat(scale.shots, () => searchShot(one.ask(draw), one.sort)),
    { clients: STORM_CLIENTS, within_ms: STEP_MS },
  );
  const deep = await walk(origin, one.ask(draw), one.sort, scale.pages);
  const plain = await beside(
    origin,
    one,
    repeat(scale.plain, () => one.ask(draw)),
  );
  const { name, sort } = one;
  const said = { name, sort, ...spreadOf(first), together: spreadOf(together) };
  return { ...said, ...deep, plain } satisfies CaseRow;
}

/** Weights that nobody has used before. */
const anyWeights = (draw: Draw): string =>
  criteria.map((name) => `${name}:${1 + draw.below(100)}`).join(',');

const prefixes = [
  ...['g', 'gp', 'gpu:', 'gpu:h', 'gpu:rtx 4', 'coun', 'country:n', 'city:', 'city:am', 'li'],
  ...['inf', 'liquid c', 'tra', 'provider:', 'provider:ba', 'os:u', 'feature:', 'k', 'ra', 'de'],
];

async function measureEdges(origin: string, scale: Scale, draw: Draw) {
  const everything = () => (searchCases[0] as SearchCase).ask(draw);
  const weights = repeat(scale.shots, () =>
    searchShot(everything(), 'best', { weights: anyWeights(draw) }),
  );
  const facets = repeat(scale.shots, (nth) => {
    const { q, hours } = (searchCases[nth % searchCases.length] as SearchCase).ask(draw);
    return get(addressOf(searching.facets, { query: { q, hours } }));
  });
  const completions = repeat(scale.shots, (nth) => {
    const q = `kind:gpu ${prefixes[nth % prefixes.length] ?? ''}`;
    return get(addressOf(searching.completions, { query: { q } }));
  });
  return {
    weights: spreadOf(await alone(origin, weights)),
    facets: spreadOf(await alone(origin, facets)),
    completion: spreadOf(await alone(origin, completions)),
  };
}

const mixedShots = (count: number, draw: Draw): Shot[] =>
  repeat(count, (nth) => {
    const one = searchCases[nth % searchCases.length] as SearchCase;
    return searchShot(one.ask(draw), one.sort);
  });

/** From the answer to a provider's edit until a search finds what it says now. */
async function measureEdits({ origin, provider, offerings }: Market, edits: number) {
  const took_ms: number[] = [];
  for (let nth = 0; nth < edits; nth += 1) {
    const before = offerings[1 + (nth % (offerings.length - 1))] as OfferingView;
    const params = { offering_id: before.id };
    const { version } = await provider.ask(endpoints.offerings.getOwn, { params });
    const word = `edited${nth}x${process.pid}`;
    const offering = z.encode(
      offeringInput,
      offeringInput.parse({ ...before, title: `${before.title} ${word}` }),
    );
    await provider.ask(endpoints.offerings.change, { params, body: { version, offering } });
    const answered = performance.now();
    const look = searchShot({ q: word, hours: 24, where: '' }, 'newest');
    for (let found = 0; found === 0;) {
      if (performance.now() - answered > FOUND_WITHIN_MS) throw new Error('An edit is not found');
      const { bodies } = await fire(origin, [look], { clients: 1 });
      found = (JSON.parse(bodies[0] ?? '') as SearchReply).total;
    }
    took_ms.push(performance.now() - answered);
  }
  return { p50_ms: quantile(took_ms, 0.5), p99_ms: quantile(took_ms, 0.99) };
}

/** Calls back while others search without a pause; answers how many searches they made a second. */
async function inStorm(origin: string, draw: Draw, call: () => Promise<void>): Promise<number> {
  const storm = { asked: 0, on: true };
  const started = performance.now();
  const blow = async () => {
    while (storm.on) {
      const some = mixedShots(searchCases.length * 2, draw);
      await fire(origin, some, { clients: STORM_CLIENTS });
      storm.asked += some.length;
    }
  };
  const blowing = blow();
  // What goes wrong first is told, not what follows from it.
  blowing.catch(() => (storm.on = false));
  await call();
  storm.on = false;
  await blowing;
  return storm.asked / ((performance.now() - started) / 1_000);
}

/** Signed requests by themselves and in a storm of searches, in turns that share the weather. */
async function measureStorm(market: Market, { requests }: Scale, draw: Draw) {
  const { origin } = market;
  const clients = REQUEST_CLIENTS;
  const alone: Figures[] = [];
  const stormed: Figures[] = [];
  const rates: number[] = [];
  await fire(origin, await requestShots(market, requests), { clients });
  for (let round = 0; round < STORM_ROUNDS; round += 1) {
    alone.push(await fire(origin, await requestShots(market, requests), { clients }));
    const shots = await requestShots(market, requests);
    const send = async () => void stormed.push(await fire(origin, shots, { clients }));
    rates.push(await inStorm(origin, draw, send));
  }
  const middle = (rounds: readonly Figures[]): Spread => ({
    p50_ms: median(rounds.map(({ p50_ms }) => p50_ms)),
    p99_ms: median(rounds.map(({ p99_ms }) => p99_ms)),
  });
  return {
    requests: middle(alone),
    stormed: middle(stormed),
    storm: { clients: STORM_CLIENTS, per_second: median(rates) },
  };
}

/** Resolves with the milliseconds until the first search is answered. */
async function waitForIndex(origin: string): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < READY_WITHIN_MS) {
    const { ok } = await fetch(`${origin}/api/v1/offerings`);
    if (ok) return performance.now() - started;
  }
  throw new Error('The index was not built in time');
}

const statsReply = z.object({
  offerings: z.number(),
  bytes: z.number(),
  built_in_ms: z.number(),
  rss_bytes: z.number(),
});

async function readStats(origin: string): Promise<z.output<typeof statsReply>> {
  const reply = await fetch(`${origin}/api/v1/search-index`);
  return statsReply.parse(await reply.json());
}

export async function measureSearch(
  scale: Scale,
  say: (text: string) => void,
  keep = tmpdir(),
): Promise<SearchFigures> {
  const data_dir = mkdtempSync(join(tmpdir(), 'berth-bench-search-'));
  const draw = makeDraw(SEED);
  try {
    say(`laying down a market of ${scale.offerings.toLocaleString('en')} …`);
    layMarket(data_dir, scale.offerings, keep);
    const { origin, stop } = await startServer(
      data_dir,
      scale.website ? {} : { WEBSITE_BUILD: 'off' },
    );
    try {
      say('building the index …');
      const ready_ms = await waitForIndex(origin);
      const { offerings, built_in_ms, bytes, rss_bytes } = await readStats(origin);
      // The first case would else be the one that compiles what all use.
      await fire(origin, mixedShots(scale.shots, draw), { clients: 1, within_ms: STEP_MS });
      const cases: CaseRow[] = [];
      for (const one of searchCases) {
        say(`searching for ${one.name} by ${one.sort} …`);
        cases.push(await measureCase(origin, one, scale, draw));
      }
      say('weights, facets, completions …');
      const edges = await measureEdges(origin, scale, draw);
      const limits = { clients: STORM_CLIENTS, within_ms: 2 * STEP_MS };
      const all = await fire(origin, mixedShots(scale.shots * 4, draw), limits);
      const mixed = { ...spreadOf(all), clients: STORM_CLIENTS, per_second: all.per_second };
      say('edits, and requests in a storm of searches …');
      const size = { renters: RENTERS, offerings: EDITED };
      const market = await makeMarket(origin, size);
      const edit_found = await measureEdits(market, scale.edits);
      const storm = await measureStorm(market, scale, draw);
      return {
        ...{ offerings, built_in_ms, index_bytes: bytes, rss_bytes, ready_ms, cases },
        ...{ ...edges, mixed, edit_found, ...storm },
      };
    } finally {
      await stop();
    }
  } finally {
    rmSync(data_dir, { recursive: true, force: true });
  }
}
