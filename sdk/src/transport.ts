import { addressOf, type Endpoint } from '@berth/shared/endpoint';
import { isProblem, problemOf, unreachable } from './problem.ts';

const DEFAULT_RETRIES = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const SECOND_MS = 1_000;

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

export type Route = Pick<Endpoint, 'method' | 'path'>;
export type Call = (route: Route, ask?: Ask, options?: CallOptions) => Promise<unknown>;

export interface TransportOptions {
  origin: string;
  fetch: typeof fetch;
  /** How often a call is repeated, with the same key, whose answer was lost or was a later one. */
  retries: number | undefined;
}

export interface Transport {
  call: Call;
  /** A response whose body is read as it comes. Throws the problem where it is refused. */
  open(route: Route, headers: Record<string, string>, signal?: AbortSignal): Promise<Response>;
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
  { origin, fetch, retries = DEFAULT_RETRIES }: TransportOptions,
  authority: Authority,
): Transport {
  const reach = async (address: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(origin + address, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable(origin);
    }
  };

  /** One answer, as whoever the authority says now. */
  async function ask(address: string, init: RequestInit): Promise<Response> {
    const token = await authority.token();
    const proof: Record<string, string> =
      token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...(init.headers as Record<string, string>), ...proof };
    const response = await reach(address, { ...init, headers });
    if (response.ok) return response;
    const error = problemOf(response.status, await response.text());
    if (hasEnded(error) && (await authority.renew(token))) return ask(address, init);
    const again_s = Number(response.headers.get('retry-after'));
    throw Object.assign(error, { again_ms: again_s * SECOND_MS || 0 });
  }

  async function askUntilAnswered(address: string, init: RequestInit): Promise<Response> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask(address, init);
      } catch (error) {
        const { again_ms = 0 } = error as { again_ms?: number };
        if (tries >= retries || !mayHelp(error) || again_ms > LONGEST_PAUSE_MS) throw error;
        await pause(Math.max(again_ms, pauseOf(tries)), init.signal ?? undefined);
      }
    }
  }

  return {
    async call(route, { params = {}, query = {}, body } = {}, options = {}) {
      const headers: Record<string, string> = { accept: 'application/json' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      if (route.method !== 'GET') {
        headers['idempotency-key'] = options.idempotency_key ?? crypto.randomUUID();
      }
      const init: RequestInit = { method: route.method, headers };
      if (body !== undefined) init.body = JSON.stringify(body);
      if (options.signal) init.signal = options.signal;
      return readAnswer(await askUntilAnswered(addressOf(route, { params, query }), init));
    },
    open(route, headers, signal) {
      return ask(addressOf(route), { method: route.method, headers, signal: signal ?? null });
    },
  };
}

const hasEnded = (error: unknown): boolean =>
  isProblem(error, 'session.expired') || isProblem(error, 'session.missing');

/** A lost answer, one that is still being made, or a service that has too much to do. */
const mayHelp = (error: unknown): boolean =>
  isProblem(error) &&
  ([0, 429, 502, 503, 504].includes(error.problem.status) ||
    error.problem.code === 'idempotency.in_flight');

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/pdf')) return new Uint8Array(await response.arrayBuffer());
  const text = await response.text();
  const isJson = type.startsWith('application/json');
  return isJson ? (JSON.parse(text) as unknown) : text;
}
