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

export interface PapersSchema {
  billing_details: BillingDetailsTable;
}
