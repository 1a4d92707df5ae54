import type { Deps } from '../../api/src/context.ts';
import type { Schema } from '../../api/src/db/schema.ts';

type Table = keyof Schema;

/**
 * Whether a table belongs to a marketplace, or only serves a process while it runs: nobody is
 * signed in, and all news was told. What a made-up icp left in a demo belongs; that it was read
 * does not, so that a real one can be imported beside it. Each table stands after those that it
 * refers to.
 */
const belongs: Record<Table, boolean> = {
  accounts: true,
  account_keys: true,
  account_key_events: true,
  account_contacts: true,
  account_ssh_keys: true,
  delegations: true,
  challenges: false,
  sessions: false,
  tokens: false,
  token_secrets: false,
  webhooks: false,
  webhook_deliveries: false,
  webhook_attempts: false,
  idempotency_keys: false,
  notices: true,
  notice_choices: true,
  // Addresses are real ones, and mail is of the moment.
  mail_addresses: false,
  mail_waiting: false,
  mail_sent: false,
  outbox: false,
  due_work: false,
  rate_windows: false,
  projections: false,
  effects: false,
  stream_events: false,
  offerings: true,
  offering_terms: true,
  auto_accept_rules: true,
  contract_sign_requests: true,
  log: true,
  contract_private_parts: true,
  contract_sign_replies: true,
  contract_provisioning_details: true,
  contract_extensions: true,
  // The triggers make it of what is copied.
  contract_totals: false,
  // The database makes the postings of the entries, and the balances of those.
  ledger_entries: true,
  ledger_postings: false,
  ledger_accounts: false,
  // They are added up anew.
  ledger_sums: false,
  ledger_checks: false,
  earned_months: true,
  billing_details: true,
  invoices: true,
  invoice_series: true,
  commission_dues: true,
  payments: true,
  bank_accounts: true,
  payout_batches: true,
  payouts: true,
  processor_events: false,
  escrows: true,
  offering_holds: false,
  blocked_renters: true,
  bulk_changes: false,
  import_mappings: true,
  offering_days: true,
  // As it was: what triggers make of the offerings that are copied knows no history.
  provider_units: true,
  offering_points: true,
  provider_contracts: true,
  provider_records: true,
  icp_cursor: false,
  icp_sync: false,
  icp_runs: false,
  icp_blocks: false,
  icp_entries: false,
  icp_counts: false,
  icp_transfers: true,
  icp_approvals: false,
  icp_reputation_changes: false,
  icp_check_ins: false,
  icp_keys: true,
  icp_offerings: true,
  // They are asked for anew.
  exchange_rates: false,
  admin_log: false,
  saved_offerings: true,
  saved_searches: true,
  service_keys: false,
};

const copied = (Object.keys(belongs) as Table[]).filter((table) => belongs[table]);

/** The order of rows that the database takes in that of their making only. */
const inOrder: Partial<Record<Table, string>> = { ledger_entries: 'id', invoices: 'rowid' };

const ROWS_AT_ONCE = 200;

/** Without the number that the database gives: entries are posted anew, in their order. */
const unnumbered = ({ id: _, ...row }: Record<string, unknown>) => row;

/** The rows of every table that belongs to the marketplace, in the order to insert them. */
export async function readMarket({ db }: Pick<Deps, 'db'>) {
  const market = [];
  for (const table of copied) {
    const query = db.selectFrom(table as 'accounts').selectAll();
    const order = inOrder[table];
    const rows = await (order ? query.orderBy(order as 'id') : query).execute();
    market.push({ table, rows });
  }
  return market;
}

/**
 * Copies a marketplace into a database without accounts, in one transaction: whole or not at all.
 * Answers false, and changes nothing, where somebody has an account already.
 */
export async function copyMarket(
  from: Pick<Deps, 'db'>,
  to: Pick<Deps, 'database'>,
): Promise<boolean> {
  const market = await readMarket(from);
  return to.database.write(async (tx) => {
    if (await hasAccounts(tx)) return false;
    for (const { table, rows } of market) {
      if (table === 'provider_units') await tx.deleteFrom(table).execute();
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const some = rows.slice(at, at + ROWS_AT_ONCE);
        const values = table === 'ledger_entries' ? some.map(unnumbered) : some;
        await tx
          .insertInto(table as 'accounts')
          .values(values as typeof some)
          .execute();
      }
    }
    return true;
  });
}

/** Whether anybody has an account there. */
export async function hasAccounts(db: Deps['db']): Promise<boolean> {
  return (await db.selectFrom('accounts').select('id').limit(1).execute()).length > 0;
}
