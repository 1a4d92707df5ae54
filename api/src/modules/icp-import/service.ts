import type { Block, BlockEntry } from '@berth/shared/icp/blocks-node';
import { lineFrom } from '@berth/shared/icp/words';
import { fromHex } from '@berth/shared/signing/bytes';
import { isoAt } from '@berth/shared/time';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { kindOfLabel, readEntry, type EntryKind, type ReadEntry } from '@berth/shared/icp/entries';
import { verifyIcp } from '@berth/shared/icp/signature';
import type { WriteCtx, ReadCtx } from '../../context.ts';
import { fixedClock } from '../../lib/clock.ts';
import { readIcpCsv } from '../../files/icp-csv.ts';
import { describeAccount, ensureAccount, isKeyRemoved, knowsKey } from '../sign-in/index.ts';
import { importContract, importReply, KEY_REMOVED, type Outcome } from '../icp-contracts/index.ts';
import { listAnyImported } from '../contracts/index.ts';
import {
  blockRow,
  entryRow,
  deleteCheckInsOf,
  deleteReputation,
  isFull,
  loadKeys,
  makeStaged,
  stageApproval,
  stageCheckIn,
  stageEntry,
  stageReputation,
  stageTransfer,
  writeRows,
  writeStaged,
  type Place,
  type Staged,
} from '../icp-rows/index.ts';
import { importIcpOfferings, type IcpPlace } from '../icp-offerings/index.ts';

/** Entries that are read ahead: all that they say is still young when it is done with. */
const SLICE_ENTRIES = 128;
const MS_NS = 1_000_000n;
const CONTACT_MAX = 200;

const NOT_HERE = 'there is nothing of its key here';

const applied: Outcome = { status: 'applied', reason: null };
const kept = (reason: string | null): Outcome => ({ status: 'kept', reason });

export const isoOfNs = (timestamp_ns: bigint): string => isoAt(Number(timestamp_ns / MS_NS));

/**
 * Does what the entries of checked blocks say, in their order, and keeps every one of them with
 * what came of it. All times written are the blocks' own, so that an import anywhere, in one go or
 * in many, writes the same. Answers how many were refused.
 */
export async function applyBlocks(
  ctx: WriteCtx,
  blocks: readonly CheckedBlock[],
  tell: (label: string, outcome: Outcome) => void,
): Promise<number> {
  const staged = makeStaged();
  let refused = 0;
  for (const checked of blocks) {
    const { block } = checked;
    const at = isoOfNs(block.timestamp_ns);
    const work: Work = { ctx: { ...ctx, clock: fixedClock(at) }, staged, block, at };
    staged.blocks.push(blockRow(block, at));
    for (let from = 0; from < block.entries.length; from += SLICE_ENTRIES) {
      const slice = block.entries.slice(from, from + SLICE_ENTRIES);
      const entries = slice.map((raw) => ({ raw, found: foundIn(checked, raw) }));
      await loadKeys(ctx.tx, staged, entries.flatMap(keysIn));
      for (const { raw, found } of entries) {
        const outcome = found.ok
          ? await act(work, raw.place, found.content)
          : { status: 'refused' as const, reason: found.reason };
        const row = entryRow(block, raw, outcome);
        stageEntry(staged, row);
        if (outcome.status === 'refused') refused += 1;
        tell(row.label, outcome);
      }
      if (isFull(staged)) await writeRows(ctx.tx, staged);
    }
  }
  await writeStaged(ctx.tx, staged);
  return refused;
}

/** Whose sums an entry changes. */
function keysIn({ found }: { found: Found }): string[] {
  if (!found.ok) return [];
  const { content } = found;
  if (content.kind === 'check_in') return [content.key];
  return content.kind === 'reputation_change'
    ? content.value.changes.map(({ public_key }) => public_key)
    : [];
}

interface Work {
  /** Its clock stands at the block's time. */
  ctx: WriteCtx;
  staged: Staged;
  block: Block;
  at: string;
}

/** What one entry does here. Those that come in masses wait for nothing. */
function act(work: Work, place: number, content: Content): Outcome | Promise<Outcome> {
  const { staged, block, at } = work;
  const where: Place = { block_position: block.offset, place, at };
  switch (content.kind) {
    case 'transfer':
      stageTransfer(staged, where, content);
      return applied;
    case 'approval':
      stageApproval(staged, where, content);
      return applied;
    case 'reputation_change':
      stageReputation(staged, where, content);
      return applied;
    case 'check_in':
      return stageCheckIn(staged, where, content)
        ? applied
        : kept('its key has checked in in this block already');
    case 'reputation_age':
    case 'reward':
    case 'linked_principals':
      return kept(null);
    case 'unknown':
      return kept('its label is not known');
    case 'deleted':
      return remove(work, place, content);
    default:
      return change(work, place, content);
  }
}

