/**
 * The tables as Kysely sees them. The migrations are the source; `schema.test.ts` compares both.
 */
import type { Generated } from 'kysely';
import type { AdminSchema } from './schema-admin.ts';
import type { IcpSchema } from './schema-icp.ts';
import type { LedgerSchema } from './schema-ledger.ts';
import type { PaymentsSchema } from './schema-payments.ts';
import type { PapersSchema } from './schema-papers.ts';
import type { PayoutsSchema } from './schema-payouts.ts';
import type { MarketSchema } from './schema-market.ts';
import type { OfferingsSchema } from './schema-offerings.ts';
import type { RatesSchema } from './schema-rates.ts';
import type { MailSchema } from './schema-mail.ts';
import type { SavedSchema } from './schema-saved.ts';
import type { TokensSchema } from './schema-tokens.ts';
import type { WebhooksSchema } from './schema-webhooks.ts';
import type { WorkSchema } from './schema-work.ts';

export interface AccountsTable {
  id: string;
  handle: string;
  display_name: string;
  about: Generated<string>;
  /** Unclaimed: brought by the import, and nobody has signed up with its key. */
  state: Generated<string>;
  /** What others seal to, and the account key that published it; null while unclaimed. */
  encryption_key: string | null;
  encryption_signed_by: string | null;
  version: Generated<number>;
  is_admin: Generated<number>;
  created_at: string;
  updated_at: string;
}

export interface AccountKeysTable {
  key: string;
  account_id: string;
  label: string;
  linked_by: string | null;
  added_at: string;
  removed_at: string | null;
}

export interface AccountKeyEventsTable {
  account_id: string;
  seq: number;
  kind: string;
  subject: string;
  event: string;
  taken_at: string;
}

export interface AccountContactsTable {
  id: string;
  account_id: string;
  kind: string;
  value: string;
  created_at: string;
}

export interface AccountSshKeysTable {
  id: string;
  account_id: string;
  label: string;
  type: string;
  public_key: string;
  fingerprint: string;
  created_at: string;
}

export interface DelegationsTable {
  id: string;
  account_id: string;
  account_key: string;
  device_key: string;
  label: string;
  delegation: string;
  signature: string;
  issued_at: string;
  expires_at: string;
  revoked_at: string | null;
}

export interface ChallengesTable {
  nonce: string;
  key: string;
  issued_at: string;
  expires_at: string;
  used_at: string | null;
}

export interface SessionsTable {
  id: string;
  account_id: string;
  key: string;
  delegation_id: string | null;
  scopes: string;
  user_agent: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
}

export interface IdempotencyKeysTable {
  principal: string;
  acting_for: string;
  idempotency_key: string;
  request_hash: string;
  status: number;
  reply: string;
  created_at: string;
}

export interface NoticesTable {
  id: string;
  account_id: string;
  kind: string;
  title: string;
  /** What it means and what to do, and what it is about, as JSON. */
  text: string;
  facts: string;
  link: string;
  contract_id: string | null;
  seq: number | null;
  created_at: string;
  read_at: string | null;
}

export interface OutboxTable {
  id: Generated<number>;
  topic: string;
  payload: string;
  created_at: string;
  position: number | null;
}

export interface StreamEventsTable {
  id: Generated<number>;
  account_id: string;
  topic: string;
  subject_id: string;
  created_at: string;
}

export interface OfferingsTable {
  id: string;
  provider_id: string;
  provider_key: string;
  state: string;
  visibility: string;
  version: number;
  terms_hash: string;
  kind: string;
  title: string;
  description: string;
  gpu_model: string | null;
  gpu_count: number | null;
  gpu_memory_gib: number | null;
  cpu_model: string | null;
  vcpus: number | null;
  memory_gib: number | null;
  disk_kind: string | null;
  disk_gib: number | null;
  uplink_mbps: number | null;
  traffic_tib: number | null;
  unmetered: number;
  virtualization: string | null;
  operating_systems: string;
  features: string;
  gpu_interconnect: string | null;
  commitment: string | null;
  on_chain: number;
  country: string;
  city: string;
  price_e9s: bigint;
  unit: string;
  hourly_e9s: bigint;
  currency: string;
  setup_fee_e9s: bigint;
  min_hours: number;
  max_hours: number;
  stock: number;
  response_hours: number;
  provisioning_hours: number;
  reference: string | null;
  created_at: string;
  updated_at: string;
  listed_at: string | null;
  /** Entries of its log; none of what was made before there was one, until its next move. */
  log_length: number;
  head_hash: string | null;
}

