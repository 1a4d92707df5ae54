import type * as z from 'zod';
import { startCursor } from '@berth/shared/icp/blocks-node';
import { fromHex, toHex } from '@berth/shared/signing/bytes';
import type {
  adminIcpView,
  icpEntriesQuery,
  icpEntriesReply,
  icpEntryParams,
  icpEntryReply,
  IcpEntryView,
  icpRunReply,
  providerIcpQuery,
  providerIcpView,
  runOutcomes,
} from '@berth/shared/icp/schemas';
import { problem } from '@berth/shared/problems';
import { principalBytesOf, principalText } from '@berth/shared/signing/principal';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { findPublicProvider } from '../accounts/index.ts';
import { logAct } from '../admin/index.ts';
import {
  findAnySync,
  listAnyRuns,
  saveSync,
  type Run,
  findAnyCursorRow,
} from '../icp-import/index.ts';
import {
  findAnyEntry,
  findPublicRegistered,
  listAnyCounts,
  listAnyEntries,
  listPublicKeySums,
  listPublicTransfers,
} from '../icp-rows/index.ts';

type Reads = Pick<ReadCtx, 'db' | 'clock' | 'config'>;
type ProviderIcp = z.output<typeof providerIcpView>;
type AdminIcp = z.output<typeof adminIcpView>;

const SHOWN_RUNS = 10;

/** What the chain says of a provider's keys; 404 for who has no page. */
export async function viewProviderIcp(
  { db }: Pick<Reads, 'db'>,
  handle: string,
  query: z.output<typeof providerIcpQuery>,
): Promise<ProviderIcp> {
  const account = await findPublicProvider(db, handle);
  if (account === null) throw problem('request.not_found');
  const keys = await listPublicKeySums(db, account.id);
  const owners = keys.map(({ key }) => toHex(principalBytesOf(key)));
  const { position } = (await findAnyCursorRow(db)) ?? startCursor;
  const page = { position, cursor: query.cursor, limit: pageSize(query.limit) };
  const [registered_at, { items, next_cursor }] = await Promise.all([
    findPublicRegistered(
      db,
      keys.map(({ key }) => key),
    ),
    listPublicTransfers(db, owners, page),
  ]);
  const checked = keys.filter(({ last_check_in_at }) => last_check_in_at !== null);
  const latest = checked.sort((a, b) => compare(b.last_check_in_at, a.last_check_in_at))[0];
  return {
    registered_at,
    reputation: keys.reduce((sum, row) => sum + BigInt(row.reputation ?? '0'), 0n).toString(),
    check_ins: keys.reduce((sum, row) => sum + (row.check_ins ?? 0), 0),
    streak_days: latest?.streak_days ?? 0,
    last_check_in_at: latest?.last_check_in_at ?? null,
    items: items.map((row) => transferOf(row, owners)),
    next_cursor,
  };
}

const compare = (a: string | null, b: string | null): number => ((a ?? '') < (b ?? '') ? -1 : 1);

type TransferRow = Awaited<ReturnType<typeof listPublicTransfers>>['items'][number];

function transferOf(row: TransferRow, owners: readonly string[]): ProviderIcp['items'][number] {
  const { tx_hash, at, block_position, from_owner, to_owner, amount_e9s, fee_e9s } = row;
  const isOut = owners.includes(from_owner);
  const other = isOut ? to_owner : from_owner;
  return {
    tx_hash,
    at,
    block_offset: block_position,
    direction: isOut ? 'out' : 'in',
    other: other === '' ? '' : principalText(fromHex(other)),
    amount_e9s,
    fee_e9s,
  };
}

/** How the import stands, for an admin. */
export async function viewSync({ db, clock, config }: Reads): Promise<AdminIcp> {
  const [sync, cursor, runs, counts] = await Promise.all([
    findAnySync(db),
    findAnyCursorRow(db),
    listAnyRuns(db, SHOWN_RUNS),
    listAnyCounts(db),
  ]);
  const seen_at = sync?.seen_at ?? null;
  const tip_position = sync?.tip_position ?? null;
  return {
    canister: config.icp_canister,
    tip:
      sync === null || seen_at === null
        ? null
        : {
            position: tip_position,
            blocks: sync.tip_blocks,
            block_hash: sync.tip_hash,
            block_at: sync.tip_at,
            seen_at,
          },
    cursor,
    lag_bytes:
      cursor === null || tip_position === null ? null : Math.max(0, tip_position - cursor.position),
    running: (sync?.leased_until ?? '') > clock.now(),
    asked_at: sync?.asked_at ?? null,
    runs: runs.map(runOf),
    counts: countsOf(counts),
  };
}

const runOf = (row: Run): AdminIcp['runs'][number] => ({
  ...row,
  outcome: row.outcome as (typeof runOutcomes)[number],
});

function countsOf(rows: Awaited<ReturnType<typeof listAnyCounts>>): AdminIcp['counts'] {
  const labels = [...new Set(rows.map(({ label }) => label))];
  const count = (label: string, status: string) =>
    rows.find((row) => row.label === label && row.status === status)?.entries ?? 0;
  return labels.map((label) => ({
    label,
    applied: count(label, 'applied'),
    kept: count(label, 'kept'),
    refused: count(label, 'refused'),
  }));
}

/** A page of the chain's entries, newest first. */
export async function viewEntries(
  { db }: Pick<Reads, 'db'>,
  { status, label, cursor, limit }: z.output<typeof icpEntriesQuery>,
): Promise<z.output<typeof icpEntriesReply>> {
  const page = await listAnyEntries(db, { status, label, cursor, limit: pageSize(limit) });
  return { items: page.items.map(entryOf), next_cursor: page.next_cursor };
}

const entryOf = (
  row: Awaited<ReturnType<typeof listAnyEntries>>['items'][number],
): IcpEntryView => ({
  block_offset: row.block_position,
  block_hash: row.hash,
  entry: row.place,
  at: row.at,
  label: row.label,
  op: row.op as 'upsert' | 'delete',
  key: row.entry_key,
  status: row.status as 'applied' | 'kept' | 'refused',
  reason: row.reason,
});

/** One entry with the bytes of its value. */
export async function viewEntry(
  { db }: Pick<Reads, 'db'>,
  { block_offset, entry }: z.output<typeof icpEntryParams>,
): Promise<z.output<typeof icpEntryReply>> {
  const row = await findAnyEntry(db, block_offset, entry);
  if (row === null) throw problem('request.not_found');
  return { ...entryOf(row), value: Buffer.from(row.value, 'base64').toString('hex') };
}

/** Asks whichever process follows the chain for an import now. */
export async function askRun(
  ctx: WriteCtx,
  actor: AccountActor,
): Promise<z.output<typeof icpRunReply>> {
  const { icp_canister: canister } = ctx.config;
  if (canister === null) {
    throw problem('icp.off', 'Set ICP_CANISTER and start Berth again.');
  }
  const asked_at = ctx.clock.now();
  await saveSync(ctx.tx, { asked_at });
  await logAct(ctx, actor, 'icp_run', canister);
  return { asked_at };
}
