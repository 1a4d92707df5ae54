import type { Db } from './repo.ts';

/** Values of one `in (…)`. */
const IDS_AT_ONCE = 500;

/** Whose reply counts, of those of these contracts that the chain brought. */
export async function listAnyImported(
  db: Db,
  contract_ids: readonly string[],
): Promise<{ contract_id: string; provider_key: string }[]> {
  const ids = [...new Set(contract_ids)];
  const rows: { contract_id: string; provider_key: string }[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const some = await db
      .selectFrom('contract_sign_requests')
      .where('contract_id', 'in', ids.slice(from, from + IDS_AT_ONCE))
      .where('on_chain', '=', 1)
      .select(['contract_id', 'provider_key'])
      .execute();
    rows.push(...some);
  }
  return rows;
}
