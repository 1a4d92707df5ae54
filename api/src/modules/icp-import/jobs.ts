import {
  makeBlockReader,
  readPage,
  type Block,
  type BlockReader,
} from '@berth/shared/icp/blocks-node';
import { makeId } from '@berth/shared/ids';
import { fromHex } from '@berth/shared/signing/bytes';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isoAt } from '@berth/shared/time';
import type { Deps } from '../../context.ts';
import { isIcpProblem, type IcpPort, type IcpProblemKind } from '../../ports/icp.ts';
import type { Outcome } from '../icp-contracts/index.ts';
import {
  endKilledRuns,
  endLease,
  eraseOldRuns,
  moveCursor,
  readAnyCursor,
  saveRun,
  saveSync,
  type Cursor,
  type Run,
  findAnySync,
  tryLease,
} from './repo.ts';
import {
  applyBlocks,
  isoOfNs,
  checkBlocks,
  foundIn,
  type CheckedBlock,
  type Providers,
} from './service.ts';
import { labelOf } from '../icp-rows/index.ts';

/** Entries of one transaction: what others then wait for their writes. */
const BATCH_ENTRIES = 2_000;
/** The lease is taken anew before each page once such a part of it is over. */
const LEASE_PARTS = 4;
const KEPT_RUNS = 500;
const DETAIL_MAX = 500;
/** A chain that ends before what was read is another chain, too. */
const FORKED: readonly IcpProblemKind[] = ['fork', 'beyond_tip'];

export type RunOutcome =
  'done' | 'stopped' | 'fork' | 'broken_block' | 'unreachable' | 'failed' | 'busy';

/** How far a run is; `tip` is where the chain ended when it was asked. */
export interface Progress {
  position: number;
  tip: number | null;
  blocks: number;
  entries: number;
  refused: number;
  bytes: number;
}

export interface RunReport extends Progress {
  outcome: RunOutcome;
  /** What went wrong, in a sentence; null where nothing did. */
  detail: string | null;
}

export interface ImportOptions {
  port: IcpPort;
  /** What is read, in a word for a person: a canister's id or a file. */
  source: string;
  signal?: AbortSignal;
  /** Reads and checks from where the import stands, and writes nothing. */
  dry_run?: boolean;
  /** Keeps a run that brought nothing, too. */
  asked?: boolean;
  onProgress?: (progress: Progress) => void;
  onEntry?: (label: string, outcome: Outcome) => void;
}

type Needs = Pick<Deps, 'db' | 'write' | 'clock' | 'log'>;

/** One import under way. */
interface Import {
  deps: Needs;
  options: ImportOptions;
  owner: string;
  leased_ms: number;
  run: Run;
  tip: number | null;
  cursor: Cursor;
  reader: BlockReader;
  /** Of the requests that were read: a reply may come long after in a dry run. */
  providers: Providers;
}

/** Ends a run with an outcome of its own. */
interface Stop extends Error {
  stop: RunOutcome;
}
const stopWith = (stop: RunOutcome, detail: string): Stop =>
  Object.assign(new Error(detail), { stop });

/**
 * Reads the chain from where the last import ended to its tip. Rows and cursor commit together,
 * whole blocks at a time, so that a run that is killed anywhere goes on where it stood. One run at
 * a time, whichever process it is in. Answers how it ended, and throws nothing.
 */
export async function importIcp(deps: Needs, options: ImportOptions): Promise<RunReport> {
  const owner = makeOwner();
  const now = deps.clock.now();
  const cursor = await readAnyCursor(deps.db);
  const it: Import = {
    deps,
    options,
    owner,
    leased_ms: deps.clock.nowMs(),
    run: startRun(options.source, now, cursor.position),
    tip: null,
    cursor,
    reader: makeBlockReader(cursor),
    providers: new Map(),
  };
  if (options.dry_run === true) return endDry(it);
  if (!(await takeLease(deps, owner))) {
    return reportOf(it, 'busy', 'Another process is importing the Internet Computer right now.');
  }
  // It may have moved on while another run was finishing.
  it.cursor = await readAnyCursor(deps.db);
  it.reader = makeBlockReader(it.cursor);
  const [outcome, detail] = await runToTip(it);
  await endRun(it, outcome, detail);
  return reportOf(it, outcome, detail);
}

async function endDry(it: Import): Promise<RunReport> {
  const [outcome, detail] = await runToTip(it);
  return reportOf(it, outcome, detail);
}

