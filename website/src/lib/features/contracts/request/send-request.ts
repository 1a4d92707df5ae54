import type { Choices } from '@berth/shared/contracts/choices';
import type { ContactKind } from '@berth/shared/accounts/contacts';
import { contracts } from '@berth/shared/contracts/endpoints';
import type { HoldView } from '@berth/shared/offerings/hold';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import type { PaysBy } from '@berth/shared/pays-by';
import { isProblem, problem, type ProblemDocument } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { rateOf } from '#lib/features/offerings/prices.ts';
import { untilAnswered } from '../moves/answered.ts';
import {
  findUnanswered,
  forgetUnanswered,
  saveUnanswered,
  type Asked,
  type Unanswered,
} from './unanswered.ts';

const NONCE_BYTES = 16;
/** Refusals by the request itself; any other leaves open whether an earlier try had arrived. */
const SETTLING_STATUSES: readonly number[] = [400, 402, 403, 404, 409, 413, 415, 422];

export interface RequestAsk {
  hours: number;
  choices: Choices | null;
  pays_by: PaysBy | null;
  ssh_public_key: string | null;
  contact: { kind: ContactKind; value: string } | null;
  memo: string;
}

/** What is asked for: the offering as it would be signed, as it was looked at, and its hold. */
interface Requested {
  account_id: string;
  offering: OfferingView;
  seen: OfferingView;
  hold: HoldView | null;
}

/**
 * Signs a request, keeps it until it is answered, and sends it; resolves to the contract's id.
 * After a lost answer the very same request goes out again, so it makes one contract however often
 * it is sent.
 */
export async function sendRequest(asked: Requested, ask: RequestAsk): Promise<string> {
  const place = { account_id: asked.account_id, offering_id: asked.offering.id };
  const request = findUnanswered(place) ?? (await sign(asked, ask));
  saveUnanswered(place, request);
  return sendKept(place, request);
}

/** Sends what this tab had sent before a reload; null when everything was answered. */
export async function resumeRequest(place: Asked): Promise<string | null> {
  const request = findUnanswered(place);
  return request && sendKept(place, request);
}

async function sign({ offering, seen, hold }: Requested, ask: RequestAsk): Promise<Unanswered> {
  const [{ getSigner }, { signRequest }, { problemOfOffering }, { toHex }] = await Promise.all([
    import('#lib/features/keys/signer.ts'),
    import('@berth/shared/contracts/sign'),
    import('@berth/shared/contracts/own-figures'),
    import('@berth/shared/signing/bytes'),
  ]);
  const refused = problemOfOffering([seen, offering], hold);
  if (refused !== null) throw problem('statement.invalid', refused);
  const { hours, choices, pays_by, ...part } = ask;
  const signed = await signRequest(await getSigner('renter'), {
    offering_id: offering.id,
    terms_hash: offering.terms_hash,
    provider_key: offering.provider.key,
    rate: rateOf(offering),
    currency: offering.currency,
    hours,
    choices,
    pays_by,
    nonce: toHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
    part,
  });
  return { ...signed, idempotency_key: crypto.randomUUID() };
}

async function sendKept(place: Asked, request: Unanswered): Promise<string> {
  const { body, idempotency_key, contract_id } = request;
  try {
    await untilAnswered(() => call(contracts.request, { body }, { idempotency_key }));
  } catch (error) {
    if (isProblem(error) && isSettled(error.problem)) forgetUnanswered(place);
    throw error;
  }
  forgetUnanswered(place);
  return contract_id;
}

const isSettled = ({ status, code }: ProblemDocument): boolean =>
  code === 'signature.invalid' ||
  (SETTLING_STATUSES.includes(status) && code !== 'idempotency.in_flight');
