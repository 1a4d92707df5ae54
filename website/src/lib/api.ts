import { addressOf, isQuery, type Answer, type Ask, type Endpoint } from '@berth/shared/endpoint';
import { isProblem, problem, type ProblemDocument } from '@berth/shared/problems';

/** `ask` is left out where the endpoint takes nothing, optional where all of it is. */
export type Given<E extends Endpoint, More extends unknown[] = []> =
  unknown extends Ask<E>
    ? [ask?: undefined, ...More]
    : Record<never, never> extends Ask<E>
      ? [ask?: Ask<E>, ...More]
      : [ask: Ask<E>, ...More];

export interface CallOptions {
  /** Pass the same key again to repeat a call whose answer was lost; it then counts once. */
  idempotency_key?: string;
  signal?: AbortSignal;
}

export interface AskParts {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

let renew: (() => Promise<boolean>) | null = null;

/** How `call` gets a new session when the one at hand has ended; it says whether there is one. */
export function renewSessionsBy(open: () => Promise<boolean>): void {
  renew = open;
}

/**
 * Calls the API from the browser; renews a session that has ended and asks once more. Throws a
 * `Problem` (`isProblem` in shared) for every refusal, and for a lost connection, with a sentence
 * that can be shown as it is.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  ...given: Given<E, [options?: CallOptions]>
): Promise<Answer<E>> {
  const [parts = {}, options = {}] = given as [AskParts?, CallOptions?];
  const headers: Record<string, string> = { accept: 'application/json' };
  if (parts.body !== undefined) headers['content-type'] = 'application/json';
  if (!isQuery(endpoint)) {
    headers['idempotency-key'] = options.idempotency_key ?? crypto.randomUUID();
  }
  const init: RequestInit = { method: endpoint.method, headers };
  if (parts.body !== undefined) init.body = JSON.stringify(parts.body);
  if (options.signal) init.signal = options.signal;
  const ask = async () => readAnswer(await reach(addressOf(endpoint, parts), init));
  try {
    return (await ask()) as Answer<E>;
  } catch (error) {
    if (!hasEnded(error) || !(await renew?.())) throw error;
    return (await ask()) as Answer<E>;
  }
}

/** The browser drops the cookie of a session that has ended, so the API then sees none. */
const hasEnded = (error: unknown): boolean =>
  isProblem(error) &&
  (error.problem.code === 'session.expired' || error.problem.code === 'session.missing');

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw problem(
      'service.busy',
      'Berth could not be reached. Check your connection and try again; a repeated request counts once.',
    );
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw problemOf(response.status, text);
}

/** The error of a refused call, whatever answered it: the API, or a proxy in front of it. */
export function problemOf(status: number, text: string): Error {
  const document = readProblem(text);
  if (document) {
    const { code, detail, type: _, title: __, status: ___, ...extra } = document;
    return problem(code, detail, extra);
  }
  return status === 503 || status === 502 || status === 504
    ? problem('service.busy')
    : problem('service.error', `The service answered ${status} without saying why. Try again.`);
}

function readProblem(text: string): ProblemDocument | null {
  try {
    const document = JSON.parse(text) as Partial<ProblemDocument> | null;
    return document?.code === undefined ? null : (document as ProblemDocument);
  } catch {
    return null;
  }
}