type Changing = Extract<
  Content,
  {
    kind:
      | 'provider_register'
      | 'user_register'
      | 'profile'
      | 'offering'
      | 'contract_request'
      | 'contract_reply';
  }
>;

/** What changes accounts, offerings and contracts. */
async function change({ ctx, block }: Work, entry: number, content: Changing): Promise<Outcome> {
  const place = { block_offset: block.offset, block_hash: block.hash, entry };
  const author = authorOf(content);
  if (author !== null && (await isKeyRemoved(ctx, author))) {
    return { status: 'refused', reason: KEY_REMOVED };
  }
  switch (content.kind) {
    case 'provider_register':
    case 'user_register':
      await ensureAccount(ctx, content.key);
      return applied;
    case 'profile': {
      const { says } = content.value;
      return describe(ctx, content.key, { name: says.name, description: aboutOf(says) });
    }
    case 'offering':
      return takeOfferings(ctx, content.key, place, content.value.payload);
    case 'contract_request': {
      const { payload, signature, says } = content.value;
      return importContract(ctx, { ...place, payload, signature }, says);
    }
    case 'contract_reply': {
      const { payload, signature, says } = content.value;
      return importReply(ctx, { ...place, payload, signature }, says);
    }
  }
}

/** Whose key signed it, where its entry says so: a reply's is that of its contract's provider. */
function authorOf(content: Changing): string | null {
  if (content.kind === 'contract_reply') return null;
  return content.kind === 'contract_request' ? content.value.says.requester : content.key;
}

type Says = Extract<Changing, { kind: 'profile' }>['value']['says'];

