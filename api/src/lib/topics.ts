/** What JSON keeps as it is. So an amount is decimal text, and a time is ISO text. */
export type Json<T> = T extends string | number | boolean | null
  ? T
  : T extends readonly (infer One)[]
    ? readonly Json<One>[]
    : T extends object
      ? { readonly [Name in keyof T]: Json<T[Name]> }
      : never;

/** A table of payloads, each of which JSON keeps; another does not compile. */
export type JsonTable<Table extends { readonly [Name in keyof Table]: Json<Table[Name]> }> = Table;

/** An offering as everybody may see it from a moment on. */
export interface OfferingNews {
  offering_id: string;
  /** When it changed, and what held from then on: news may be read long after. */
  at: string;
  /** Whether everybody could see it, and whether they could rent it too. */
  shown: boolean;
  available: boolean;
  price_e9s: string;
  unit: string;
  setup_fee_e9s: string;
  currency: string;
}

/** Every topic of the outbox, with what a row of it says. */
export type Topics = JsonTable<{
  /** A device that the account had not signed in on before. */
  'account.device': { account_id: string; device: string };
  /** What became of its mail address; of addresses only enough to know them by. */
  'account.mail': {
    account_id: string;
    what: 'added' | 'changed' | 'removed' | 'stopped';
    address: string;
    before: string;
    said: string;
  };
  'account.keys': {
    account_id: string;
    what: 'added' | 'removed' | 'restored' | 'sealed_to';
    /** What the owner calls the key. */
    label: string;
  };
  'account.tokens': { account_id: string; what: 'made' | 'rotated'; name: string };
  /** Where events are sent from now on. */
  'webhook.set': { account_id: string; webhook_id: string; host: string; what: 'made' | 'moved' };
  /** Why nothing is sent to it any more. */
  'webhook.disabled': {
    account_id: string;
    webhook_id: string;
    host: string;
    by: 'gone' | 'failing' | 'full';
  };
  /** Its paid hours end soon, in so many hours before `ends_at`. */
  'contract.ends': { contract_id: string; ends_at: string; hours: number };
  'contract.moved': { contract_id: string; seq: number };
  /** What was posted to an account's money; an amount is decimal text of 10^-9 units. */
  'money.posted': {
    account_id: string;
    what: 'held' | 'refunded' | 'paid_in' | 'paid_out' | 'given_back';
    amount_e9s: string;
    currency: string;
    /** The contract that it is for, and what that is of; null for a transfer. */
    contract: { contract_id: string; title: string } | null;
  };
  /** A notice was written, for what tells of it elsewhere too. */
  'notices.made': { notice_id: string };
  'notices.read': { account_id: string };
  'payment.moved': { payment_id: string; account_id: string; contract_id: string | null };
  'payout.moved': { payout_id: string; account_id: string };
  /** Where its payouts go from a time on; of the bank account enough to know it by. */
  'payout.bank_account': { account_id: string; iban_shown: string; rests_until: string };
  'offering.changed': OfferingNews;
  /** The same of an offering that was never public: only who saved it is told. */
  'offering.unlisted': OfferingNews;
  'saved.changed': { account_id: string; title: string; link: string };
  'saved.found': {
    account_id: string;
    name: string;
    q: string;
    sort: string;
    hours: number;
    weights: string;
    currency: string;
    listed: number;
    entered: number;
  };
}>;

export type Topic = keyof Topics;
