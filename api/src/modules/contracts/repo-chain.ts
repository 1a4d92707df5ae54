import type { Db } from './repo.ts';

/** Whose reply counts, of those of these contracts that the ledger brought. */
export async function listImported(
  db: Db,
  contract_ids: readonly string[],
): Promise<{ contract_id: string; provider_key: string }[]> {
  if (contract_ids.length === 0) return [];
  return db
    .selectFrom('contract_sign_requests')
    .where('contract_id', 'in', contract_ids)
    .where('on_chain', '=', 1)
    .select(['contract_id', 'provider_key'])
    .execute();
}
