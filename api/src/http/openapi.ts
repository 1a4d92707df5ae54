import * as z from 'zod';
import { permissions, permissionsFor, scopeOf, scopes } from '@berth/shared/access';
import { TOKEN_START } from '@berth/shared/tokens/limits';
import { problemsOf, takesKey, takesToken } from '@berth/shared/answers';
import type { Endpoint } from '@berth/shared/endpoint';
import { problems } from '@berth/shared/problems';
import type { ProblemCode } from '@berth/shared/problems';
import { webhookShapes } from '@berth/shared/webhooks/schemas';
import { pascal, schemaNames } from '@berth/shared/schemas';

type Json = Record<string, unknown>;
type Named = Endpoint & { name: string };

/** The OpenAPI 3.1 document of these endpoints; the same text for the same endpoints. */
export function makeOpenApi(endpoints: readonly Named[]): Json {
  const { used, schemaOf, openOf } = makeSchemas(endpoints);
  const failures = makeFailures();
  const parameters = makeParameters(endpoints, openOf);
  const paths: Record<string, Json> = {};
  for (const one of endpoints) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    const responses = { ...successOf(one, schemaOf), ...failures.of(one) };
    (paths[path] ??= {})[one.method.toLowerCase()] = operationOf(one, schemaOf, {
      parameters: parameters.of(one),
      responses,
    });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Berth',
      version: '1',
      description:
        'Rent compute by signed contract. Amounts ending in _e9s are decimal text. Every answer has ' +
        'Request-Id, which names it in our logs, and RateLimit, which says what is left of the quota.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    webhooks: webhooksOf(schemaOf),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: PERMISSIONS },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-berth' },
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: `${TOKEN_START}…`,
          description: TOKEN,
        },
      },
      schemas: {
        ...Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
        Problem: problemSchema,
      },
      parameters: parameters.named,
      responses: failures.named,
    },
  };
}

/** What a device's delegation must say for it to have a permission. */
const PERMISSIONS = scopes
  .map((scope) => `${scope}: ${permissions.filter((one) => scopeOf(one) === scope).join(', ')}`)
  .join('. ');

const TOKEN = 'An API token. It reads and writes what its permissions say, and signs nothing.';

type SchemaOf = (schema: z.ZodType) => Json;

const SCHEMAS = '#/components/schemas/';

/** Every schema that is exported, and what an endpoint takes and answers, has a name. */
function namesOf(endpoints: readonly Named[]): ReadonlyMap<z.ZodType, string> {
  const names = new Map(schemaNames);
  for (const { name, body, reply } of endpoints) {
    const start = name.split('.').map(pascal).join('');
    if (body !== undefined && !names.has(body)) names.set(body, `${start}Body`);
    if (!(reply instanceof z.ZodVoid) && !names.has(reply)) names.set(reply, `${start}Reply`);
  }
  return names;
}

/** The wire's side of schemas as JSON Schema 2020-12; each that has a name is `used` once. */
function makeSchemas(endpoints: readonly Named[]) {
  const names = namesOf(endpoints);
  const metadata = z.registry<{ id: string }>();
  for (const [schema, id] of names) metadata.add(schema, { id });
  const used = new Map<string, Json>();
  const options = { io: 'input', unrepresentable: 'any', metadata } as const;
  /** Its definition itself, whatever its name. */
  const openOf = (schema: z.ZodType): Json => {
    const text = JSON.stringify(z.toJSONSchema(schema, options), withoutNoise).replaceAll(
      '"#/$defs/',
      `"${SCHEMAS}`,
    );
    const { $defs = {}, ...json } = JSON.parse(text) as Json & { $defs?: Record<string, Json> };
    const own = names.get(schema);
    for (const [name, definition] of Object.entries($defs)) used.set(name, definition);
    return (own !== undefined && $defs[own]) || json;
  };
  const schemaOf = (schema: z.ZodType): Json => {
    const id = names.get(schema);
    if (id === undefined) return openOf(schema);
    if (!used.has(id)) used.set(id, openOf(schema));
    return { $ref: SCHEMAS + id };
  };
  return { used, schemaOf, openOf };
}

/** What says nothing beside its neighbours: the form of a time, and that a number is a safe one. */
function withoutNoise(this: Json, key: string, value: unknown): unknown {
  const isNoise =
    key === '$schema' ||
    (key === 'id' && typeof value === 'string') ||
    (key === 'pattern' && this['format'] === 'date-time') ||
    ((key === 'maximum' || key === 'minimum') &&
      Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER);
  return isNoise ? undefined : value;
}