/** What a profile tells beside the name: texts, then how to reach who it is. */
function aboutOf({ description, why, url, contacts }: Says): string {
  const ways = contacts.map(([name, value]) => lineFrom(`${name}: ${value}`, CONTACT_MAX));
  const parts = [description, why, url, ways.join('\n')];
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

type Profile = Parameters<typeof describeAccount>[2];

async function describe(ctx: WriteCtx, key: string, profile: Profile): Promise<Outcome> {
  const isOurs = await describeAccount(ctx, key, profile);
  return isOurs ? applied : kept('its account’s owner has taken it over and says so here');
}

type Deleted = Extract<Content, { kind: 'deleted' }>;

/** What the chain takes back. Accounts and contracts stay: others have signed for them since. */
async function remove({ ctx, staged, block }: Work, entry: number, content: Deleted) {
  switch (content.deleted) {
    case 'transfer':
      staged.transfers.set(content.key, null);
      return applied;
    case 'approval':
      staged.approvals.set(content.key, null);
      return applied;
    case 'reputation_change':
      await deleteReputation(ctx.tx, staged, content.key);
      return applied;
    case 'check_in':
      await deleteCheckInsOf(ctx.tx, staged, content.key);
      return applied;
    case 'profile':
      if (!(await knowsKey(ctx, content.key))) return kept(NOT_HERE);
      return describe(ctx, content.key, { name: '', description: '' });
    case 'offering': {
      if (!(await knowsKey(ctx, content.key))) return kept(NOT_HERE);
      const place = { block_offset: block.offset, block_hash: block.hash, entry };
      return deleteOfferings(ctx, content.key, place);
    }
    default:
      return kept('what it takes back stays here, as others have built on it');
  }
}

export type Content = Extract<ReadEntry, { ok: true }>['content'];

/** What an entry says, or why it is refused. */
export type Found = { ok: true; content: Content } | { ok: false; reason: string };

export interface CheckedBlock {
  block: Block;
  /** By its place each entry that somebody has to sign, its signature checked. */
  signed: ReadonlyMap<number, Found>;
}

/** Signatures that are checked before others get a turn; one takes about a millisecond. */
const CHECKS_A_TURN = 16;

/** A contract's provider, by the contract's id, as far as a reply may need it. */
export type Providers = Map<string, string>;

/**
 * Checks every signature in blocks: of a reply under the key of that contract's own provider, which
 * its request names. Remembers the requests in `providers`. What nobody signs, which is most of a
 * chain, is read by `foundIn` when its turn comes, and so held by nobody meanwhile.
 */
export async function checkBlocks(
  { db }: Pick<ReadCtx, 'db'>,
  blocks: readonly Block[],
  providers: Providers,
): Promise<CheckedBlock[]> {
  const read = blocks.map((block) => ({
    block,
    entries: block.entries.filter(isSigned).map((raw) => ({ raw, read: readEntry(raw) })),
  }));
  const answered = read.flatMap(({ entries }) => entries.flatMap(({ read: one }) => replyIn(one)));
  for (const { contract_id, provider_key } of await listAnyImported(db, answered)) {
    providers.set(contract_id, provider_key);
  }
  let checks = 0;
  const checked: CheckedBlock[] = [];
  for (const { block, entries } of read) {
    const signed = new Map<number, Found>();
    for (const { raw, read: one } of entries) {
      if (++checks % CHECKS_A_TURN === 0) await nextTurn();
      signed.set(raw.place, checkedOf(raw, one, block, providers));
    }
    checked.push({ block, signed });
  }
  return checked;
}

/** What an entry of a checked block says. */
export const foundIn = ({ signed }: CheckedBlock, raw: BlockEntry): Found =>
  signed.get(raw.place) ?? foundOf(raw, readEntry(raw));

const replyIn = (read: ReadEntry): string[] =>
  read.ok && read.content.kind === 'contract_reply' ? [read.content.key] : [];

const SIGNED = new Set<EntryKind | undefined>([
  'provider_register',
  'user_register',
  'check_in',
  'profile',
  'offering',
  'contract_request',
  'contract_reply',
]);
const isSigned = ({ label, op }: BlockEntry): boolean =>
  op === 'upsert' && SIGNED.has(kindOfLabel.get(label));

function foundOf({ label }: BlockEntry, read: ReadEntry): Found {
  if (read.ok) return read;
  const { part, fault } = read;
  const where = `byte ${fault.offset} of its ${part}`;
  return { ok: false, reason: `it is no ${label}: ${fault.reason}, at ${where}` };
}

function checkedOf(raw: BlockEntry, read: ReadEntry, block: Block, providers: Providers): Found {
  const found = foundOf(raw, read);
  if (!found.ok) return found;
  const { content } = found;
  const reason = problemOf(content, block, providers);
  if (reason !== null) return { ok: false, reason };
  if (content.kind === 'contract_request') {
    providers.set(content.key, content.value.says.provider);
  }
  return found;
}

/** Why an entry's signature is not its author's; null where it is, or none is needed. */
function problemOf(content: Content, block: Block, providers: Providers): string | null {
  switch (content.kind) {
    case 'provider_register':
    case 'user_register':
      return verifyIcp(content.key, fromHex(content.key), content.value.signature)
        ? null
        : 'its signature is not that of its key';
    case 'check_in':
      // It signs the chain's end of its time, which is what the block it stands in follows.
      return verifyIcp(content.key, fromHex(block.parent_hash), content.value.nonce_signature)
        ? null
        : 'its signature is not its key’s of the block before';
    case 'profile':
    case 'offering':
      return verifyIcp(content.key, content.value.payload, content.value.signature)
        ? null
        : 'its signature is not that of its key';
    case 'contract_request': {
      const { payload, says, signature } = content.value;
      return verifyIcp(says.requester, payload, signature)
        ? null
        : 'its signature is not that of its renter';
    }
    case 'contract_reply': {
      const provider = providers.get(content.key);
      if (provider === undefined)
        return 'it answers a contract that the Internet Computer did not bring';
      return verifyIcp(provider, content.value.payload, content.value.signature)
        ? null
        : 'it is not signed by the provider of its contract';
    }
    default:
      return null;
  }
}

/** Takes a provider's file of offerings; what cannot be read of it is named and left out. */
async function takeOfferings(
  ctx: WriteCtx,
  key: string,
  place: IcpPlace,
  csv: Uint8Array,
): Promise<Outcome> {
  const { offerings, errors } = readIcpCsv(csv);
  const whole = errors.find(({ row }) => row === 0);
  if (whole !== undefined) return { status: 'refused', reason: whole.message };
  const acting_for = await ensureAccount(ctx, key);
  const left = errors.map(({ row, field, message }) =>
    [`row ${row}`, field, message].filter((part) => part !== '').join(': '),
  );
  const notes = await importIcpOfferings(ctx, { acting_for, key }, place, offerings);
  return outcomeOf([...left, ...notes]);
}

/** The provider has taken its file back: its offerings go. */
async function deleteOfferings(ctx: WriteCtx, key: string, place: IcpPlace): Promise<Outcome> {
  const acting_for = await ensureAccount(ctx, key);
  return outcomeOf(await importIcpOfferings(ctx, { acting_for, key }, place, []));
}

const outcomeOf = (notes: readonly string[]): Outcome => ({
  status: 'applied',
  reason: notes.length === 0 ? null : notes.join('; '),
});
