import { addressOf, type Answer, type Endpoint } from '@berth/shared/endpoint';
import { isProblem, type ProblemDocument } from '@berth/shared/problems';
import { platform } from '@berth/shared/platform/endpoints';
import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { API_ORIGIN } from '$app/env/private';
import { problemOf, type AskParts, type Given } from '#lib/api.ts';

const FORWARDED_HEADERS = ['cookie', 'user-agent', 'traceparent', 'accept-language', 'sec-purpose'];

/** What the in-process API takes: the part of `fetch`'s own that is needed. */
export interface ApiRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export type Outcome<E extends Endpoint> =
  { ok: true; value: Answer<E> } | { ok: false; problem: ProblemDocument };

/**
 * `const call = callFor(event); await call(offerings.get, { params })` in a server
 * `load`. What may not be seen becomes the 404 page, a missing session leads to sign-in and back,
 * and any other refusal becomes an error page with the API's own words.
 */
export function callFor(event: RequestEvent) {
  return async <E extends Endpoint>(endpoint: E, ...given: Given<E>): Promise<Answer<E>> => {
    const outcome = await outcomeOf(event, endpoint, ...given);
    return outcome.ok ? outcome.value : refuse(event, outcome.problem);
  };
}

/** As `callFor`, but hands a refusal back for the page to show. */
export async function outcomeOf<E extends Endpoint>(
  event: RequestEvent,
  endpoint: E,
  ...given: Given<E>
): Promise<Outcome<E>> {
  const [parts = {}] = given as [AskParts?];
  const { status, text } = await reach(event, endpoint, addressOf(endpoint, parts), parts.body);
  if (status >= 200 && status < 300) {
    return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as Answer<E> };
  }
  const refusal = problemOf(status, text);
  if (!isProblem(refusal)) throw refusal;
  return { ok: false, problem: refusal.problem };
}

/** Leaves for the sign-in page, which leads back here. */
export function toSignIn(event: Pick<RequestEvent, 'url'>): never {
  const next = `${event.url.pathname}${event.url.search}`;
  redirect(303, `/sign-in?next=${encodeURIComponent(next)}`);
}

let about: Promise<Outcome<typeof platform.about>> | undefined;

/**
 * Whether this is a demo marketplace, and whether contracts are paid here; asked once, since a
 * running service does not change it.
 */
export async function whatIsHere(event: RequestEvent): Promise<{ demo: boolean; pays: boolean }> {
  about ??= outcomeOf(event, platform.about);
  const outcome = await about;
  if (!outcome.ok) about = undefined;
  return {
    demo: outcome.ok && outcome.value.demo,
    pays: outcome.ok && outcome.value.payments !== 'off',
  };
}

function refuse(event: RequestEvent, problem: ProblemDocument): never {
  if (problem.status === 401) toSignIn(event);
  error(problem.status, problem.detail ?? problem.title, { code: problem.code });
}

/** In-process where the API serves this page, else over the network. */
async function reach(
  event: RequestEvent,
  { method }: Endpoint,
  address: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const headers = headersFrom(event);
  const init: ApiRequest = { method, headers };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const inside = event.platform?.req.berth;
  if (inside) return inside.inject(address, init);
  headers['x-forwarded-for'] = event.getClientAddress();
  const reply = await fetch(`${API_ORIGIN}${address}`, init).catch(() => null);
  return reply ? { status: reply.status, text: await reply.text() } : { status: 503, text: '' };
}

function headersFrom({ request }: RequestEvent): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}