export interface OfferingTermsTable {
  terms_hash: string;
  offering_id: string;
  terms: string;
  created_at: string;
}

export interface AutoAcceptRulesTable {
  id: string;
  offering_id: string;
  rule: string;
  signature: string;
  key: string;
  delegation_id: string | null;
  max_hours: number;
  expires_at: string;
  created_at: string;
  revoked_at: string | null;
}

export interface ContractSignRequestsTable {
  contract_id: string;
  offering_id: string;
  terms_hash: string;
  renter_id: string;
  provider_id: string;
  renter_key: string;
  provider_key: string;
  state: string;
  version: number;
  head_hash: string;
  /** What the newest statement is dated. */
  head_at: string;
  title: string;
  /** What the renter chose, where the terms leave it open. */
  operating_system: string | null;
  hours: number;
  total_e9s: bigint;
  refund_e9s: bigint | null;
  currency: string;
  nonce: string;
  requested_at: string;
  state_at: string;
  due_at: string | null;
  active_at: string | null;
  ends_at: string | null;
  /** When the paid clock stood still: JSON of `Pause`s. */
  pauses: string;
  ended_at: string | null;
  erase_at: string | null;
  /** When the parties are next told that it ends soon. */
  warn_at: string | null;
  extension_by: string | null;
  on_chain: number;
}

export interface LogTable {
  subject_kind: string;
  subject_id: string;
  seq: number;
  action: string;
  from_state: string | null;
  to_state: string;
  by: string;
  role: string;
  at: string;
  memo: string;
  statement: string;
  /** Null in the log of a machine that is not signed, as the key is. */
  signature: string | null;
  key: string | null;
  delegation_id: string | null;
  prev_hash: string | null;
  hash: string;
}

export interface ContractPrivatePartsTable {
  contract_id: string;
  seq: number;
  salt: string;
  part: string | null;
  erased_at: string | null;
}

export interface ContractSignRepliesTable {
  contract_id: string;
  seq: number;
  accepted: number;
  replied_by: string;
  replied_at: string;
  rule_id: string | null;
}

export interface ContractProvisioningDetailsTable {
  contract_id: string;
  seq: number;
  address: string | null;
  port: number | null;
  username: string | null;
  host_key_fingerprint: string | null;
  instructions: string | null;
  envelope: string | null;
  envelope_digest: string;
  provider_key: string;
  recipient_key: string;
  created_at: string;
  erased_at: string | null;
}

export interface ContractExtensionsTable {
  contract_id: string;
  seq: number;
  proposed_by: string;
  hours: number;
  extra_e9s: bigint;
  accepted_seq: number | null;
  created_at: string;
}

/** What one side's contracts come to; triggers keep it. */
export interface ContractTotalsTable {
  account_id: string;
  side: string;
  state: string;
  extension_by: string;
  currency: string;
  part: number;
  contracts: number;
  whole: number;
  rest_e9s: bigint;
}

interface ServiceKeysTable {
  key: string;
  at: string;
  record: string;
  signature: string | null;
  key_signature: string;
}

export interface Schema
  extends
    AdminSchema,
    IcpSchema,
    LedgerSchema,
    MailSchema,
    PaymentsSchema,
    PapersSchema,
    PayoutsSchema,
    MarketSchema,
    OfferingsSchema,
    RatesSchema,
    SavedSchema,
    TokensSchema,
    WebhooksSchema,
    WorkSchema {
  accounts: AccountsTable;
  account_keys: AccountKeysTable;
  account_key_events: AccountKeyEventsTable;
  account_contacts: AccountContactsTable;
  account_ssh_keys: AccountSshKeysTable;
  delegations: DelegationsTable;
  challenges: ChallengesTable;
  sessions: SessionsTable;
  idempotency_keys: IdempotencyKeysTable;
  notices: NoticesTable;
  outbox: OutboxTable;
  stream_events: StreamEventsTable;
  offerings: OfferingsTable;
  offering_terms: OfferingTermsTable;
  auto_accept_rules: AutoAcceptRulesTable;
  contract_sign_requests: ContractSignRequestsTable;
  log: LogTable;
  contract_private_parts: ContractPrivatePartsTable;
  contract_sign_replies: ContractSignRepliesTable;
  contract_provisioning_details: ContractProvisioningDetailsTable;
  contract_extensions: ContractExtensionsTable;
  contract_totals: ContractTotalsTable;
  service_keys: ServiceKeysTable;
}
