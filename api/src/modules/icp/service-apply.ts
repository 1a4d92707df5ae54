import type { Block, BlockEntry } from '@berth/shared/icp/blocks-node';
import { lineFrom } from '@berth/shared/icp/words';
import { toHex } from '@berth/shared/signing/bytes';
import { isoAt } from '@berth/shared/time';
import type { WriteCtx } from '../../context.ts';
import { fixedClock } from '../../lib/clock.ts';
import { describeAccount, ensureAccount, isKeyRemoved, knowsKey } from '../accounts/index.ts';
import { importContract, importReply, KEY_REMOVED, type Outcome } from '../contracts/index.ts';
import { foundIn, type CheckedBlock, type Content, type Found } from './service-check.ts';
import { deleteOfferings, takeOfferings } from './service-offerings.ts';
import {
  base64Of,
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
} from './service-staged.ts';

/** Entries that are read ahead: all that they say is still young when it is done with. */
const SLICE_ENTRIES = 128;
const MS_NS = 1_000_000n;
const LABEL_MAX = 60;
const REASON_MAX = 500;
const CONTACT_MAX = 200;

const NOT_HERE = 'there is nothing of its key here';

const applied: Outcome = { status: 'applied', reason: null };
const kept = (reason: string | null): Outcome => ({ status: 'kept', reason });

export const isoOfNs = (timestamp_ns: bigint): string => isoAt(Number(timestamp_ns / MS_NS));
export const labelOf = (label: string): string => lineFrom(label, LABEL_MAX) || '?';

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

const blockRow = (block: Block, at: string) => ({
  position: block.offset,
  size: block.length,
  hash: block.hash,
  parent_hash: block.parent_hash,
  timestamp_ns: block.timestamp_ns.toString(),
  at,
  entries: block.entries.length,
});

const entryRow = ({ offset }: Block, raw: BlockEntry, { status, reason }: Outcome) => ({
  block_position: offset,
  place: raw.place,
  label: labelOf(raw.label),
  op: raw.op,
  entry_key: toHex(raw.key),
  value: base64Of(raw.value),
  status,
  reason: reason === null ? null : lineFrom(reason, REASON_MAX),
});

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
