/** A mail, whole: what it is sent as, however often it is. */
export interface Mail {
  /** By it a repeat is recognised: the mail's Message-ID is made of it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** When it was wanted, ISO. */
  readonly at: string;
  /** Where a POST ends mail of its kind (RFC 8058); null where nothing can be ended. */
  readonly unsubscribe_url: string | null;
}

/**
 * What came of it, and what the server said. `bounced`: the address takes no mail. `refused`: this
 * mail is not taken. `later`: nothing was done. `unknown`: it may have been taken.
 */
export interface MailSent {
  readonly result: 'sent' | 'bounced' | 'refused' | 'later' | 'unknown';
  readonly said: string;
}

/** Whoever carries mail. It throws nothing but the signal's reason. */
export interface MailPort {
  send(mail: Mail, signal: AbortSignal): Promise<MailSent>;
}
