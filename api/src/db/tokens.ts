import type { Kysely } from 'kysely';
import { compileOnce, type Slots } from './compiled.ts';
import type { Schema } from './schema.ts';

export interface TokenRow {
  id: string;
  account_id: string;
  permissions: string;
  key: string;
  revoked_at: string | null;
  hash: string;
  expires_at: string;
  last_used_at: string | null;
}

const selectToken = compileOnce((db, given: Slots<{ hash: string }>) =>
  db
    .selectFrom('token_secrets as s')
    .innerJoin('tokens as t', 't.id', 's.token_id')
    .select(['t.id', 't.account_id', 't.permissions', 't.key', 't.revoked_at'])
    .select(['s.hash', 's.expires_at', 's.last_used_at'])
    .where('s.hash', '=', given.hash),
);

/** The API token of a secret's hash; every request that brings one asks for it. */
export async function findToken(db: Kysely<Schema>, hash: string): Promise<TokenRow | undefined> {
  const { rows } = await selectToken(db, { hash });
  return rows[0];
}
