/** Pages and reads, at rest and while signed moves are under way, and what a page ships. */
import { gzipSync } from 'node:zlib';
import { signIn, type Client } from '../../api/test/people.ts';
import { fire, median, type Shot } from './load.ts';
import { headsOf, moveShots, requestShots, serverAt, type Market } from './market.ts';

const ROUNDS = 5;
const SHOTS = 120;
const CLIENTS = 4;
const WRITERS = 8;
const WRITES = 400;

export interface PageRow {
  name: string;
  p50_ms: number;
  p99_ms: number;
  /** The same while signed moves are made from other clients. */
  loaded_p50_ms: number;
  loaded_p99_ms: number;
}

export interface PageFigures {
  rows: PageRow[];
  /** A signed move's p99 while pages are rendered. */
  move_p99_ms: number;
  /** JavaScript that a page loads at once, gzipped. */
  scripts: { name: string; gzip_kb: number }[];
}

export async function measurePages(market: Market): Promise<PageFigures> {
  const { origin, offerings } = market;
  const renter = market.renters[0] as Client;
  const browser = await signIn(serverAt(origin), renter, { transport: 'cookie' });
  const cookie = { cookie: browser.cookie ?? '' };
  const made = await fire(origin, (await requestShots(market, 1)).slice(0, 1), { clients: 1 });
  const contract_id = headsOf(made.bodies)[0]?.contract_id ?? '';
  const offering_id = offerings[0]?.id ?? '';
  const targets: { name: string; shot: Shot }[] = [
    { name: 'page: marketplace', shot: { method: 'GET', path: '/marketplace' } },
    { name: 'page: offering', shot: { method: 'GET', path: `/offerings/${offering_id}` } },
    {
      name: 'page: contract',
      shot: { method: 'GET', path: `/dashboard/rentals/${contract_id}`, headers: cookie },
    },
    { name: 'API: list offerings', shot: { method: 'GET', path: '/api/v1/offerings' } },
    {
      name: 'API: get offering',
      shot: { method: 'GET', path: `/api/v1/offerings/${offering_id}` },
    },
    {
      name: 'API: list contracts',
      shot: { method: 'GET', path: '/api/v1/contracts?role=renter', headers: cookie },
    },
    {
      name: 'API: get contract',
      shot: { method: 'GET', path: `/api/v1/contracts/${contract_id}`, headers: cookie },
    },
  ];
  const rows: PageRow[] = [];
  const moves_p99_ms: number[] = [];
  for (const { name, shot } of targets) {
    const shots = Array<Shot>(SHOTS).fill(shot);
    const rest: { p50_ms: number; p99_ms: number }[] = [];
    const loaded: { p50_ms: number; p99_ms: number }[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const alone = await fire(origin, shots, { clients: CLIENTS });
      const requests = await fire(origin, await requestShots(market, WRITES), { clients: WRITERS });
      const moves = await moveShots(market, headsOf(requests.bodies), 'accept');
      const [under, written] = await Promise.all([
        fire(origin, shots, { clients: CLIENTS }),
        fire(origin, moves, { clients: WRITERS }),
      ]);
      if (round === 0) continue;
      rest.push(alone);
      loaded.push(under);
      if (name.startsWith('page')) moves_p99_ms.push(written.p99_ms);
    }
    rows.push({
      name,
      p50_ms: median(rest.map(({ p50_ms }) => p50_ms)),
      p99_ms: median(rest.map(({ p99_ms }) => p99_ms)),
      loaded_p50_ms: median(loaded.map(({ p50_ms }) => p50_ms)),
      loaded_p99_ms: median(loaded.map(({ p99_ms }) => p99_ms)),
    });
  }
  const scripts = [
    { name: 'marketplace', gzip_kb: await scriptSize(origin, '/marketplace', {}) },
    {
      name: 'contract page',
      gzip_kb: await scriptSize(origin, `/dashboard/rentals/${contract_id}`, cookie),
    },
  ];
  return { rows, move_p99_ms: median(moves_p99_ms), scripts };
}

/** Every script that the page names or that those import statically, each gzipped by itself. */
async function scriptSize(
  origin: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const html = await (await fetch(origin + path, { headers })).text();
  const found = [...html.matchAll(/["'(]([^"'()\s]+\.js)["')]/g)].map(([, name]) => name as string);
  const waiting = found.map((name) => new URL(name, origin + path).pathname);
  const seen = new Set<string>();
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const source = await (await fetch(origin + file)).text();
    bytes += gzipSync(source).length;
    const imports = source.matchAll(/(?:from|import)\s*["'](\.{1,2}\/[^"']+\.js)["']/g);
    for (const [, name] of imports) waiting.push(new URL(name as string, origin + file).pathname);
  }
  if (seen.size === 0) throw new Error(`${path} names no script: is the website built?`);
  return bytes / 1024;
}
