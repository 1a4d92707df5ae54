/** Pages and reads, at rest and while signed moves are under way, and what a page ships. */
import { signIn, type Client } from '../../api/test/people.ts';
import { scriptBytes } from '../../website/e2e/script-size.ts';
import { fire, median, type Shot } from './load.ts';
import { visit } from './visitors.ts';
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
  /** Processor time of the whole server for each, at rest. */
  cpu_ms: number;
  /** Before it is compressed. */
  kb: number;
}

export interface PageFigures {
  rows: PageRow[];
  /** A signed move's p99 while pages are rendered. */
  move_p99_ms: number;
  /** One read of the API, alone and while pages are rendered by as many clients as there can be. */
  api: { alone_p99_ms: number; loaded_p99_ms: number };
  /** JavaScript that a page loads at once, gzipped. */
  scripts: { name: string; gzip_kb: number }[];
}

export async function measurePages(market: Market): Promise<PageFigures> {
  const { origin, offerings } = market;
  const browser = await signIn(serverAt(origin), market.renters[0] as Client, {
    transport: 'cookie',
  });
  // Signing in has ended the session before.
  const renters = [browser, ...market.renters.slice(1)];
  const now: Market = { ...market, renters };
  const cookie = { cookie: browser.cookie ?? '' };
  const made = await fire(origin, (await requestShots(now, 1)).slice(0, 1), { clients: 1 });
  const contract_id = headsOf(made.bodies)[0]?.contract_id ?? '';
  const offering_id = offerings[0]?.id ?? '';
  const targets = targetsOf(offering_id, contract_id, cookie);
  const rows: PageRow[] = [];
  const moves_p99_ms: number[] = [];
  for (const { name, shot } of targets) {
    const shots = Array<Shot>(SHOTS).fill(shot);
    const rest: { p50_ms: number; p99_ms: number }[] = [];
    const loaded: { p50_ms: number; p99_ms: number }[] = [];
    const cpu_ms: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const before_ms = await cpuOf(origin);
      const alone = await fire(origin, shots, { clients: CLIENTS });
      const used_ms = (await cpuOf(origin)) - before_ms;
      const requests = await fire(origin, await requestShots(now, WRITES), { clients: WRITERS });
      const moves = await moveShots(now, headsOf(requests.bodies), 'accept');
      const [under, written] = await Promise.all([
        fire(origin, shots, { clients: CLIENTS }),
        fire(origin, moves, { clients: WRITERS }),
      ]);
      if (round === 0) continue;
      rest.push(alone);
      cpu_ms.push(used_ms / SHOTS);
      loaded.push(under);
      if (name.startsWith('page')) moves_p99_ms.push(written.p99_ms);
    }
    rows.push({
      name,
      p50_ms: median(rest.map(({ p50_ms }) => p50_ms)),
      p99_ms: median(rest.map(({ p99_ms }) => p99_ms)),
      loaded_p50_ms: median(loaded.map(({ p50_ms }) => p50_ms)),
      loaded_p99_ms: median(loaded.map(({ p99_ms }) => p99_ms)),
      cpu_ms: median(cpu_ms),
      kb: (await bodyOf(origin, shot)).length / 1024,
    });
  }
  const read = (path: string) => bodyOf(origin, { method: 'GET', path, headers: cookie });
  const size = async (path: string) => (await scriptBytes(path, read)) / 1000;
  const scripts = [
    { name: 'marketplace', gzip_kb: await size('/marketplace') },
    { name: 'contract page', gzip_kb: await size(`/dashboard/rentals/${contract_id}`) },
  ];
  const api = await measureBeside(origin, targets);
  return { rows, move_p99_ms: median(moves_p99_ms), api, scripts };
}

const targetsOf = (
  offering_id: string,
  contract_id: string,
  cookie: Record<string, string>,
): Target[] => [
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

interface Target {
  name: string;
  shot: Shot;
}

/** A read of the API, in turns alone and while all its pages are asked for without a pause. */
async function measureBeside(origin: string, targets: readonly Target[]) {
  const page = targets.find(({ name }) => name === 'page: marketplace') as Target;
  const read = targets.find(({ name }) => name === 'API: get offering') as Target;
  const reads = Array<Shot>(SHOTS).fill(read.shot);
  const alone_ms: number[] = [];
  const loaded_ms: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const alone = await fire(origin, reads, { clients: 1 });
    const leave = await visit({ address: origin + page.shot.path, clients: CLIENTS });
    const loaded = await fire(origin, reads, { clients: 1 });
    await leave();
    if (round === 0) continue;
    alone_ms.push(alone.p99_ms);
    loaded_ms.push(loaded.p99_ms);
  }
  return { alone_p99_ms: median(alone_ms), loaded_p99_ms: median(loaded_ms) };
}

const bodyOf = async (origin: string, { path, headers = {} }: Shot): Promise<string> =>
  (await fetch(origin + path, { headers })).text();

/** Processor time of the server so far, in ms. */
async function cpuOf(origin: string): Promise<number> {
  const { user, system } = JSON.parse(
    await bodyOf(origin, { method: 'GET', path: '/api/v1/cpu' }),
  ) as NodeJS.CpuUsage;
  return (user + system) / 1000;
}
