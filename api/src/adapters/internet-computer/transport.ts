import { counted } from '@berth/shared/count';
import { AsyncLocalStorage } from 'node:async_hooks';
import { readBytes } from '../../lib/reply.ts';
import { retry } from '../../lib/retry.ts';
import type { Waits } from '../../lib/retry.ts';
import { isIcpProblem, icpProblem } from '../../ports/icp.ts';
import type { IcpProblem } from '../../ports/icp.ts';

/** How long one HTTP request may take, and how often it is made. */
export interface TransportLimits extends Waits {
  readonly timeout_ms: number;
}

export const TRANSPORT_LIMITS: TransportLimits = {
  timeout_ms: 30_000,
  attempts: 6,
  first_wait_ms: 500,
  most_wait_ms: 15_000,
};

/** A page, its signature and room: a larger reply is none that a replica makes. */
const MAX_REPLY_BYTES = 4 * 1_048_576;
const PASSING_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether the host is this very machine; only there may a root key be asked for. */
export function isLocalHost(host: string): boolean {
  const { hostname } = new URL(host);
  return LOCAL_HOSTS.has(hostname) || hostname.endsWith('.localhost');
}

interface Call {
  readonly signal: AbortSignal;
  /** Why a request of this call got no answer. */
  lost: IcpProblem | null;
}

export interface Transport {
  /** What the agent asks with: tried again, in time, and read to its end. */
  readonly fetch: typeof fetch;
  /**
   * Runs what asks. A lost request comes out as `unreachable` whatever the agent makes of it, and
   * no request outlives the call.
   */
  call<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

/** The agent takes no signal and swallows failures of read_state, so a call keeps both apart. */
export function makeTransport(limits: TransportLimits): Transport {
  const calls = new AsyncLocalStorage<Call>();
  return {
    async fetch(input, init) {
      const call = calls.getStore();
      const signal = call?.signal;
      try {
        return await retry(() => askOnce(input, init, limits.timeout_ms, signal), {
          ...limits,
          signal,
          mayPass: (error) => !isIcpProblem(error),
        });
      } catch (error) {
        const lost = isIcpProblem(error)
          ? error
          : icpProblem(
              'unreachable',
              `No answer after ${counted(limits.attempts, 'attempt')}: ${why(error)}`,
            );
        if (call !== undefined) call.lost = lost;
        throw lost;
      }
    },
    call: async (signal, work) => {
      const end = new AbortController();
      const signals = signal === undefined ? [end.signal] : [end.signal, signal];
      const call: Call = { signal: AbortSignal.any(signals), lost: null };
      try {
        return await calls.run(call, work);
      } catch (error) {
        signal?.throwIfAborted();
        throw call.lost ?? error;
      } finally {
        end.abort();
      }
    },
  };
}

async function askOnce(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  timeout_ms: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const signals = [AbortSignal.timeout(timeout_ms), ...(signal === undefined ? [] : [signal])];
  const reply = await fetch(input, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.any(signals),
  });
  const body = await readBytes(reply, MAX_REPLY_BYTES);
  if (body === null) {
    throw icpProblem('refused', `The reply is larger than ${MAX_REPLY_BYTES} bytes.`);
  }
  const { status, statusText, headers } = reply;
  if (PASSING_STATUS.has(status)) throw new Error(`the host answered ${status}`);
  return new Response(body.length === 0 ? null : body, { status, statusText, headers });
}

/** What fetch means by `fetch failed` is in the cause. */
function why(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}, ${cause.message}` : message;
}
