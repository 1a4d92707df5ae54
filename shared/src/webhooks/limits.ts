/** Addresses that one account has events sent to. */
export const MAX_WEBHOOKS = 10;
export const WEBHOOK_URL_MAX = 500;
export const DESCRIPTION_MAX = 100;
/** How long a delivery is kept after it has ended, with what was sent and answered. */
export const DELIVERIES_KEPT_DAYS = 7;
/** What waits behind a delivery that fails; with more the endpoint is disabled. */
export const MAX_WAITING = 5_000;
/** The same behind one that is only slow: more than all of a provider's offerings at once. */
export const MAX_QUEUED = 50_000;
/** Deliveries that one replay sends again. */
export const MAX_REPLAYED = 500;
/** How often a delivery is tried: at once, and after each pause of Standard Webhooks. */
export const MAX_TRIES = 10;
/** How long the secret before signs too, after a rotation. */
export const MAX_SECRET_OVERLAP_HOURS = 168;
export const secretOverlapHours = [0, 1, 24, MAX_SECRET_OVERLAP_HOURS] as const;