/** What is sent to the addresses that accounts name: one operation for each shape of event. */
const webhooksOf = (schemaOf: SchemaOf): Json =>
  Object.fromEntries(
    Object.entries(webhookShapes).map(([name, schema]) => [
      name,
      {
        post: {
          summary: 'By Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature',
          requestBody: { content: { 'application/json': { schema: schemaOf(schema) } } },
          responses: { '2XX': { description: 'It was taken' } },
        },
      },
    ]),
  );

function operationOf(one: Named, schemaOf: SchemaOf, parts: Json): Json {
  const [tag = ''] = one.name.split('.');
  const operation: Json = {
    operationId: one.name,
    summary: one.summary,
    tags: [tag],
    ...parts,
    // Each alternative names the permission that it needs, as OpenAPI 3.1 has roles.
    security: permissionsFor(one.access).flatMap((name) => [
      { bearer: [name] },
      { cookie: [name] },
      ...(takesToken(one, name) ? [{ token: [name] }] : []),
    ]),
  };
  if (one.body !== undefined) {
    operation['requestBody'] = {
      required: true,
      content: { 'application/json': { schema: schemaOf(one.body) } },
    };
  }
  return operation;
}

function parametersOf(one: Named, openOf: SchemaOf): Json[] {
  const of = (schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = openOf(schema) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      ...(place === 'path' || required.includes(name) ? { required: true } : {}),
      schema: property,
    }));
  };
  const parameters = [...of(one.params, 'path'), ...of(one.query, 'query')];
  if (takesKey(one)) parameters.push(idempotencyKey);
  return parameters;
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** What several endpoints take in the same way is written once, named by itself and a number. */
function makeParameters(endpoints: readonly Named[], openOf: SchemaOf) {
  const all = new Map(endpoints.map((one) => [one.name, parametersOf(one, openOf)]));
  const texts = [...all.values()].flat().map((one) => JSON.stringify(one));
  const repeated = new Set(texts.filter((text, at) => texts.indexOf(text) !== at));
  const named: Record<string, Json> = {};
  const names = new Map<string, string>();
  for (const text of [...repeated].sort()) {
    const parameter = JSON.parse(text) as Json;
    const short = String(parameter['name']);
    const nth = Object.values(named).filter(({ name }) => name === short).length;
    const name = nth === 0 ? short : `${short}-${nth + 1}`;
    named[name] = parameter;
    names.set(text, name);
  }
  const of = ({ name }: Named): Json[] =>
    (all.get(name) ?? []).map((one) => {
      const known = names.get(JSON.stringify(one));
      return known === undefined ? one : { $ref: `#/components/parameters/${known}` };
    });
  return { of, named };
}

function successOf(one: Named, schemaOf: SchemaOf): Json {
  const empty = one.reply instanceof z.ZodVoid;
  const type = one.produces ?? 'application/json';
  return {
    [empty ? '204' : '200']: {
      description: 'Done',
      ...(empty ? {} : { content: { [type]: { schema: schemaOf(one.reply) } } }),
    },
  };
}

/** Answers that several endpoints give are written once, named by their status and a number. */
function makeFailures() {
  const named: Record<string, Json> = {};
  const names = new Map<string, string>();
  const nameOf = (status: string, codes: readonly ProblemCode[]): string => {
    const known = names.get(codes.join());
    if (known !== undefined) return known;
    const nth = Object.keys(named).filter((one) => one.startsWith(status)).length;
    const name = nth === 0 ? status : `${status}-${nth + 1}`;
    names.set(codes.join(), name);
    return name;
  };
  const of = (one: Named): Json => {
    const responses: Record<string, Json> = {};
    for (const [status, codes] of byStatus(problemsOf(one))) {
      const name = nameOf(status, codes);
      named[name] ??= {
        description: codes.map((code) => describe(code, status)).join('. '),
        content: { 'application/problem+json': { schema: { $ref: `${SCHEMAS}Problem` } } },
      };
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
    return responses;
  };
  return { of, named };
}

/** Its own status stands before a code that is among those of others. */
const describe = (code: ProblemCode, status: string): string => {
  const { title, status: own } = problems[code];
  return `${String(own) === status ? '' : `${own} `}${code}: ${title}`;
};

/** Statuses that many endpoints have alike, for the same reasons: together they are `default`. */
const ALIKE: readonly number[] = [413, 415, 429, 500, 503, 507];

function byStatus(codes: readonly ProblemCode[]): [string, ProblemCode[]][] {
  const groups = new Map<string, ProblemCode[]>();
  for (const code of [...codes].sort()) {
    const { status } = problems[code];
    const name = ALIKE.includes(status) ? 'default' : String(status);
    groups.set(name, [...(groups.get(name) ?? []), code]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems).sort() },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: {
          pointer: { type: 'string' },
          message: { type: 'string' },
          from: { type: 'integer' },
          to: { type: 'integer' },
          suggestion: { type: 'string' },
        },
      },
    },
  },
};
