import { ABOUT_MAX, NAME_MAX } from '@berth/shared/accounts/schemas';
import { idFor } from '@berth/shared/ids';
import { isOwnName } from '@berth/shared/lookalike';
import { lineFrom, paragraphFrom } from '@berth/shared/icp/words';
import { principalOf } from '@berth/shared/signing/principal';
import type { WriteCtx } from '../../context.ts';
import {
  describeUnclaimed,
  findAnyKeyOwner,
  findAnyKeyRemoval,
  findAnyUnclaimed,
  insertAccount,
  insertKey,
} from './repo.ts';
import { firstKey, isFree } from './service-sign-in.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Groups of a principal in a handle: fifty bits, which nobody finds a second key for. */
const HANDLE_GROUPS = 2;

/**
 * The account of a key that the chain names. Where there is none it makes one, without a sign-in:
 * who signs up with the key gets it. Its id follows from the key.
 */
export async function ensureAccount({ tx, clock }: Writes, key: string): Promise<string> {
  const owner = await findAnyKeyOwner(tx, key);
  if (owner !== null) return owner;
  const id = idFor('account', `ledger account ${key}`);
  const at = clock.now();
  const handle = await findHandle(tx, key);
  await insertAccount(tx, {
    id,
    handle,
    display_name: handle,
    state: 'unclaimed',
    encryption_key: null,
    encryption_signed_by: null,
    created_at: at,
    updated_at: at,
  });
  await insertKey(tx, firstKey(key, id, at));
  return id;
}

interface IcpProfile {
  name: string;
  description: string;
}

/** Whether an account has or had this key. */
export const knowsKey = async ({ tx }: Pick<Writes, 'tx'>, key: string): Promise<boolean> =>
  (await findAnyKeyOwner(tx, key)) !== null;

/** Whether its account had given the key up by now: what it signs from then on is not theirs. */
export async function isKeyRemoved({ tx, clock }: Writes, key: string): Promise<boolean> {
  const removed_at = await findAnyKeyRemoval(tx, key);
  return removed_at !== null && removed_at <= clock.now();
}

/**
 * Says who an account is by its profile on the chain; false once its owner has taken it over. The
 * handle stays: names there cost nothing, and would take those of people here.
 */
export async function describeAccount(
  ctx: Writes,
  key: string,
  { name, description }: IcpProfile,
): Promise<boolean> {
  await ensureAccount(ctx, key);
  const account = await findAnyUnclaimed(ctx.tx, key);
  if (account === null) return false;
  await describeUnclaimed(ctx.tx, account.id, {
    display_name: readName(name) || account.handle,
    about: paragraphFrom(description, ABOUT_MAX),
    updated_at: ctx.clock.now(),
  });
  return true;
}

/** A name of the chain, or nothing where it is none that people may take here. */
const readName = (name: string): string => {
  const line = lineFrom(name, NAME_MAX);
  return isOwnName(line) ? '' : line;
};

/** As much of the principal as tells it from others, or the first number behind it that is free. */
async function findHandle(tx: Writes['tx'], key: string): Promise<string> {
  const short = principalOf(key).split('-').slice(0, HANDLE_GROUPS).join('-');
  let handle = short;
  for (let nth = 2; !(await isFree(tx, handle)); nth += 1) handle = `${short}-${nth}`;
  return handle;
}
