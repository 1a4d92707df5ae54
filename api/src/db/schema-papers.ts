interface BillingDetailsTable {
  account_id: string;
  name: string;
  line1: string;
  line2: string;
  postcode: string;
  city: string;
  country: string;
  vat_id: string | null;
  vat_valid: number | null;
  set_at: string;
}

interface InvoicesTable {
  id: string;
  kind: string;
  year: number;
  nth: number;
  number: string;
  cause_id: string;
  entry_id: number;
  seller_id: string | null;
  buyer_id: string;
  contract_id: string | null;
  corrects: string | null;
  currency: string;
  gross_e9s: bigint;
  tax_e9s: bigint;
  issued_at: string;
  document: string;
}

interface InvoiceSeriesTable {
  kind: string;
  year: number;
  last: number;
}

interface CommissionDuesTable {
  account_id: string;
  due_at: string;
  entry_id: number;
}

export interface PapersSchema {
  billing_details: BillingDetailsTable;
  invoices: InvoicesTable;
  invoice_series: InvoiceSeriesTable;
  commission_dues: CommissionDuesTable;
}
