import { sql, type RawBuilder } from 'kysely';

/** The key an account was made with comes first, then those that joined, in order. */
export const joined = sql<number>`case when linked_by is null then 0 else 1 end`;

/** The key that an account is known by: the first of those it has now. */
export const knownKey = (account_id_column: string): RawBuilder<string> => sql<string>`(
  SELECT k.key FROM account_keys AS k
  WHERE k.account_id = ${sql.ref(account_id_column)} AND k.removed_at IS NULL
  ORDER BY ${joined}, k.added_at, k.key LIMIT 1)`;
