import { addressOf, type Endpoint } from '@berth/shared/endpoint';
import { checkParams, readAnswer, readRefusal, refuseRedirect, within } from './answer.ts';
import { isProblem, unreachable } from './problem.ts';

const DEFAULT_RETRIES = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const SECOND_MS = 1_000;
/** An answer that is not whole by then counts as lost. */
const ANSWER_MS = 60_000;

export interface CallOptions {
  /** Pass the same key again to repeat a call whose answer was lost; it then counts once. */
  idempotency_key?: string;
  signal?: AbortSignal;
}

/** What proves who asks. */
export interface Authority {
  /** The bearer token, or null for a guest. */
  token(): Promise<string | null>;
  /** Another one after `used` was refused; false where there is none. */
  renew(used: string | null): Promise<boolean>;
}

export interface Ask {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export type Route = Pick<Endpoint, 'method' | 'path' | 'produces'>;
export type Call = (route: Route, ask?: Ask, options?: CallOptions) => Promise<unknown>;

export interface TransportOptions {
  origin: string;
  fetch: typeof fetch;
  /** How often a call is repeated, with the same key, whose answer was lost or was a later one. */
  retries: number | undefined;
  /** How long an answer may take; a minute unless told. */
  answer_ms: number | undefined;
}

export interface Transport {
  call: Call;
  /** A response whose body is read as it comes. Throws the problem where it is refused. */
  open(route: Route, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

/** Waits, or ends early by throwing the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Of so many tries, each about twice as long as the one before, by chance up to half of it off. */
export const pauseOf = (tries: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries) * (1 - Math.random() / 2);

/** Sends what is asked, again where that may help, as whoever `authority` says. */
export function makeTransport(
  { origin, fetch, retries = DEFAULT_RETRIES, answer_ms = ANSWER_MS }: TransportOptions,
  authority: Authority,
): Transport {
  const reach = async (address: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(origin + address, { ...init, redirect: 'manual' });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable(origin);
    }
    refuseRedirect(response, origin);
    return response;
  };

  /** One answer, as whoever the authority says now. */
  async function ask(address: string, init: RequestInit): Promise<Response> {
    const token = await authority.token();
    const proof: Record<string, string> =
      token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...(init.headers as Record<string, string>), ...proof };
    const response = await reach(address, { ...init, headers });
    if (response.ok) return response;
    const error = await readRefusal(response);
    if (hasEnded(error) && (await authority.renew(token))) return ask(address, init);
    const again_s = Number(response.headers.get('retry-after'));
    throw Object.assign(error, { again_ms: again_s * SECOND_MS || 0 });
  }

  async function askUntilAnswered(
    address: string,
    init: RequestInit,
    signal: AbortSignal | undefined,
    is_json: boolean,
  ): Promise<unknown> {
    const once = (both: AbortSignal) =>
      ask(address, { ...init, signal: both }).then((response) => readAnswer(response, is_json));
    for (let tries = 0; ; tries += 1) {
      try {
        return await within(answer_ms, signal, once, () => unreachable(origin));
      } catch (error) {
        const { again_ms = 0 } = error as { again_ms?: number };
        if (tries >= retries || !mayHelp(error) || again_ms > LONGEST_PAUSE_MS) throw error;
        await pause(Math.max(again_ms, pauseOf(tries)), signal);
      }
    }
  }

  return {
    async call(route, { params = {}, query = {}, body } = {}, options = {}) {
      checkParams(params);
      const headers: Record<string, string> = { accept: 'application/json' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      if (route.method !== 'GET') {
        headers['idempotency-key'] = options.idempotency_key ?? crypto.randomUUID();
      }
      const init: RequestInit = { method: route.method, headers };
      if (body !== undefined) init.body = JSON.stringify(body);
      const address = addressOf(route, { params, query });
      return askUntilAnswered(address, init, options.signal, route.produces === undefined);
    },
    open: (route, headers, signal) =>
      ask(addressOf(route), { method: route.method, headers, signal }),
  };
}

const hasEnded = (error: unknown): boolean =>
  isProblem(error, 'session.expired') || isProblem(error, 'session.missing');

/** A lost answer, one that is still being made, or a service that has too much to do. */
const mayHelp = (error: unknown): boolean =>
  isProblem(error) &&
  ([429, 502, 503, 504].includes(error.problem.status) ||
    ['service.unreachable', 'idempotency.in_flight'].includes(error.problem.code));
