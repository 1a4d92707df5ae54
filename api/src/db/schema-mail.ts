/** Mail, and how accounts want to be told. */
export interface MailAddressesTable {
  account_id: string;
  /** Confirmed by its owner; null while none is. */
  address: string | null;
  verified_at: string | null;
  stopped_at: string | null;
  stopped_said: string | null;
  pending: string | null;
  token_hash: string | null;
  token_salt: string | null;
  token_expires_at: string | null;
  time_zone: string;
  quiet_from: number | null;
  quiet_until: number | null;
  daily_hour: number;
  gather_at: string | null;
}

interface MailWaitingTable {
  notice_id: string;
  account_id: string;
  waits_since: string;
}

interface MailSentTable {
  /** The effect's. */
  id: string;
  account_id: string;
  address: string;
  /** Its content's kind. */
  about: string;
  at: string;
}

interface NoticeChoicesTable {
  account_id: string;
  category: string;
  bell: number;
  mail: string;
}

export interface MailSchema {
  mail_addresses: MailAddressesTable;
  mail_waiting: MailWaitingTable;
  mail_sent: MailSentTable;
  notice_choices: NoticeChoicesTable;
}
