import { contactKinds, contactRules } from '@berth/shared/accounts/contacts';
import { contactSchema } from '@berth/shared/accounts/schemas';
import {
  isEnded,
  type ContractAction,
  type ContractRole,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { undisturbedUntil } from '@berth/shared/contracts/deadlines';
import { needsTime } from '@berth/shared/contracts/guards';
import { nextOf } from '@berth/shared/contracts/next';
import {
  DETAILS_SHOWN,
  ENTRIES_SHOWN,
  MEMO_MAX,
  requestPart,
  type contractView,
  type detailsPage,
  type entryPage,
  type moveView,
} from '@berth/shared/contracts/schemas';
import { readContractRequest } from '@berth/shared/icp/contract-request';
import { importRequestData, type IcpMark } from '@berth/shared/icp/statements';
import { lineFrom, paragraphFrom } from '@berth/shared/icp/words';
import { refundOf, refundWords, type Rate } from '@berth/shared/price';
import { findBase64 } from '@berth/shared/signing/bytes';
import type { AnyStatement } from '@berth/shared/signing/statement';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import type * as z from 'zod';
import type { ReadCtx } from '../../context.ts';
import { getContract, pausesIn, type ContractRow, type Side } from '../../db/contract-rows.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { makeItem } from '../contract-lists/index.ts';
import { findAnyOpenExtension, movesFor, sideOf, termsOfContract } from '../contracts/index.ts';
import {
  countDetails,
  getFirstEntry,
  listDetailsPage,
  listEntryPage,
  listParties,
} from './repo.ts';

type View = z.output<typeof contractView>;

/** One contract as its reader sees it. 404 for anybody but the two parties. */
export async function viewContract(
  ctx: Pick<ReadCtx, 'db' | 'clock' | 'log'>,
  actor: AccountActor,
  contract_id: string,
): Promise<View> {
  const { db, log } = ctx;
  const row = await getContract(db, actor, contract_id);
  const role = sideOf(row, actor);
  const [parties, terms, first, entries, details, details_count, extension] = await Promise.all([
    listParties(db, row),
    termsOfContract(db, row),
    getFirstEntry(db, row, role),
    listEntryPage(db, row, role, { limit: ENTRIES_SHOWN }),
    listDetailsPage(db, row, { limit: DETAILS_SHOWN }),
    countDetails(db, row),
    isEnded(row.state) ? null : findAnyOpenExtension(db, contract_id),
  ]);
  const { renter, provider } = parties;
  const chain = icpOf(JSON.parse(first.statement) as AnyStatement);
  const kept = first.part ? (JSON.parse(first.part) as View['request']) : null;
  const other = role === 'renter' ? provider : renter;
  return {
    ...makeItem({ ...row, handle: other.handle, display_name: other.display_name }, role),
    version: row.version,
    pauses: pausesIn(row),
    head: { seq: row.version - 1, hash: row.head_hash, at: row.head_at },
    terms,
    terms_hash: row.terms_hash,
    renter: { ...renter, key: row.renter_key },
    provider: { ...provider, key: row.provider_key },
    request: kept ?? chain?.request ?? null,
    chain: chain?.mark ?? null,
    next: nextOf(row, role),
    moves: moveViews(row, role, {
      ...{ rate: terms, now: ctx.clock.now(), delivery: details.items[0] },
    }),
    details: shownOf(log, details.items, detailsFor(role)),
    details_count,
    extension: extension
      ? {
          seq: extension.seq,
          hash: extension.hash,
          by_role: extension.proposed_by as Side,
          hours: extension.hours,
          extra_e9s: extension.extra_e9s,
        }
      : null,
    first_entry: entryOf(first, parties),
    entries: shownOf(log, entries.items, (entry) => entryOf(entry, parties)).reverse(),
    earlier_cursor: entries.next_cursor,
    entry_count: row.version,
  };
}

type Paging = Pick<ReadCtx, 'db' | 'log'>;
interface PageAsk {
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** A page of a contract's log, the newest entry first. */
export async function pageEntries(
  { db, log }: Paging,
  actor: AccountActor,
  contract_id: string,
  { cursor, limit }: PageAsk,
): Promise<z.output<typeof entryPage>> {
  const row = await getContract(db, actor, contract_id);
  const parties = await listParties(db, row);
  const ask = { cursor, limit: pageSize(limit) };
  const page = await listEntryPage(db, row, sideOf(row, actor), ask);
  return { ...page, items: shownOf(log, page.items, (entry) => entryOf(entry, parties)) };
}

/** A page of what was delivered under a contract, the newest first. */
export async function pageDetails(
  { db, log }: Paging,
  actor: AccountActor,
  contract_id: string,
  { cursor, limit }: PageAsk,
): Promise<z.output<typeof detailsPage>> {
  const row = await getContract(db, actor, contract_id);
  const page = await listDetailsPage(db, row, { cursor, limit: pageSize(limit) });
  return { ...page, items: shownOf(log, page.items, detailsFor(sideOf(row, actor))) };
}

function moveViews(
  row: ContractRow,
  role: Side,
  { rate, now, delivery }: { rate: Rate; now: string; delivery: DetailsRow | undefined },
): z.output<typeof moveView>[] {
  const paid = { ...row, rate, pauses: pausesIn(row) };
  const until = delivery && undisturbedUntil(delivery);
  return movesFor(row, role).map(({ action, button, money, needs }) => ({
    action,
    label: button?.label ?? action,
    tone: button?.tone ?? 'plain',
    possible_at: needs?.includes(needsTime) && until && until > now ? until : null,
    refund: money
      ? {
          rule: money,
          refund_e9s: refundOf(money, paid, now),
          words: refundWords[money],
        }
      : null,
  }));
}

type EntryRow = Awaited<ReturnType<typeof getFirstEntry>>;
type Parties = Awaited<ReturnType<typeof listParties>>;

function entryOf(row: EntryRow, { renter, provider }: Parties): View['entries'][number] {
  const statement = JSON.parse(row.statement) as AnyStatement;
  const role = row.role as ContractRole;
  return {
    seq: row.seq,
    action: row.action as ContractAction,
    from_state: row.from_state as ContractState | null,
    to_state: row.to_state as ContractState,
    role,
    by_name: role === 'system' ? 'Berth' : { renter, provider }[role].display_name,
    key: row.key,
    at: row.at,
    memo: row.memo,
    hash: row.hash,
    private: row.part ? (JSON.parse(row.part) as Record<string, unknown>) : null,
    data: statement.data,
  };
}

type DetailsRow = Awaited<ReturnType<typeof listDetailsPage>>['items'][number];

/** What a renter sees of a delivery that it has not signed for: what it signs for, and no more. */
const unopened = {
  address: null,
  port: null,
  username: null,
  host_key_fingerprint: null,
  instructions: null,
};

const detailsFor =
  (reader: Side) =>
  ({ contract_id: _, envelope, ...row }: DetailsRow): View['details'][number] => ({
    ...row,
    ...(reader === 'renter' && row.opened_at === null ? unopened : {}),
    envelope: envelope ? (JSON.parse(envelope) as never) : null,
  });

type RequestPart = z.output<typeof requestPart>;

/** What a contract's view shows of the chain it came from; null where it began here. */
function icpOf(first: AnyStatement): { mark: IcpMark; request: RequestPart | null } | null {
  const read = first.action === 'import' ? importRequestData.safeParse(first.data) : null;
  if (!read?.success) return null;
  const { block_offset, block_hash, entry, payload } = read.data;
  return { mark: { block_offset, block_hash, entry }, request: requestIn(payload) };
}

/** What the renter wrote for the provider; a key or contact that cannot be read joins the memo. */
function requestIn(payload: string): RequestPart | null {
  const bytes = findBase64(payload);
  const read = bytes && readContractRequest(bytes);
  if (!read?.ok) return null;
  const { ssh_public_key, contact: said, memo } = read.value;
  const contact = contactIn(said);
  const key = readSshPublicKey(ssh_public_key);
  const lost =
    key.ok || ssh_public_key.trim() === '' ? '' : `\nSSH key: ${lineFrom(ssh_public_key, 200)}`;
  const rest = said.trim() === '' || contact !== null ? '' : `\nContact: ${lineFrom(said, 200)}`;
  const part = requestPart.safeParse({
    ssh_public_key: key.ok ? key.key.public_key : null,
    contact,
    memo: paragraphFrom(memo + lost + rest, MEMO_MAX),
  });
  return part.success ? part.data : null;
}

/** Those whose values could be nothing else. */
const tellingKinds = contactKinds.filter((kind) => kind !== 'discord');

/** `matrix:@ann:example.org` or a bare address whose kind shows. */
function contactIn(text: string): RequestPart['contact'] {
  const [, named, rest] = /^\s*(\w+)\s*:\s*(.+)$/s.exec(text) ?? [];
  const named_kind = contactKinds.find((kind) => kind === named?.toLowerCase());
  const kind =
    named_kind ?? tellingKinds.find((one) => contactRules[one].pattern.test(text.trim()));
  const value = named_kind === undefined ? text : rest;
  const parsed = contactSchema.safeParse({ kind, value });
  return parsed.success ? parsed.data : null;
}
