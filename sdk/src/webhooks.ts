import { findBase64, utf8, type Bytes } from '@berth/shared/signing/bytes';

/** Older or newer messages are refused: they may be one that was seen, sent again. */
const TOLERANCE_S = 5 * 60;
const SECOND_MS = 1_000;
const SECRET_START = 'whsec_';
const PUBLIC_START = 'whpk_';

export interface WebhookMessage {
  /** As they came; names in lower case, or a `Headers`. */
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The body's text as it came, before anything reads it. */
  body: string;
  /** `whsec_…` as it was shown once, or the public key `whpk_…`; one or several. */
  key: string | readonly string[];
  /** Instead of now, in epoch milliseconds. */
  now_ms?: number;
}

/** What Berth sends: ids, what happened, and an address to fetch the rest from with a token. */
export interface WebhookEvent {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * The event of a message that is signed as Standard Webhooks has it (`v1` or `v1a`), and new.
 * Throws an Error that says what does not hold; then nothing in it may be believed.
 */
export async function verifyWebhook(message: WebhookMessage): Promise<WebhookEvent> {
  const { headers, body, key, now_ms = Date.now() } = message;
  const id = headerOf(headers, 'webhook-id');
  const at_s = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  // What is signed is the three with dots between: a dot in one would let two messages be one text.
  if (!/^[\w-]+$/.test(id) || !/^\d{1,12}$/.test(at_s)) {
    throw new Error('The id or the time of the webhook is none.');
  }
  const off_s = Math.abs(now_ms / SECOND_MS - Number(at_s));
  // Written so that a time which is none is refused.
  if (!(off_s <= TOLERANCE_S)) throw new Error('The webhook is too old, or this clock is off.');
  const signed = utf8(`${id}.${at_s}.${body}`);
  for (const one of [key].flat()) {
    if (await isSignedBy(one, signed, signatures)) return JSON.parse(body) as WebhookEvent;
  }
  throw new Error('The webhook is not signed by the key that it should be signed by.');
}

function headerOf(headers: WebhookMessage['headers'], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== 'string') throw new Error(`The webhook has no header ${name}.`);
  return value;
}

async function isSignedBy(key: string, signed: Bytes, signatures: string[]): Promise<boolean> {
  const isPublic = key.startsWith(PUBLIC_START);
  const raw = findBase64(key.slice((isPublic ? PUBLIC_START : SECRET_START).length));
  if (raw === null || !(isPublic || key.startsWith(SECRET_START))) {
    throw new Error('The key of a webhook begins with whsec_ or whpk_.');
  }
  const algorithm = isPublic ? 'Ed25519' : { name: 'HMAC', hash: 'SHA-256' };
  const verifier = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify']);
  const start = isPublic ? 'v1a,' : 'v1,';
  for (const signature of signatures) {
    const bytes = signature.startsWith(start) ? findBase64(signature.slice(start.length)) : null;
    if (bytes === null) continue;
    const name = isPublic ? 'Ed25519' : 'HMAC';
    if (await crypto.subtle.verify(name, verifier, bytes, signed)) return true;
  }
  return false;
}
