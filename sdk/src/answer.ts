/** Reads what a server answers, which may be anybody's: never more, nor longer, than one is. */
import { isProblem, problemOf, refuse, strange } from './problem.ts';

const MEBI = 1_048_576;
/** The longest answer is the evidence of a long contract. */
const MAX_ANSWER_BYTES = 64 * MEBI;
const MAX_REFUSAL_BYTES = MEBI / 16;

/** The bytes of a body, or null where there are more than that. */
async function bytesOf({ body }: Response, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    count += value.byteLength;
    if (count > most) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(count);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Why a call was refused, as an error to throw. */
export async function readRefusal(response: Response): Promise<Error> {
  const bytes = await bytesOf(response, MAX_REFUSAL_BYTES);
  return problemOf(response.status, bytes === null ? '' : textOf(bytes));
}

/** What is asked of one address is never sent on to another, with whatever it proves. */
export function refuseRedirect({ status, type, headers }: Response, origin: string): void {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400);
  if (!isRedirect) return;
  const to = headers.get('location') ?? 'another address';
  throw refuse('origin.foreign', `${origin} sends on to ${to}. Use the address of Berth itself.`);
}

/** The JSON of an answer; its bytes or text where the endpoint produces another form. */
export async function readAnswer(response: Response, is_json: boolean): Promise<unknown> {
  if (response.status === 204) return undefined;
  const bytes = await bytesOf(response, MAX_ANSWER_BYTES);
  if (bytes === null) throw strange(`It is longer than ${MAX_ANSWER_BYTES} bytes`);
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!type.startsWith('application/json')) {
    if (is_json) throw strange(`It is ${type}, not JSON`);
    return type.startsWith('application/pdf') ? bytes : textOf(bytes);
  }
  try {
    return JSON.parse(textOf(bytes)) as unknown;
  } catch {
    throw strange('It is no JSON');
  }
}

/** The items and the next cursor of a page. A cursor that comes again would never end. */
export function readPage(
  answer: unknown,
  seen: Set<string>,
): { items: unknown[]; next_cursor: string | null } {
  const { items, next_cursor = null } = (answer ?? {}) as Record<string, unknown>;
  if (!Array.isArray(items)) throw strange('It is no page of a list');
  if (next_cursor === null) return { items, next_cursor };
  if (typeof next_cursor !== 'string' || seen.has(next_cursor)) {
    throw strange('The pages of the list go round in a circle');
  }
  seen.add(next_cursor);
  return { items, next_cursor };
}

/** An id goes into a path: one that is a step to another folder would ask for something else. */
export function checkParams(params: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(params)) {
    const isId = typeof value === 'string' && value !== '' && !/^\.\.?$/.test(value);
    if (!isId && typeof value !== 'number') throw refuse('request.invalid', `There is no ${name}.`);
  }
}

/** Waits for an answer so long; then it counts as lost, and the connection is ended. */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  lost: () => Error,
): Promise<T> {
  const timeout = AbortSignal.timeout(ms);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    return await work(both);
  } catch (error) {
    if (signal?.aborted === true || isProblem(error)) throw error;
    throw lost();
  }
}
