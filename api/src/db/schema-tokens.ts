interface TokensTable {
  id: string;
  account_id: string;
  name: string;
  /** JSON of a list. */
  permissions: string;
  /** The account key of the session that made it. */
  key: string;
  created_at: string;
  revoked_at: string | null;
}

export interface TokenSecretsTable {
  hash: string;
  token_id: string;
  shown: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  last_network: string | null;
}

export interface TokensSchema {
  tokens: TokensTable;
  token_secrets: TokenSecretsTable;
}