/** How reading to the tip ended, whatever it was. */
const runToTip = (it: Import): Promise<readonly [RunOutcome, string | null]> =>
  readToTip(it).then(
    () => ['done', null] as const,
    (error: unknown) => endingOf(error, it.options.signal),
  );

const startRun = (source: string, started_at: string, position: number): Run => ({
  id: makeId('icp_run'),
  source,
  started_at,
  ended_at: null,
  position,
  blocks: 0,
  entries: 0,
  refused: 0,
  bytes: 0,
  outcome: 'running',
  detail: null,
});

const reportOf = (it: Import, outcome: RunOutcome, detail: string | null): RunReport => ({
  ...progressOf(it),
  outcome,
  detail,
});

const progressOf = ({ run, tip }: Import): Progress => {
  const { position, blocks, entries, refused, bytes } = run;
  return { position, tip, blocks, entries, refused, bytes };
};

function endingOf(error: unknown, signal: AbortSignal | undefined): [RunOutcome, string | null] {
  if (signal?.aborted === true) return ['stopped', null];
  if (!(error instanceof Error)) return ['failed', String(error)];
  if ('stop' in error) return [(error as Stop).stop, error.message];
  if (!isIcpProblem(error)) return ['failed', error.message.slice(0, DETAIL_MAX)];
  return [
    FORKED.includes(error.icp_problem) ? 'fork' : 'unreachable',
    error.message.slice(0, DETAIL_MAX),
  ];
}

async function readToTip(it: Import): Promise<void> {
  const { port, signal } = it.options;
  await seeTip(it);
  for (;;) {
    signal?.throwIfAborted();
    await keepLease(it);
    const { position, bytes_before } = it.reader.next();
    const before = bytes_before === '' ? null : fromHex(bytes_before);
    const page = await port.fetch(position, before, signal).catch((error: unknown) => {
      // Between two blocks another chain is a fork; within one, what came of it was no good.
      const isOther = isIcpProblem(error) && FORKED.includes(error.icp_problem);
      if (!isOther || position === it.cursor.position) throw error;
      throw stopWith(
        'unreachable',
        `The Internet Computer changed as it was read: ${error.message}`,
      );
    });
    if (page.position !== position) {
      const said = `The page begins at ${page.position}, not at ${position}, as was asked.`;
      throw stopWith('unreachable', said);
    }
    const ended = await takePage(it, page.bytes);
    if (ended || page.bytes.length === 0 || !page.more) break;
  }
  const cut = it.reader.finish();
  if (cut !== null) throw brokenBlock(cut);
}

async function seeTip(it: Import): Promise<void> {
  const { port, signal } = it.options;
  const said = await port.metadata(signal);
  it.tip = said.next_block_start;
  if (it.options.dry_run === true) return;
  const { latest_timestamp_ns } = said;
  await it.deps.write(async ({ tx, clock }) => {
    await endKilledRuns(tx, clock.now());
    await saveSync(tx, {
      tip_position: said.next_block_start,
      tip_blocks: said.num_blocks,
      tip_hash: said.latest_block_hash,
      tip_at: latest_timestamp_ns === null ? null : isoOfNs(latest_timestamp_ns),
      seen_at: clock.now(),
    });
  });
}

async function keepLease(it: Import): Promise<void> {
  const { deps, options, owner } = it;
  const now_ms = deps.clock.nowMs();
  if (options.dry_run === true || now_ms - it.leased_ms < LEASE_MS / LEASE_PARTS) return;
  if (!(await takeLease(deps, owner))) throw stopWith('stopped', 'Another process imports now.');
  it.leased_ms = now_ms;
}

const brokenBlock = ({ offset, reason }: { offset: number; reason: string }): Stop =>
  stopWith('broken_block', `The block at ${offset} cannot be read: ${reason}.`);

/** Imports the blocks that a page completes; true where it holds the chain's end. */
async function takePage(it: Import, page: Uint8Array): Promise<boolean> {
  let waiting: Block[] = [];
  const commit = async () => {
    await takeBlocks(it, waiting);
    waiting = [];
  };
  for (const read of readPage(it.reader, page)) {
    waiting.push(...read.blocks);
    const isEnd = read.fault !== null || read.ended;
    if (isEnd || countEntries(waiting) >= BATCH_ENTRIES) await commit();
    if (read.fault !== null) throw brokenBlock(read.fault);
    if (read.ended) return true;
  }
  await commit();
  return false;
}

