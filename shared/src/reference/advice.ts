import type { ProblemCode } from '../problems.ts';

/** Of a problem: what it means, and what to do about it. The text may have `code` and links. */
interface Advice {
  means: string;
  todo: string;
}

const requestAdvice = {
  'request.malformed': {
    means: 'The body, the address or a header is not what HTTP or JSON allow.',
    todo: 'Send valid JSON in UTF-8. Sending the same again is answered the same.',
  },
  'request.invalid': {
    means: 'It could be read, but some values are not allowed. `errors` names each of them.',
    todo: 'Follow each `pointer` in `errors` into your body and send another value.',
  },
  'request.too_large': {
    means: 'The body is larger than this endpoint takes.',
    todo: 'Send less at a time: a list in several parts, say.',
  },
  'request.unsupported_media_type': {
    means: 'The body is not `application/json`.',
    todo: 'Send `Content-Type: application/json` and a JSON body.',
  },
  'request.not_found': {
    means: 'Nothing is at this address, or you may not see what is there: both are answered alike.',
    todo: 'Look at the id, and at whose token you use. A private thing is shown to its parties only.',
  },
  'request.method_not_allowed': {
    means: 'There is something at this address, but it takes another method.',
    todo: 'Read `Allow` in the answer, or the endpoint in the [reference](/docs).',
  },
  'cursor.invalid': {
    means: 'The cursor is not one of ours, or belongs to another list, filter or order.',
    todo: 'Start from the first page, and change no filter on the way. See [pagination](/docs/pagination).',
  },
  'query.invalid': {
    means: 'The search has a field, a value or a bracket that cannot be read.',
    todo: '`errors` says where, and what could stand there. See [how to search](/help/search).',
  },
  'idempotency.missing': {
    means: 'A call that changes something came without `Idempotency-Key`.',
    todo: 'Send one: a new random text for each thing that you want done. See [idempotency](/docs/idempotency).',
  },
  'idempotency.in_flight': {
    means: 'A call with the same key is still being answered.',
    todo: 'Wait a second and repeat it with the same key: you get the answer of the first.',
  },
  'idempotency.reused': {
    means: 'The key was sent before, with another method, address or body.',
    todo: 'Use a new key for another request. Keep a key only to repeat the very same one.',
  },
  'idempotency.done': {
    means: 'This was done, and its answer had a secret that is not kept.',
    todo: 'If the secret was lost, make another: rotate the token or the webhook.',
  },
  'rate_limit.exceeded': {
    means: 'More calls came in the window than its quota. Nothing was done.',
    todo: 'Wait as `Retry-After` says, then repeat with the same key. See [limits](/docs/limits).',
  },
  'service.busy': {
    means: 'The service has more to do than it can, or is starting.',
    todo: 'Repeat with the same key after a second, then after two, four and so on.',
  },
  'service.disk_full': {
    means: 'The service can read but not write. Nothing was done.',
    todo: 'Repeat later with the same key. Its operator has been told.',
  },
  'service.error': {
    means: 'We made a mistake. It is in our logs under the `Request-Id` of the answer.',
    todo: 'Repeat with the same key; if it stays, tell us the `Request-Id`.',
  },
} satisfies Partial<Record<ProblemCode, Advice>>;

