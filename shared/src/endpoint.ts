import type * as z from 'zod';
import type { Access } from './access.ts';
import type { ProblemCode } from './problems.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * An endpoint as data. The API mounts it (validation, stripped replies, OpenAPI), the website calls
 * it with full types, and the tests walk the list of them. Paths are below `/api/v1`, `:name` is a
 * parameter.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  Level extends Access = Access,
  Verb extends Method = Method,
  Reads extends boolean = boolean,
> {
  readonly method: Verb;
  /** A POST that only reads, such as a preview: its question is too long for an address. */
  readonly reads?: Reads;
  readonly path: `/${string}`;
  /** One sentence for a person, used by OpenAPI. */
  readonly summary: string;
  readonly access: Level;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** The reply of a success; `z.void()` answers 204. */
  readonly reply: Reply;
  /** The codes this endpoint may answer beyond those that any endpoint may. */
  readonly problems: readonly ProblemCode[];
  /** A tighter rate limit than the default, by name in the API's table. */
  readonly rate_limit?: 'sign_in' | 'request' | 'import' | 'hold' | 'secret' | 'mail' | 'replay';
  /** What an API token cannot give: the account's signature, or a session of its own. */
  readonly needs?: 'signature' | 'session';
  /** Its reply shows a secret once: it is not kept, and a repeat does not get it again. */
  readonly shows_once?: true;
  /** A body as long as a file, where others are short. */
  readonly body_limit?: 'file';
  /** What a reply is other than JSON, for downloads and the event stream. */
  readonly produces?:
    | 'text/html'
    | 'text/csv'
    | 'text/plain'
    | 'text/event-stream'
    | 'application/json'
    | 'application/pdf'
    | 'application/xml';
}

type Input<S> = S extends z.ZodType ? z.input<S> : never;
type Given<Name extends string, S> = z.ZodType extends S
  ? unknown
  : Record<never, never> extends Input<S>
    ? { [K in Name]?: Input<S> }
    : { [K in Name]: Input<S> };

/** What a caller passes: `{ params, query, body }`, each only where the endpoint has it. */
export type Ask<E extends Endpoint> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? Given<'params', P> & Given<'query', Q> & Given<'body', B>
    : never;

/** What a caller gets: the parsed JSON of the reply, as the wire has it. */
export type Answer<E extends Endpoint> = z.input<E['reply']>;

export function endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  A extends Access = Access,
  M extends Method = Method,
  Reads extends boolean = false,
>(definition: Endpoint<P, Q, B, R, A, M, Reads>): Endpoint<P, Q, B, R, A, M, Reads> {
  return definition;
}

/** A query reads, and asked twice it is answered twice; any other endpoint is a command. */
export const isQuery = ({ method, reads }: Pick<Endpoint, 'method' | 'reads'>): boolean =>
  method === 'GET' || reads === true;

/**
 * The address of an endpoint below `/api/v1`: `:name` filled in, the query in order, absent values
 * left out.
 */
export function addressOf(
  { path }: Pick<Endpoint, 'path'>,
  ask: { params?: Record<string, unknown>; query?: Record<string, unknown> } = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(ask.params?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(ask.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') query.append(name, String(one));
    }
  }
  return `/api/v1${filled}${query.size > 0 ? `?${query}` : ''}`;
}
