/** The chain's tables; positions are safe integers, 64-bit amounts decimal text. */

interface IcpCursorTable {
  id: number;
  position: number;
  bytes_before: string;
  block_hash: string;
  block_length: number;
  block_at: string;
  blocks: number;
  entries: number;
}

interface IcpSyncTable {
  id: number;
  leased_by: string | null;
  leased_until: string | null;
  asked_at: string | null;
  tip_position: number | null;
  tip_blocks: number | null;
  tip_hash: string | null;
  tip_at: string | null;
  seen_at: string | null;
}

interface IcpRunsTable {
  id: string;
  source: string;
  started_at: string;
  ended_at: string | null;
  position: number;
  blocks: number;
  entries: number;
  refused: number;
  bytes: number;
  outcome: string;
  detail: string | null;
}

interface IcpBlocksTable {
  position: number;
  size: number;
  hash: string;
  parent_hash: string;
  timestamp_ns: string;
  at: string;
  entries: number;
}

interface IcpEntriesTable {
  block_position: number;
  place: number;
  label: string;
  op: string;
  entry_key: string;
  value: string;
  status: string;
  reason: string | null;
}

interface IcpCountsTable {
  label: string;
  status: string;
  entries: number;
}

interface IcpTransfersTable {
  tx_hash: string;
  block_position: number;
  place: number;
  at: string;
  from_owner: string;
  from_sub: string | null;
  to_owner: string;
  to_sub: string | null;
  amount_e9s: string;
  fee_e9s: string | null;
  fee_accounts: string | null;
  created_ns: string | null;
  memo: string;
  from_after_e9s: string;
  to_after_e9s: string;
}

interface IcpApprovalsTable {
  tx_hash: string;
  block_position: number;
  place: number;
  at: string;
  approver_owner: string;
  approver_sub: string | null;
  spender_owner: string;
  spender_sub: string | null;
  allowance_e9s: string;
  expires_ns: string | null;
  fee_e9s: string;
  memo: string;
  created_ns: string;
}

interface IcpReputationChangesTable {
  block_position: number;
  place: number;
  nth: number;
  entry_key: string;
  public_key: string;
  points: string;
  at: string;
}

interface IcpCheckInsTable {
  block_position: number;
  place: number;
  public_key: string;
  memo: string | null;
  at: string;
}

interface IcpKeysTable {
  public_key: string;
  reputation: string;
  check_ins: number;
  streak_days: number;
  last_check_in_at: string | null;
}

interface IcpOfferingsTable {
  offering_id: string;
  provider_key: string;
  reference: string;
  block_position: number;
  block_hash: string;
  place: number;
  terms_hash: string;
  state: string;
  stock: number;
}

export interface IcpSchema {
  icp_cursor: IcpCursorTable;
  icp_sync: IcpSyncTable;
  icp_runs: IcpRunsTable;
  icp_blocks: IcpBlocksTable;
  icp_entries: IcpEntriesTable;
  icp_counts: IcpCountsTable;
  icp_transfers: IcpTransfersTable;
  icp_approvals: IcpApprovalsTable;
  icp_reputation_changes: IcpReputationChangesTable;
  icp_check_ins: IcpCheckInsTable;
  icp_keys: IcpKeysTable;
  icp_offerings: IcpOfferingsTable;
}
