/**
 * Every error Berth answers, as one table: code -> HTTP status and title (RFC 9457).
 * A code is stable: clients may switch on it. The detail says what to do about it.
 */
export const problems = {
  'request.malformed': { status: 400, title: 'The request could not be read' },
  'request.invalid': { status: 422, title: 'Some fields need another value' },
  'request.too_large': { status: 413, title: 'The request is larger than allowed' },
  'request.unsupported_media_type': { status: 415, title: 'Send application/json' },
  'request.not_found': { status: 404, title: 'Nothing is here' },
  'request.method_not_allowed': { status: 405, title: 'This address takes another method' },
  'cursor.invalid': {
    status: 400,
    title: 'This page marker is not valid; start from the first page',
  },
  'query.invalid': { status: 422, title: 'The search cannot be read' },
  'idempotency.missing': { status: 400, title: 'Send an Idempotency-Key header' },
  'idempotency.in_flight': { status: 409, title: 'The same request is being answered right now' },
  'idempotency.reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'idempotency.done': { status: 409, title: 'This was done already' },
  'rate_limit.exceeded': { status: 429, title: 'Too many requests; wait a little' },
  'service.busy': { status: 503, title: 'The service is busy; try again shortly' },
  'service.disk_full': { status: 507, title: 'The service cannot store anything right now' },
  'service.error': { status: 500, title: 'Something went wrong on our side' },

  'session.missing': { status: 401, title: 'Sign in first' },
  'session.expired': { status: 401, title: 'Your session has ended; sign in again' },
  'session.scope': { status: 403, title: 'This device has no leave to do that' },
  'token.invalid': { status: 401, title: 'This API token does not work' },
  'token.permission': { status: 403, title: 'This API token has no permission to do that' },
  'token.refused': { status: 403, title: 'An API token cannot do that' },
  'origin.foreign': { status: 403, title: 'This request came from another site' },
  'challenge.expired': { status: 401, title: 'This sign-in took too long; start again' },
  'challenge.used': { status: 401, title: 'This sign-in was already used; start again' },
  'signature.invalid': { status: 401, title: 'The signature does not match' },
  'delegation.invalid': { status: 401, title: 'This device is not delegated by the account' },
  'delegation.expired': { status: 401, title: 'This device must be signed in again' },
  'delegation.limit': { status: 403, title: 'This agent has no leave to do that' },
  'delegation.revoked': { status: 401, title: 'This device was removed from the account' },

  'account.handle_taken': { status: 409, title: 'That handle is taken' },
  'account.key_taken': { status: 409, title: 'That key already belongs to an account' },
  'account.not_found': { status: 404, title: 'No account has that key or handle' },
  'account.unclaimed': {
    status: 409,
    title: 'The Internet Computer brought your account; finish it first',
  },
  'account.moved': { status: 409, title: 'The account was changed in the meantime' },
  'account.last_key': { status: 409, title: 'An account keeps at least one key' },
  'account.key_removed': { status: 409, title: 'That key was removed from its account' },
  'account.key_refused': { status: 409, title: 'That key cannot do this now' },
  'account.too_many': { status: 409, title: 'That is as many as an account can have' },
  'ssh_key.invalid': { status: 422, title: 'That is not an SSH public key we can take' },
  'ssh_key.taken': { status: 409, title: 'That SSH key is already on the account' },

  'offering.not_available': { status: 409, title: 'This offering cannot be rented right now' },
  'offering.no_such_move': {
    status: 409,
    title: 'The offering cannot do that from its present state',
  },
  'offering.moved': { status: 409, title: 'The offering was changed in the meantime' },
  'offering.incomplete': { status: 409, title: 'The offering is not ready to be listed' },
  'offering.out_of_stock': { status: 409, title: 'The last unit has just been taken' },
  'offering.own': { status: 409, title: 'You cannot rent your own offering' },
  'offering.refused': {
    status: 422,
    title: 'Some offerings cannot be changed like this; nothing was changed',
  },
  'import.refused': { status: 422, title: 'Some rows cannot be imported; nothing was changed' },

  'webhook.disabled': { status: 409, title: 'This webhook is disabled' },
  'webhook.full': { status: 409, title: 'Thousands of events wait for this webhook' },

  'icp.off': { status: 409, title: 'No chain is followed here' },

  'renter.blocked': { status: 403, title: 'This provider takes no requests from you' },
  'renter.too_many_open': { status: 409, title: 'Enough of your requests wait for an answer' },

  'price.changed': { status: 409, title: 'The price has changed' },
  'payment.off': { status: 409, title: 'This marketplace takes no payments' },
  'payment.nothing_due': { status: 409, title: 'Nothing is to be paid for this' },
  'payment.missing': { status: 402, title: 'The balance does not cover this' },
  'payment.insufficient': { status: 409, title: 'The account has less than that' },
  'payment.parked': { status: 409, title: 'Money of this account is being looked into' },
  'payment.booked': { status: 409, title: 'This transfer was booked already' },

  'payout.no_bank_account': { status: 409, title: 'No bank account is set to pay out to' },
  'payout.no_such_move': { status: 409, title: 'This is not possible with this payout now' },
  'payout.none_to_send': { status: 409, title: 'No payout waits for this' },
  'payout.no_files': { status: 409, title: 'This marketplace makes no files for a bank' },

  'mail.off': { status: 409, title: 'This Berth sends no mail' },
  'mail.too_many': { status: 409, title: 'Enough links were sent; wait for one of them' },
  'mail.link_over': { status: 409, title: 'This link was used or is too old' },

  'contract.no_such_move': {
    status: 409,
    title: 'The contract cannot do that from its present state',
  },
  'contract.not_yours': { status: 403, title: 'That move belongs to another party' },
  'contract.not_yet': { status: 409, title: 'Something is needed first' },
  'contract.moved': { status: 409, title: 'The contract has moved on' },
  'statement.invalid': { status: 422, title: 'The statement does not say what it should' },
  'statement.clock': { status: 409, title: 'The clock of this device is off' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One field that was refused; pointer is a JSON Pointer (RFC 6901) into the request body. */
export interface FieldError {
  pointer: string;
  message: string;
  /** Which part of the field's text it is about, as offsets; the end is exclusive. */
  from?: number;
  to?: number;
  /** What could stand in that place. */
  suggestion?: string;
}

/** RFC 9457 `application/problem+json`, with a stable `code`. Extra members ride along. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail?: string;
  instance?: string;
  errors?: FieldError[];
  [extra: string]: unknown;
}

/** Thrown anywhere below a route; the API answers it as `application/problem+json`. */
export interface Problem extends Error {
  problem: ProblemDocument;
}

/**
 * Makes the error for a code: `throw problem('price.changed', 'The price is now …', { total_e9s
 * })`.
 */
export function problem(
  code: ProblemCode,
  detail?: string,
  extra: Record<string, unknown> = {},
): Problem {
  const { status, title } = problems[code];
  const document: ProblemDocument = {
    type: `/docs/problems/${code}`,
    title,
    status,
    code,
    ...extra,
  };
  if (detail !== undefined) document.detail = detail;
  return Object.assign(new Error(detail ?? title), { problem: document });
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && 'problem' in error;
}
