import * as z from 'zod';
import { hex64, idOf, isoTime, lineText, plainText, shownText } from '../fields.ts';
import { contractActions } from '../contracts/machine.ts';
import { eventTypes, TEST_EVENT, type ContractEvent } from './events.ts';
import {
  DESCRIPTION_MAX,
  MAX_REPLAYED,
  MAX_SECRET_OVERLAP_HOURS,
  WEBHOOK_URL_MAX,
} from './limits.ts';

const types = z.array(z.enum(eventTypes)).min(1, 'Choose what it is told').max(eventTypes.length);

export const webhookInput = z.strictObject({
  url: plainText(WEBHOOK_URL_MAX),
  description: lineText(0, DESCRIPTION_MAX),
  types,
});
export type WebhookInput = z.output<typeof webhookInput>;

export const webhookChange = z.strictObject({
  url: plainText(WEBHOOK_URL_MAX).optional(),
  description: lineText(0, DESCRIPTION_MAX).optional(),
  types: types.optional(),
  /** Disabled, nothing is sent, and what waited is dropped; it can be replayed. */
  enabled: z.boolean().optional(),
});

export const secretRotation = z.strictObject({
  /** How long the secret before signs too. */
  overlap_hours: z.number().int().min(0).max(MAX_SECRET_OVERLAP_HOURS),
});

/** Why nothing is sent: its owner, an answer of 410, failing for days, or too much waited. */
const disabledBy = ['owner', 'gone', 'failing', 'full'] as const;

export const webhookView = z.object({
  id: idOf('webhook'),
  url: z.string(),
  description: shownText,
  types: z.array(z.string()),
  created_at: isoTime,
  disabled: z.object({ at: isoTime, by: z.enum(disabledBy) }).nullable(),
  /** Since when no try has worked. */
  failing_since: isoTime.nullable(),
  /** Until when the secret before the last rotation signs too. */
  old_secret_until: isoTime.nullable(),
  /** The Ed25519 key of `v1a` signatures, as `whpk_` and base64. */
  public_key: z.string(),
});
export type WebhookView = z.input<typeof webhookView>;

/** The one answer that has the secret of the `v1` signatures. */
export const webhookMade = z.object({ webhook: webhookView, secret: z.string() });

export const deliveryStates = ['waiting', 'delivered', 'undelivered', 'dropped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveryView = z.object({
  id: idOf('delivery'),
  /** What `webhook-id` says; the same for a replay. */
  message_id: idOf('message'),
  type: z.string(),
  state: z.enum(deliveryStates),
  tries: z.number().int(),
  created_at: isoTime,
  ended_at: isoTime.nullable(),
  /** Of one that waits after a failure. */
  again_at: isoTime.nullable(),
});
export type DeliveryView = z.input<typeof deliveryView>;

export const deliveryDetails = deliveryView.extend({
  body: z.string(),
  attempts: z.array(
    z.object({
      at: isoTime,
      url: z.string(),
      ms: z.number().int(),
      /** Null where there was no answer. */
      status: z.number().int().nullable(),
      /** The beginning of the answer, or why there was none. */
      text: shownText,
    }),
  ),
});
export type DeliveryDetails = z.input<typeof deliveryDetails>;

/** Those that are named, or all that were made in a time and ended in these states. */
export const replayInput = z.union([
  z.strictObject({ ids: z.array(idOf('delivery')).min(1).max(MAX_REPLAYED) }),
  z.strictObject({
    since: isoTime,
    until: isoTime,
    states: z
      .array(z.enum(['delivered', 'undelivered', 'dropped']))
      .min(1)
      .max(deliveryStates.length),
  }),
]);

const event = <T extends z.ZodType, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type, timestamp: isoTime, data });
/** Where the whole of it can be fetched with a token. */
const url = z.string();

/** A contract that the account is a party of has a new entry. */
export const contractEvent = event(
  z.templateLiteral(['contract.', z.enum(contractActions)]) as z.ZodType<ContractEvent>,
  z.object({
    contract_id: hex64,
    seq: z.number().int(),
    action: z.enum(contractActions),
    state: z.string(),
    /** Who moved it, and the side of the account that is told. */
    by: z.enum(['renter', 'provider', 'system']),
    side: z.enum(['renter', 'provider']),
    url,
  }),
);
/** An offering of the account changed, in whatever way shows. */
export const offeringEvent = event(
  z.literal('offering.changed'),
  z.object({ offering_id: idOf('offering'), url }),
);
/** The account was told something. */
export const noticeEvent = event(
  z.literal('notice.made'),
  z.object({
    notice_id: idOf('notice'),
    kind: z.string(),
    title: z.string(),
    link: z.string(),
    url,
  }),
);
export const testEvent = event(z.literal(TEST_EVENT), z.object({ webhook_id: idOf('webhook') }));

/** By what the OpenAPI document calls them. */
export const webhookShapes = {
  contract: contractEvent,
  offering: offeringEvent,
  notice: noticeEvent,
  test: testEvent,
} as const;

/** The body of every request to an endpoint, whatever its type. */
export const webhookEvent = z.union([contractEvent, offeringEvent, noticeEvent, testEvent]);
export type WebhookEvent = z.output<typeof webhookEvent>;
