import { ABOUT_MAX, HANDLE_MAX, handleSchema, NAME_MAX } from '@berth/shared/accounts/schemas';
import { idFor } from '@berth/shared/ids';
import { lineFrom, paragraphFrom } from '@berth/shared/ledger/words';
import { principalOf } from '@berth/shared/signing/principal';
import type { WriteCtx } from '../../context.ts';
import {
  describeUnclaimed,
  findKeyOwner,
  findUnclaimed,
  getAccount,
  insertAccount,
  insertKey,
} from './repo.ts';
import { firstKey, isFree } from './service-sign-in.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** How many groups of a principal a handle has room for. */
const MAX_GROUPS = 5;
const MIN_GROUPS = 2;

/**
 * The account of a key that the ledger names. Where there is none it makes one, without a sign-in:
 * who signs up with the key gets it. Its id follows from the key.
 */
export async function ensureAccount({ tx, clock }: Writes, key: string): Promise<string> {
  const owner = await findKeyOwner(tx, key);
  if (owner !== null) return owner;
  const id = idFor('account', `ledger account ${key}`);
  const at = clock.now();
  const handle = await findHandle(tx, key, '');
  await insertAccount(tx, {
    id,
    handle,
    display_name: handle,
    encryption_key: '',
    encryption_signature: '',
    encryption_signed_by: '',
    created_at: at,
    updated_at: at,
  });
  await insertKey(tx, firstKey(key, id, at));
  return id;
}

export interface LedgerProfile {
  name: string;
  description: string;
}

/** Says who an account is by its profile on the ledger; false once its owner has taken it over. */
export async function describeAccount(
  ctx: Writes,
  key: string,
  { name, description }: LedgerProfile,
): Promise<boolean> {
  const id = await ensureAccount(ctx, key);
  if ((await findUnclaimed(ctx.tx, key)) === null) return false;
  const { handle } = await getAccount(ctx.tx, id);
  const isPlain = principalOf(key).startsWith(handle);
  const better = isPlain ? await findHandle(ctx.tx, key, name) : handle;
  await describeUnclaimed(ctx.tx, id, {
    handle: better,
    display_name: lineFrom(name, NAME_MAX) || better,
    about: paragraphFrom(description, ABOUT_MAX),
    updated_at: ctx.clock.now(),
  });
  return true;
}

/** The first free handle: the name's, else as much of the principal as tells it from others. */
async function findHandle(tx: Writes['tx'], key: string, name: string): Promise<string> {
  const slug = handleSchema.safeParse(slugOf(name));
  if (slug.success && (await isFree(tx, slug.data))) return slug.data;
  const groups = principalOf(key).split('-');
  for (let count = MIN_GROUPS; count <= MAX_GROUPS; count += 1) {
    const handle = groups.slice(0, count).join('-');
    const owner = await findUnclaimed(tx, key);
    if (owner?.handle === handle || (await isFree(tx, handle))) return handle;
  }
  throw new Error(`Every handle for the key ${key} is taken`);
}

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, HANDLE_MAX)
    .replace(/-+$/, '');
