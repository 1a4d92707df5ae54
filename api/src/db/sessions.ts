import type { Kysely } from 'kysely';
import { compileOnce, type Slots } from './compiled.ts';
import type { Schema } from './schema.ts';

export interface SessionRow {
  id: string;
  account_id: string;
  key: string;
  delegation_id: string | null;
  scopes: string;
  expires_at: string;
  revoked_at: string | null;
  account_key: string | null;
  device_key: string | null;
  delegation: string | null;
  delegation_revoked_at: string | null;
  is_admin: number;
}

const selectSession = compileOnce((db, given: Slots<{ session_id: string }>) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .leftJoin('delegations as d', 'd.id', 's.delegation_id')
    .select([
      's.id',
      's.account_id',
      's.key',
      's.delegation_id',
      's.scopes',
      's.expires_at',
      's.revoked_at',
      'd.account_key',
      'd.device_key',
      'd.delegation',
      'd.revoked_at as delegation_revoked_at',
      'a.is_admin',
    ])
    .where('s.id', '=', given.session_id),
);

/** A session with the delegation it stands on; every request of an account asks for one. */
export async function findSession(
  db: Kysely<Schema>,
  session_id: string,
): Promise<SessionRow | undefined> {
  const { rows } = await selectSession(db, { session_id });
  return rows[0];
}