const whoAdvice = {
  'session.missing': {
    means: 'This needs somebody to act, and the call came without a token or a session.',
    todo: 'Send `Authorization: Bearer` with an [API token](/dashboard/tokens), or sign in.',
  },
  'session.expired': {
    means: 'The session is over: an hour has passed, or it was ended from elsewhere.',
    todo: 'Sign in again. A program that signs renews its session by a new challenge.',
  },
  'session.scope': {
    means: 'The device was given less than this needs.',
    todo: 'Sign in anew and give the device the scope, or use a device that has it.',
  },
  'token.invalid': {
    means: 'The token is not one of ours, has ended, or was revoked.',
    todo: 'Make or rotate one at [API tokens](/dashboard/tokens). Look for letters lost in copying.',
  },
  'token.permission': {
    means: 'The token works, but was not given the permission that this endpoint names.',
    todo: 'Make a token that has it. `GET /api/v1/token` says what yours may do.',
  },
  'token.refused': {
    means: 'No token can do this: it needs a signature, or is about a session itself.',
    todo: 'Act by a device: the website, the `berth` command or `@berth/sdk` with a device.',
  },
  'origin.foreign': {
    means: 'A browser sent this from a page of another site, with a cookie.',
    todo: 'Call from your server with a token. Pages of other sites cannot act for a person here.',
  },
  'challenge.expired': {
    means: 'The text to be signed was asked for more than five minutes ago.',
    todo: 'Ask for a new challenge and sign that.',
  },
  'challenge.used': {
    means: 'A challenge works once, and this one has been used.',
    todo: 'Ask for a new challenge and sign that.',
  },
  'signature.invalid': {
    means: 'The signature is not by that key, or not over that text.',
    todo: 'Sign the text byte for byte as it is described, by the key that the call names.',
  },
  'delegation.invalid': {
    means: 'The account’s key has not signed this device’s delegation as it is.',
    todo: 'Make the delegation anew with the recovery phrase.',
  },
  'delegation.expired': {
    means: 'The time of this device’s delegation is over.',
    todo: 'Sign in on it again with the recovery phrase.',
  },
  'delegation.limit': {
    means: 'An agent signs the moves that its delegation names, on its offerings, and reads.',
    todo: 'Have a person do it, or give the agent a delegation that covers it.',
  },
  'delegation.revoked': {
    means: 'Somebody with the account took this device off it.',
    todo: 'If that was you, sign in again. If not, look at your keys and devices.',
  },
  'account.handle_taken': {
    means: 'Another account has that handle.',
    todo: 'Choose another; `GET /api/v1/handles/{handle}` says whether one is free.',
  },
  'account.key_taken': {
    means: 'A key belongs to one account, and this one has its account already.',
    todo: 'Sign in with it, or make another key.',
  },
  'account.not_found': {
    means: 'No account has that key or handle.',
    todo: 'Look at how it is written. Whoever has a key but no account signs up first.',
  },
  'account.unclaimed': {
    means: 'The import from the Internet Computer made your account, and it is not yours yet.',
    todo: 'Sign up with the same recovery phrase: everything of the key is then yours.',
  },
  'account.moved': {
    means: 'Another change came between your reading and your writing.',
    todo: 'Read it again, make your change to that, and send its `version`.',
  },
  'account.last_key': {
    means: 'Without its last key nobody could use the account any more.',
    todo: 'Add another key first.',
  },
  'account.key_removed': {
    means: 'The key was taken off its account and cannot sign in.',
    todo: 'Use another key, or undo the removal with this one within 72 hours.',
  },
  'account.key_refused': {
    means: 'The rules of which key wins do not let this key do that now.',
    todo: 'Read `detail`; an older key of the account may be able to.',
  },
  'account.too_many': {
    means: 'An account keeps a limited number of these.',
    todo: 'Remove one that you do not need. `detail` says how many there can be.',
  },
  'ssh_key.invalid': {
    means: 'That is no public key of a kind and size that we take.',
    todo: 'Send the one line of the `.pub` file, never the private key.',
  },
  'ssh_key.taken': {
    means: 'The account has this SSH key already.',
    todo: 'Nothing: it can be used.',
  },
} satisfies Partial<Record<ProblemCode, Advice>>;

const marketAdvice = {
  'offering.not_available': {
    means: 'It is not listed now: a draft, paused, archived, or its provider cannot take requests.',
    todo: 'Look for another, or ask again later.',
  },
  'offering.no_such_move': {
    means: 'From its present state the offering cannot do that.',
    todo: 'Read the offering: its `moves` are what it can do.',
  },
  'offering.moved': {
    means: 'Another change came between your reading and your writing.',
    todo: 'Read it again, make your change to that, and send its `version`.',
  },
  'offering.incomplete': {
    means: 'What a renter must know is not all there.',
    todo: 'Fill in what `errors` or `detail` name, then list it.',
  },
  'offering.out_of_stock': {
    means: 'All units are rented or held.',
    todo: 'Try again later: a held unit is free after ten minutes. Or look for another.',
  },
  'offering.own': {
    means: 'The renter and the provider would be one account.',
    todo: 'Rent from somebody else.',
  },
  'offering.refused': {
    means: 'Some rows of a bulk change are not allowed, so none was made.',
    todo: '`errors` names the rows. Mend them or leave them out.',
  },
  'import.refused': {
    means: 'Some rows of the file cannot be taken, so none was.',
    todo: 'Preview the import: it says what is wrong in which row. Mend them or skip them.',
  },
  'webhook.disabled': {
    means: 'Nothing is sent to this webhook.',
    todo: 'Enable it with a change of `enabled`; what it missed can be replayed.',
  },
  'webhook.full': {
    means: 'As many events wait for this webhook as can.',
    todo: 'Let your server answer what waits, then replay the rest.',
  },
  'icp.off': {
    means: 'This Berth imports nothing from the Internet Computer.',
    todo: 'An operator sets `ICP_CANISTER`.',
  },
  'renter.blocked': {
    means: 'The provider takes no requests from your account.',
    todo: 'Rent from another provider.',
  },
  'renter.too_many_open': {
    means: 'As many of your requests wait for answers as can.',
    todo: 'Wait for an answer, or cancel a request that you do not need.',
  },
} satisfies Partial<Record<ProblemCode, Advice>>;

