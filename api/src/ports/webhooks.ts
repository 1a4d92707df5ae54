/** What is sent to an address that an account has named. */
export interface WebhookAsk {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it. */
export interface WebhookReply {
  /** Null where there was no answer. */
  readonly status: number | null;
  /** The beginning of the answer's text; or why there was none. */
  readonly text: string;
  readonly ms: number;
}

/** Whoever brings events to addresses that strangers have named. */
export interface WebhookPort {
  /** Sends once, follows nothing, and never throws. */
  post(ask: WebhookAsk, signal: AbortSignal): Promise<WebhookReply>;
}
