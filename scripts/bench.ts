/** `make bench`: medians and ratios of one run, printed and written to docs/benchmarks.md. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { fire, median, type Figures, type Shot } from './bench/load.ts';
import {
  headsOf,
  makeMarket,
  moveShots,
  payInFor,
  requestShots,
  type Market,
} from './bench/market.ts';
import { measureEvidence } from './bench/evidence.ts';
import { measurePages, type PageFigures } from './bench/pages.ts';
import { measureIcp } from './bench/icp/measure.ts';
import { writeReport, type ContractFigures, type Report, type Row } from './bench/report.ts';
import { measureSearch, type Scale } from './bench/search/measure.ts';
import { startServer } from './bench/start.ts';

const ROUNDS = 5;
const CLIENTS = [1, 8, 64] as const;
/** Requests of a round, by clients: enough for a p99, few enough for a run of some minutes. */
const SHOTS: Record<(typeof CLIENTS)[number], number> = { 1: 200, 8: 600, 64: 1_200 };
const BARE_SHOTS = 20_000;
const BARE_PIPELINING = 10;
const WHOLE_CONTRACTS = 384;
const VERIFICATIONS = 5_000;
const ICP_ENTRIES = 1_000_000;
/** A little more than a million, as a few of them are not listed. */
const searchScale: Scale = {
  offerings: 1_032_000,
  shots: 200,
  pages: 120,
  plain: 8,
  edits: 40,
  requests: 300,
  website: true,
};
const PROJECT = resolve(import.meta.dirname, '..');

/** The medians over the rounds, each beside the durable rows of its own round. */
const rowOf = (
  name: string,
  clients: number,
  rounds: readonly Figures[],
  oneRows: readonly Figures[],
): Row => ({
  name,
  clients,
  per_second: median(rounds.map(({ per_second }) => per_second)),
  p50_ms: median(rounds.map(({ p50_ms }) => p50_ms)),
  p99_ms: median(rounds.map(({ p99_ms }) => p99_ms)),
  of_one_row: median(
    rounds.map(({ per_second }, nth) => per_second / (oneRows[nth]?.per_second ?? NaN)),
  ),
});

/** One-row writes, requests and moves take turns in each round, so that they share the weather. */
async function measureWrites(market: Market, clients: (typeof CLIENTS)[number]): Promise<Row[]> {
  const count = SHOTS[clients];
  const rowShots = (path: string) =>
    Array<Shot>(count).fill({ method: 'POST', path, headers: market.provider.headers });
  const rounds: { row: Figures; grouped: Figures; request: Figures; move: Figures }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const requests = await requestShots(market, count);
    const row = await fire(market.origin, rowShots('/api/v1/one-row'), { clients });
    const grouped = await fire(market.origin, rowShots('/api/v1/one-grouped-row'), { clients });
    const request = await fire(market.origin, requests, { clients });
    const moves = await moveShots(market, headsOf(request.bodies), 'accept');
    const move = await fire(market.origin, moves, { clients });
    // The first round warms up.
    if (round > 0) rounds.push({ row, grouped, request, move });
  }
  const names = {
    row: 'one durable row',
    grouped: 'one row, sharing commits',
    request: 'signed request',
    move: 'signed move',
  } as const;
  return (Object.keys(names) as (keyof typeof names)[]).map((kind) =>
    rowOf(
      names[kind],
      clients,
      rounds.map((round) => round[kind]),
      rounds.map(({ row }) => row),
    ),
  );
}

/** From request to active: the five moves of each contract, as whole contracts a second. */
async function contractRound(market: Market, clients: number): Promise<number> {
  const shots = await requestShots(market, WHOLE_CONTRACTS);
  let figures = await fire(market.origin, shots, { clients });
  let seconds = WHOLE_CONTRACTS / figures.per_second;
  const digests: string[] = [];
  for (const action of [
    'accept',
    'start_provisioning',
    'mark_provisioned',
    'open_credentials',
  ] as const) {
    const moves = await moveShots(market, headsOf(figures.bodies), action, digests);
    figures = await fire(market.origin, moves, { clients });
    seconds += WHOLE_CONTRACTS / figures.per_second;
  }
  return WHOLE_CONTRACTS / seconds;
}

/** Contracts that are settled elsewhere, and those that are paid here, in turns. */
async function measureContracts(
  [plain, paid]: readonly [Market, Market],
  clients: number,
): Promise<ContractFigures> {
  const rounds: { plain: number; paid: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rates = {
      plain: await contractRound(plain, clients),
      paid: await contractRound(paid, clients),
    };
    if (round > 0) rounds.push(rates);
  }
  return {
    clients,
    per_second: median(rounds.map((one) => one.plain)),
    paid_per_second: median(rounds.map((one) => one.paid)),
    paid_of_plain: median(rounds.map((one) => one.paid / one.plain)),
  };
}

function measureVerification(): number {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const text = 'berth/statement/v1\n'.padEnd(600, 'x');
  const signature = sign(null, Buffer.from(text), privateKey).toString('hex');
  const rounds = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (let n = 0; n < VERIFICATIONS; n += 1) verifyEd25519Node(key, text, signature);
    return VERIFICATIONS / ((performance.now() - started) / 1000);
  });
  return median(rounds);
}

async function measureBare(origin: string): Promise<number> {
  const shots = Array<Shot>(BARE_SHOTS).fill({ method: 'GET', path: '/api/v1/bare' });
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ask = { clients: 8, pipelining: BARE_PIPELINING };
    rates.push((await fire(origin, shots, ask)).per_second);
  }
  return median(rates);
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Beside a market that takes payments, in which each renter has paid in for all its contracts. */
async function measureBoth(market: Market): Promise<ContractFigures[]> {
  const data_dir = mkdtempSync(join(tmpdir(), 'berth-bench-paid-'));
  const { origin, stop } = await startServer(data_dir, { PAYMENTS: 'balance' });
  try {
    const paid = await makeMarket(origin);
    await payInFor(paid, data_dir);
    const figures: ContractFigures[] = [];
    for (const clients of [8, 64]) figures.push(await measureContracts([market, paid], clients));
    return figures;
  } finally {
    await stop();
    rmSync(data_dir, { recursive: true, force: true });
  }
}

async function measureMarket(): Promise<Omit<Report, 'machine' | 'search' | 'icp'>> {
  const data_dir = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const { origin, stop } = await startServer(data_dir);
  try {
    say('making a market …');
    const market = await makeMarket(origin);
    say('measuring the limits …');
    const bare = await measureBare(origin);
    const verifications = measureVerification();
    const evidence = await measureEvidence();
    const writes: Row[] = [];
    for (const clients of CLIENTS) {
      say(`measuring writes from ${clients} clients …`);
      writes.push(...(await measureWrites(market, clients)));
    }
    say('measuring whole contracts …');
    const contracts = await measureBoth(market);
    say('measuring pages …');
    const pages: PageFigures = await measurePages(market);
    return { bare, verifications, evidence, writes, contracts, pages };
  } finally {
    await stop();
    rmSync(data_dir, { recursive: true, force: true });
  }
}

const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const report: Report = {
  machine,
  ...(await measureMarket()),
  search: await measureSearch(searchScale, say),
  icp: await measureIcp(ICP_ENTRIES, say),
};
const text = writeReport(report);
writeFileSync(join(PROJECT, 'docs/benchmarks.md'), text);
say(text);
