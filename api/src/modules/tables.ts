import type { Schema } from '../db/schema.ts';

type Table = keyof Schema;

/** Table -> the module that owns it and alone writes it; `db` is what stands below the modules. */
export const owners = {
  account_contacts: 'accounts',
  account_key_events: 'accounts',
  account_keys: 'accounts',
  account_ssh_keys: 'accounts',
  accounts: 'accounts',
  admin_log: 'admin',
  auto_accept_rules: 'auto-accept',
  blocked_renters: 'blocks',
  bulk_changes: 'bulk',
  challenges: 'sessions',
  contract_extensions: 'contracts',
  contract_private_parts: 'contracts',
  contract_provisioning_details: 'contracts',
  contract_sign_replies: 'contracts',
  contract_sign_requests: 'contracts',
  contract_totals: 'contract-lists',
  delegations: 'sessions',
  due_work: 'db',
  effects: 'db',
  escrows: 'billing',
  exchange_rates: 'rates',
  icp_approvals: 'icp-rows',
  icp_blocks: 'icp-rows',
  icp_check_ins: 'icp-rows',
  icp_counts: 'icp-rows',
  icp_cursor: 'icp-import',
  icp_entries: 'icp-rows',
  icp_keys: 'icp-rows',
  icp_offerings: 'icp-offerings',
  icp_reputation_changes: 'icp-rows',
  icp_runs: 'icp-import',
  icp_sync: 'icp-import',
  icp_transfers: 'icp-rows',
  idempotency_keys: 'db',
  import_mappings: 'import',
  ledger_accounts: 'ledger',
  ledger_entries: 'ledger',
  ledger_postings: 'ledger',
  log: 'db',
  mail_addresses: 'mail',
  mail_sent: 'mail',
  mail_waiting: 'mail',
  notice_choices: 'notices',
  notices: 'notices',
  offering_days: 'statistics',
  offering_holds: 'stock',
  offering_points: 'market',
  offering_terms: 'catalogue',
  offerings: 'catalogue',
  outbox: 'db',
  projections: 'db',
  provider_contracts: 'market',
  provider_records: 'market',
  provider_units: 'statistics',
  rate_windows: 'db',
  saved_offerings: 'saved',
  saved_searches: 'saved',
  service_keys: 'db',
  sessions: 'sessions',
  stream_events: 'db',
  token_secrets: 'tokens',
  tokens: 'tokens',
} as const satisfies Record<Table, string>;

/**
 * Module -> another's table that a statement of it reads, and why the owner's exported reads do not
 * do: one statement is one snapshot and one round trip. A row that nobody reads is taken out.
 */
export const reads: Readonly<Record<string, Partial<Record<Table, string>>>> = {
  accounts: {
    contract_sign_requests: 'the page of a provider counts its contracts by how they ended',
    log: 'and, of the cancelled ones, by who cancelled them',
    offerings: 'that page is there for who has offered something',
    sessions: 'what every page shows of who is signed in is one statement',
  },
  admin: { accounts: 'the log of acts names who acted' },
  billing: {
    contract_sign_requests: 'what waits for money is found by its renter, the oldest first',
    ledger_accounts: 'what is held for an account is added up over its contracts',
  },
  blocks: { accounts: 'blocked renters are listed by name' },
  catalogue: {
    accounts: 'an offering is shown with its provider',
    auto_accept_rules: 'and with the hours that are accepted at once',
    contract_sign_requests: 'and, to its provider, with how many contracts are open',
    icp_offerings: 'and with its place on the chain',
  },
  contracts: {
    accounts: 'news of a move name the parties, and credentials are sealed to the renter’s key',
    log: 'an extension is accepted by the hash of its entry',
  },
  'contract-lists': { accounts: 'contracts are listed with the names of their parties' },
  'contract-pages': {
    accounts: 'a contract is shown with its parties',
    contract_provisioning_details: 'and with what was delivered, page by page',
  },
  db: {
    contract_provisioning_details: 'of those a renter reads where to connect once it has signed',
    contract_private_parts: 'a log is read with the personal parts of its entries',
    contract_sign_requests: 'several modules read a contract, each from who may see it',
    account_keys: 'whether a key or a rule stands is asked by several modules',
    accounts: 'a request asks for its session, whose account may be an admin',
    auto_accept_rules: 'the search index is filled from its own statement',
    delegations: 'a request and an entry of a log were signed under one',
    exchange_rates: 'the search index compares prices by them',
    offerings: 'the search index is filled from its own statement',
    provider_records: 'the search index is filled from its own statement',
    sessions: 'a request asks for its session',
    token_secrets: 'or for the token that it came with',
    tokens: 'or for the token that it came with',
  },
  history: {
    accounts: 'an entry names who made it',
    log: 'history is a page of the log',
  },
  'icp-rows': { account_keys: 'a key of the chain belongs to who has signed up with it' },
  'icp-offerings': { offerings: 'an offering is found by its place on the chain' },
  saved: {
    offering_holds: 'what is held is told as stock: it is rented or comes back',
    offerings: 'what changed is compared with what was told, for many at once',
  },
  statistics: {
    contract_sign_replies: 'statistics count the answers',
    contract_sign_requests: 'statistics count the requests, and what contracts earned',
    saved_offerings: 'statistics count who saved it',
  },
  stock: {
    auto_accept_rules: 'what a request stands on is one snapshot: terms, stock and rule',
    contract_sign_requests: 'room is counted over requests and holds at once',
    delegations: 'what a request stands on is one snapshot: terms, stock and rule',
    offerings: 'what a request stands on is one snapshot: terms, stock and rule',
  },
};

/** The same for writes: a lock of a row changes nothing. */
export const writes: Readonly<Record<string, Partial<Record<Table, string>>>> = {
  db: { accounts: 'locking an account writes the version that it has' },
};
