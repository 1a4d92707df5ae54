import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { TokenSecretsTable } from '../../db/schema-tokens.ts';
import type { AccountActor } from '../../lib/actor.ts';
import type { TokenUse } from '../../lib/token-uses.ts';

type Db = Kysely<Schema>;
type Tx = Transaction<Schema>;
export type TokenRow = Schema['tokens'];

/** More tokens than this are not listed, the oldest left out. */
const MAX_LISTED = 200;
/** Tokens that one sweep erases. */
const MAX_ERASED = 500;

const visibleTo = (db: Db, actor: AccountActor) =>
  db.selectFrom('tokens as t').where('t.account_id', '=', actor.acting_for);

const hasSecretAfter =
  (at: string) =>
  ({ exists, selectFrom }: ExpressionBuilder<Schema & { t: TokenRow }, 't'>) =>
    exists(
      selectFrom('token_secrets as s')
        .whereRef('s.token_id', '=', 't.id')
        .where('s.expires_at', '>', at)
        .select('s.hash'),
    );

/** Those that have not ended before a time, the newest first. */
export const listVisible = (db: Db, actor: AccountActor, since: string): Promise<TokenRow[]> =>
  visibleTo(db, actor)
    .where((eb) => eb.or([eb('t.revoked_at', 'is', null), eb('t.revoked_at', '>', since)]))
    .where(hasSecretAfter(since))
    .orderBy('t.created_at', 'desc')
    .orderBy('t.id')
    .limit(MAX_LISTED)
    .selectAll('t')
    .execute();

/** The secrets of some tokens, the newest of each first. */
export const listAnySecrets = (
  db: Db,
  tokens: readonly Pick<TokenRow, 'id'>[],
): Promise<TokenSecretsTable[]> =>
  tokens.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('token_secrets')
        .where(
          'token_id',
          'in',
          tokens.map(({ id }) => id),
        )
        .orderBy('created_at', 'desc')
        .orderBy('expires_at', 'desc')
        .selectAll()
        .execute();

/** How many of the account's tokens work at a time. */
export async function countLiving(db: Db, actor: AccountActor, at: string): Promise<number> {
  const { n } = await visibleTo(db, actor)
    .where('t.revoked_at', 'is', null)
    .where(hasSecretAfter(at))
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** One that is not revoked. */
export async function findLiving(
  db: Db,
  actor: AccountActor,
  id: string,
): Promise<TokenRow | null> {
  const row = await visibleTo(db, actor)
    .where('t.id', '=', id)
    .where('t.revoked_at', 'is', null)
    .selectAll('t')
    .executeTakeFirst();
  return row ?? null;
}

export async function insertToken(
  tx: Tx,
  { acting_for: account_id }: AccountActor,
  token: Omit<TokenRow, 'account_id' | 'revoked_at'>,
): Promise<TokenRow> {
  const row = { ...token, account_id, revoked_at: null };
  await tx.insertInto('tokens').values(row).execute();
  return row;
}

export async function insertSecret(tx: Tx, row: TokenSecretsTable): Promise<void> {
  await tx.insertInto('token_secrets').values(row).execute();
}

/** Ends these secrets at a time, where they do not end before it. */
export async function endSecrets(
  tx: Tx,
  secrets: readonly Pick<TokenSecretsTable, 'hash'>[],
  at: string,
): Promise<void> {
  for (const { hash } of secrets) {
    await tx
      .updateTable('token_secrets')
      .set({ expires_at: at })
      .where('hash', '=', hash)
      .where('expires_at', '>', at)
      .execute();
  }
}

/** False where the account has no such token that works. */
export async function saveRevoked(
  tx: Tx,
  { acting_for: account_id }: AccountActor,
  id: string,
  at: string,
): Promise<boolean> {
  return (await revokeBy(tx, account_id, 'id', id, at)) === 1;
}

export async function revokeAnyOfKey(
  tx: Tx,
  account_id: string,
  key: string,
  at: string,
): Promise<void> {
  await revokeBy(tx, account_id, 'key', key, at);
}

/** Revokes tokens and ends their secrets; answers how many tokens. */
async function revokeBy(
  tx: Tx,
  account_id: string,
  column: 'id' | 'key',
  value: string,
  at: string,
): Promise<number> {
  const revoked = await tx
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('account_id', '=', account_id)
    .where(column, '=', value)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  await endSecrets(tx, await listAnySecrets(tx, revoked), at);
  return revoked.length;
}

export async function saveUses(tx: Tx, uses: readonly TokenUse[]): Promise<void> {
  for (const { hash, at, network } of uses) {
    await tx
      .updateTable('token_secrets')
      .set({ last_used_at: at, last_network: network })
      .where('hash', '=', hash)
      .execute();
  }
}

/** Secrets that ended before a time. */
export const findAnyEnded = (db: Db, before: string) =>
  db
    .selectFrom('token_secrets')
    .where('expires_at', '<', before)
    .select(['hash', 'token_id'])
    .limit(MAX_ERASED)
    .execute();

/** Erases secrets, and the tokens that have none left. */
export async function eraseSecrets(
  tx: Tx,
  ended: readonly { hash: string; token_id: string }[],
): Promise<void> {
  const hashes = ended.map(({ hash }) => hash);
  await tx.deleteFrom('token_secrets').where('hash', 'in', hashes).execute();
  await tx
    .deleteFrom('tokens')
    .where(
      'id',
      'in',
      ended.map(({ token_id }) => token_id),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('token_secrets as s').whereRef('s.token_id', '=', 'tokens.id').select('hash'),
        ),
      ),
    )
    .execute();
}
