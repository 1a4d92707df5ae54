import { sql } from 'kysely';

/** A rule falls with the device or the account key that signed it. Expects the rule as `r`. */
export const signerStands = sql<boolean>`not exists (
  select 1 from delegations d where d.id = r.delegation_id and d.revoked_at is not null
) and not exists (
  select 1 from account_keys k where k.removed_at is not null and k.key = coalesce(
    (select d.account_key from delegations d where d.id = r.delegation_id), r.key)
)`;