const countEntries = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { entries }) => sum + entries.length, 0);

async function takeBlocks(it: Import, blocks: readonly Block[]): Promise<void> {
  const last = blocks.at(-1);
  if (last === undefined) return;
  const { deps, options, run } = it;
  const before = it.cursor;
  const after: Cursor = {
    ...it.reader.cursor(),
    blocks: before.blocks + blocks.length,
    entries: before.entries + countEntries(blocks),
  };
  const checked = await checkBlocks(deps, blocks, it.providers);
  const outcomes: [string, Outcome][] = [];
  const tell = (...told: [string, Outcome]) => outcomes.push(told);
  const grown: Run = {
    ...run,
    position: after.position,
    blocks: run.blocks + blocks.length,
    entries: run.entries + after.entries - before.entries,
    bytes: run.bytes + after.position - before.position,
  };
  const refused =
    options.dry_run === true
      ? tellChecked(checked, tell)
      : await commitBlocks(it, { checked, after, grown, last, tell });
  it.run = { ...grown, refused: run.refused + refused };
  it.cursor = after;
  if (options.dry_run !== true) it.providers.clear();
  for (const [label, outcome] of outcomes) options.onEntry?.(label, outcome);
  options.onProgress?.(progressOf(it));
}

interface Batch {
  checked: readonly CheckedBlock[];
  after: Cursor;
  grown: Run;
  last: Block;
  tell: (label: string, outcome: Outcome) => void;
}

/** Whole blocks, what they do, the cursor behind them and the run's count: one transaction. */
function commitBlocks(it: Import, { checked, after, grown, last, tell }: Batch): Promise<number> {
  return it.deps.write(async (ctx) => {
    const refused = await applyBlocks(ctx, checked, tell);
    if (!(await moveCursor(ctx.tx, it.cursor, after, isoOfNs(last.timestamp_ns)))) {
      throw stopWith('stopped', 'Another process has imported these blocks.');
    }
    await saveRun(ctx.tx, { ...grown, refused: it.run.refused + refused });
    return refused;
  });
}

/** What can be said of entries before anything is done: whether they are read and signed. */
function tellChecked(checked: readonly CheckedBlock[], tell: Batch['tell']): number {
  let refused = 0;
  for (const one of checked) {
    for (const raw of one.block.entries) {
      const found = foundIn(one, raw);
      if (!found.ok) refused += 1;
      tell(labelOf(raw.label), {
        status: !found.ok ? 'refused' : found.content.kind === 'unknown' ? 'kept' : 'applied',
        reason: found.ok ? null : found.reason,
      });
    }
  }
  return refused;
}

async function endRun(it: Import, outcome: RunOutcome, detail: string | null): Promise<void> {
  const { deps, options, owner, run } = it;
  const isQuiet = run.blocks === 0 && options.asked !== true;
  const level = outcome === 'done' || outcome === 'stopped' ? 'info' : 'error';
  if (level === 'error' || run.blocks > 0) {
    deps.log[level](
      { outcome, detail, ...progressOf(it) },
      'the import of the Internet Computer ended',
    );
  }
  await deps.write(async ({ tx, clock }) => {
    await endLease(tx, owner);
    if (isQuiet && level === 'info') return;
    await saveRun(tx, { ...run, ended_at: clock.now(), outcome, detail });
    await eraseOldRuns(tx, KEPT_RUNS);
  });
}

/** Longer than a page takes to come with all its attempts. */
const LEASE_MS = 120_000;

/** A name for one run, by which others can tell whether its process is still there. */
const makeOwner = (): string => `${hostname()}/${process.pid}/${randomUUID()}`;

/** Takes the right to import, or keeps it; false while another process has it. */
async function takeLease(
  { db, write }: Pick<Deps, 'db' | 'write'>,
  owner: string,
): Promise<boolean> {
  const holder = (await findAnySync(db))?.leased_by ?? null;
  const dead = holder !== null && holder !== owner && isDead(holder) ? holder : null;
  return write(({ tx, clock }) => {
    const until = isoAt(clock.nowMs() + LEASE_MS);
    return tryLease(tx, { owner, dead, now: clock.now(), until });
  });
}

/** Whether a run's process was on this machine and is no more: it was killed. */
function isDead(owner: string): boolean {
  const [host, pid] = owner.split('/');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
