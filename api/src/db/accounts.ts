import type { AccountActor } from '../lib/actor.ts';
import type { Db, Tx } from './database.ts';

/** Makes the writes of one account wait for each other, so that its limits and references hold. */
export async function lockAccount(tx: Tx, { acting_for: account_id }: AccountActor): Promise<void> {
  await tx
    .updateTable('accounts')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', account_id)
    .execute();
}

/** Whether the key still belongs to the account. */
export async function isLivingKey(
  db: Db,
  actor: Pick<AccountActor, 'acting_for'>,
  key: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('account_keys')
    .where('key', '=', key)
    .where('account_id', '=', actor.acting_for)
    .where('removed_at', 'is', null)
    .select('key')
    .executeTakeFirst();
  return row !== undefined;
}
