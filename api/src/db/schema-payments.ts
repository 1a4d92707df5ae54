interface PaymentsTable {
  id: string;
  account_id: string;
  contract_id: string | null;
  processor: string;
  currency: string;
  amount_e9s: bigint;
  state: string;
  state_at: string;
  version: number;
  head_hash: string | null;
  reference: string | null;
  url: string | null;
  failure: string | null;
  created_at: string;
  look_at: string | null;
}

interface ProcessorEventsTable {
  processor: string;
  event_id: string;
  type: string;
  payment_id: string | null;
  at: string;
}

export interface PaymentsSchema {
  payments: PaymentsTable;
  processor_events: ProcessorEventsTable;
}
