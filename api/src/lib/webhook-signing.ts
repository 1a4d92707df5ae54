import { createHmac } from 'node:crypto';
import type { ServiceKey } from './service-key.ts';

const SECRET_START = 'whsec_';
const PUBLIC_START = 'whpk_';

/** From which the secrets of all webhooks are derived, so that none stands in the database. */
export interface WebhookKey {
  /** The secret of a number of one webhook, as `whsec_` and base64. */
  secretOf(webhook_id: string, secret_number: number): string;
}

export const makeWebhookKey = (root_hex: string): WebhookKey => ({
  secretOf: (webhook_id, secret_number) =>
    SECRET_START +
    createHmac('sha256', Buffer.from(root_hex, 'hex'))
      .update(`berth/webhook/v1 ${webhook_id} ${secret_number}`)
      .digest('base64'),
});

/** The service's key as Standard Webhooks writes one. */
export const publicKeyOf = ({ public_key }: ServiceKey): string =>
  PUBLIC_START + Buffer.from(public_key, 'hex').toString('base64');

interface Message {
  message_id: string;
  /** When it is sent, in seconds: a receiver refuses what is old. */
  at_s: number;
  body: string;
}

/** The headers of Standard Webhooks: `v1` by each secret, and `v1a` by the service's key. */
export function signedHeaders(
  { message_id, at_s, body }: Message,
  secrets: readonly string[],
  serviceKey: ServiceKey,
): Record<string, string> {
  const signed = `${message_id}.${at_s}.${body}`;
  const byKey = Buffer.from(serviceKey.sign(Buffer.from(signed)), 'hex').toString('base64');
  const bySecrets = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_START.length), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Berth',
    'webhook-id': message_id,
    'webhook-timestamp': String(at_s),
    'webhook-signature': [...bySecrets, `v1a,${byKey}`].join(' '),
  };
}
