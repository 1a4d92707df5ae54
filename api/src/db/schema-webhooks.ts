interface WebhooksTable {
  id: string;
  account_id: string;
  url: string;
  description: string;
  /** JSON of a list. */
  types: string;
  /** Which of its secrets signs; those are derived, and none is kept. */
  secret_number: number;
  old_secret_until: string | null;
  disabled_at: string | null;
  disabled_by: string | null;
  failing_since: string | null;
  is_slow: number;
  current_id: string | null;
  last_place: number;
  created_at: string;
}

interface WebhookDeliveriesTable {
  id: string;
  webhook_id: string;
  place: number;
  message_id: string;
  type: string;
  body: string;
  state: string;
  tries: number;
  created_at: string;
  ended_at: string | null;
  again_at: string | null;
}

interface WebhookAttemptsTable {
  delivery_id: string;
  number: number;
  at: string;
  url: string;
  ms: number;
  status: number | null;
  text: string;
}

export interface WebhooksSchema {
  webhooks: WebhooksTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_attempts: WebhookAttemptsTable;
}
