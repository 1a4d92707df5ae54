import type { EvidenceFigures } from './evidence.ts';
import type { PageFigures } from './pages.ts';
import { icpOf } from './icp/report.ts';
import type { IcpFigures } from './icp/measure.ts';
import type { SearchFigures } from './search/measure.ts';
import { searchOf } from './search/report.ts';
import { ms, ratio, table, whole } from './tables.ts';

/** A six-step order through Vendure on SQLite, measured once on a machine of this size. */
const VENDURE_ORDERS_PER_SECOND = 28;
const SCRIPT_LIMIT_KB = 100;

export interface Row {
  name: string;
  clients: number;
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  /** Of the durable rows of the same round, a second by a second: the median of the rounds. */
  of_one_row: number;
}

/** Whole contracts a second, from request to active. */
export interface ContractFigures {
  clients: number;
  /** Where the parties settle between them. */
  per_second: number;
  /** Where the total is held at the request. */
  paid_per_second: number;
  /** The second by the first, the median of the rounds. */
  paid_of_plain: number;
}

export interface Report {
  machine: string;
  /** Requests a second through Fastify's bare JSON route. */
  bare: number;
  /** Ed25519 verifications a second, without HTTP. */
  verifications: number;
  evidence: EvidenceFigures;
  writes: Row[];
  contracts: ContractFigures[];
  pages: PageFigures;
  search: SearchFigures;
  icp: IcpFigures;
}

const oneRow = (writes: readonly Row[], clients: number): number =>
  writes.find((row) => row.name === 'one durable row' && row.clients === clients)?.per_second ??
  NaN;

function limitsOf({ bare, verifications, writes }: Report): string {
  return table(
    ['what', 'a second'],
    [
      ['Fastify’s bare JSON route, pipelined', whole(bare)],
      ['a verified session and one durable row, 64 clients', whole(oneRow(writes, 64))],
      ['one Ed25519 verification, without HTTP', whole(verifications)],
    ],
  );
}

function writesOf({ writes, contracts }: Report): string {
  const rows = writes.map(({ name, clients, per_second, p50_ms, p99_ms, of_one_row }) => [
    name,
    String(clients),
    whole(per_second),
    ms(p50_ms),
    ms(p99_ms),
    of_one_row.toFixed(2),
  ]);
  return `${table(['what', 'clients', 'a second', 'p50 ms', 'p99 ms', 'of one row'], rows)}

Whole contracts, request to active in five signed moves. For scale: a six-step order through Vendure
on SQLite took ${VENDURE_ORDERS_PER_SECOND} a second on a machine of this size (aim: 10 times that).

${table(
  ['clients', 'contracts a second', 'times Vendure’s', 'paid ones', 'of the unpaid'],
  contracts.map(({ clients, per_second, paid_per_second, paid_of_plain }) => [
    String(clients),
    whole(per_second),
    ratio(per_second, VENDURE_ORDERS_PER_SECOND),
    whole(paid_per_second),
    paid_of_plain.toFixed(2),
  ]),
)}

Paid ones have their total held at the request, in a market with \`PAYMENTS=balance\`; both take
turns (aim: 0.7 of the unpaid).`;
}

const pagesOf = ({ pages }: Report): string =>
  table(
    ['what', 'p50 ms', 'p99 ms', 'p50 ms under load', 'p99 ms under load', 'CPU ms', 'KiB'],
    pages.rows.map(({ name, p50_ms, p99_ms, loaded_p50_ms, loaded_p99_ms, cpu_ms, kb }) => [
      name,
      ...[p50_ms, p99_ms, loaded_p50_ms, loaded_p99_ms, cpu_ms].map(ms),
      kb.toFixed(1),
    ]),
  );

/** docs/benchmarks.md: what was measured, beside the limits of the same run. */
export function writeReport(report: Report): string {
  const { machine, pages, evidence } = report;
  return `# Benchmarks

Written by \`make bench\`. Medians of five rounds in one run, after a warm-up; client and server
share the machine, and everything is signed before the clock starts. Absolute figures follow the
machine and its neighbours; the ratios are what to compare.

Machine: ${machine}.
SQLite with WAL and \`synchronous=FULL\`, one process, rate limits off.

## Limits of this run

${limitsOf(report)}

A contract's evidence of ${whole(evidence.entries)} entries is verified in ${ms(evidence.ms)} ms
in Node (aim: 1,500).

## Writes

Every request and move is a signed statement, verified, and committed durably with its history row,
outbox row and idempotency key. One durable row has a transaction and an fsync of its own; through
Berth's writer, which requests and moves use too, those that wait together share a commit. They take
turns in every round, and what a move is of one row is the median of the rounds, so that the
machine's mood cancels. The aim: a move at half of one durable row or better.

${writesOf(report)}

## Pages and reads

Four clients at rest, and again while 8 others make signed moves (whose p99 meanwhile is
${ms(pages.move_p99_ms)} ms). The processor time is the whole server's for each at rest (aims: 8, 5
and 4 ms for the pages), the size is before compression (aim: 90 KiB for a first page of the
market).

${pagesOf(report)}

One client reads an offering through the API with a p99 of ${ms(pages.api.alone_p99_ms)} ms, and of
${ms(pages.api.loaded_p99_ms)} ms while four others do nothing but open pages of the market (aim:
within 2 times): ${ratio(pages.api.loaded_p99_ms, pages.api.alone_p99_ms)} times.

${searchOf(report.search)}

${icpOf(report.icp)}

## JavaScript

Every script a page loads at once, each gzipped (limit: ${SCRIPT_LIMIT_KB} KB).

${table(
  ['page', 'KB'],
  pages.scripts.map(({ name, gzip_kb }) => [name, gzip_kb.toFixed(1)]),
)}
`;
}
