import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Block, BlockEntry } from '@berth/shared/icp/blocks-node';
import { kindOfLabel, readEntry, type EntryKind, type ReadEntry } from '@berth/shared/icp/entries';
import { verifyIcp } from '@berth/shared/icp/signature';
import { fromHex } from '@berth/shared/signing/bytes';
import type { ReadCtx } from '../../context.ts';
import { listAnyImported } from '../contracts/index.ts';

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