const moneyAdvice = {
  'price.changed': {
    means: 'The amount that you signed is not what it costs, or pays back, by now.',
    todo: 'Read it again and sign the new amount, if you agree to it. The answer has it.',
  },
  'payment.off': {
    means: 'Contracts are not paid through this marketplace, or not in this way.',
    todo: 'The parties settle between them. `GET /api/v1/platform` says how contracts are paid.',
  },
  'payment.nothing_due': {
    means: 'The contract is paid, or waits for nothing.',
    todo: 'Read the contract: it has gone on.',
  },
  'payment.missing': {
    means: 'The balance has less than the contract costs.',
    todo: 'Pay in, or say with the request how the rest is paid (`pays_by`).',
  },
  'payment.insufficient': {
    means: 'The account that it would be taken from has less than that.',
    todo: 'Take less. `GET /api/v1/billing` says what is there.',
  },
  'payment.booked': {
    means: 'A transfer with this reference is in the books.',
    todo: 'Look at the entries before you book it again.',
  },
  'payment.parked': {
    means: 'The books of an account do not add up to its balance, so its money rests for now.',
    todo: 'Wait: an admin has been told. Repeat with a new key once it is mended.',
  },
  'payout.no_bank_account': {
    means: 'Money is paid out to a bank account, and none is set.',
    todo: 'Set one with `PUT /api/v1/billing/bank-account` or at [billing](/dashboard/billing).',
  },
  'payout.no_such_move': {
    means: 'The payout has gone on: what you ask is not possible from its present state.',
    todo: 'Read the payouts again. One that was sent to the bank cannot be called off.',
  },
  'payout.none_to_send': {
    means: 'No payout waits to be put into a file for the bank.',
    todo: 'Nothing: try again when somebody has asked for one.',
  },
  'payout.no_files': {
    means: 'The house’s own bank account is not set, so there can be no file for its bank.',
    todo: 'An operator sets it; until then nothing is paid out by file.',
  },
  'mail.off': {
    means: 'No mail server is set.',
    todo: 'Use notices, the stream or [webhooks](/docs/webhooks) instead.',
  },
  'mail.too_many': {
    means: 'Several links to confirm were sent to this address lately.',
    todo: 'Open the newest, and look among unwanted mail. Ask again after a while.',
  },
  'mail.link_over': {
    means: 'The link works once, for 24 hours.',
    todo: 'Ask for another one at your mail settings.',
  },
} satisfies Partial<Record<ProblemCode, Advice>>;

const contractAdvice = {
  'contract.no_such_move': {
    means: 'From its present state the contract cannot do that.',
    todo: 'Read the contract: its `moves` are what you can do now.',
  },
  'contract.not_yours': {
    means: 'The other party, or the service, makes that move.',
    todo: 'Wait for it; the contract’s deadline says until when.',
  },
  'contract.not_yet': {
    means: 'Something else comes first. `detail` says what.',
    todo: 'Do that first, or wait until its time has come.',
  },
  'contract.moved': {
    means: 'The contract’s log has an entry that your statement does not know.',
    todo: 'Read the contract again, and sign upon its newest entry if you still want to.',
  },
  'statement.invalid': {
    means: 'What was signed says something else than the contract, the terms or the move.',
    todo: 'Make the statement by `@berth/sdk`, or compare it with `detail`.',
  },
  'statement.clock': {
    means: 'The time in the statement is too far from ours.',
    todo: 'Set the clock of the device, or take the time of `GET /api/v1/platform`.',
  },
} satisfies Partial<Record<ProblemCode, Advice>>;

/** Every problem has some: the type says so, and a page is made of each. */
export const problemAdvice: Record<ProblemCode, Advice> = {
  ...requestAdvice,
  ...whoAdvice,
  ...marketAdvice,
  ...moneyAdvice,
  ...contractAdvice,
};
