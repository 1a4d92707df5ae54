import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { permissionsFor } from '@berth/shared/access';
import { allEndpoints } from '@berth/shared/endpoints';
import { problems } from '@berth/shared/problems';
import { platform } from '@berth/shared/platform/endpoints';
import { schemaNames } from '@berth/shared/schemas';
import { makeOpenApi } from '../src/http/openapi.ts';
import { makeTestApp } from './harness.ts';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string }[];
  responses: Record<string, unknown>;
  requestBody?: unknown;
  security: Record<string, string[]>[];
}
interface Components {
  components: { parameters: Record<string, { name: string; in: string }> };
}
const document = makeOpenApi(allEndpoints) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

const berth = await makeTestApp();
afterAll(() => berth.close());

test('the document that is served is made of the list of endpoints', async () => {
  const { body } = await berth.call(platform.openapi, {});
  expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  expect(body['openapi']).toBe('3.1.0');
});

test('it has every endpoint once, each with a name of its own', () => {
  expect(operations).toHaveLength(allEndpoints.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('it says of every endpoint which permission it needs, or which of several', () => {
  for (const { name, access } of allEndpoints) {
    const found = operations.find(({ operationId }) => operationId === name);
    const named = found?.security.flatMap((one) => one['bearer'] ?? []);
    expect([name, named]).toEqual([name, permissionsFor(access)]);
  }
});

test('a validator of OpenAPI accepts it', async () => {
  const text = JSON.stringify(document);
  const { valid, errors } = await new Validator().validate(
    JSON.parse(text) as Record<string, unknown>,
  );
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test('what several endpoints take in the same way is written once', () => {
  const inline = operations.flatMap(({ parameters }) =>
    parameters.map((one) => JSON.stringify(one)),
  );
  const texts = inline.filter((text) => !text.includes('"#/components/parameters/'));
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

test('it has every parameter of every endpoint, in the path and after it', () => {
  const { parameters } = (document as unknown as Components).components;
  const found = operations.map(({ operationId, parameters: own }) => [
    operationId,
    own
      .map((one) => ('$ref' in one ? parameters[String(one.$ref).split('/').at(-1) ?? ''] : one))
      .flatMap((one) => (one && one.in !== 'header' ? [one.name] : []))
      .sort(),
  ]);
  const keysOf = (schema: z.ZodType | undefined): string[] =>
    Object.keys((schema as z.ZodObject | undefined)?.shape ?? {});
  const declared = allEndpoints.map(({ name, params, query }) => [
    name,
    [...keysOf(params), ...keysOf(query)].sort(),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(declared));
});

const MOST_BYTES = 300_000;

test('it is below 300 kB, names what is taken and answered, and every reference leads somewhere', () => {
  const text = JSON.stringify(document);
  expect(text.length).toBeLessThan(MOST_BYTES);
  const found = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  const at = (path: string) =>
    path
      .split('/')
      .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], document);
  expect(found.filter((path) => at(path) === undefined)).toEqual([]);
  // And to more than itself.
  const isItself = (path: string) => (at(path) as { $ref?: string }).$ref === `#/${path}`;
  expect(found.filter(isItself)).toEqual([]);
  const bodies = [...text.matchAll(/"application\/json":\{"schema":(\{[^}]*\})/g)];
  expect(bodies.length).toBeGreaterThan(allEndpoints.length / 2);
  for (const [, schema] of bodies) expect(schema).toMatch(/^\{"\$ref":"#\/components\/schemas\//);
});

test('no two schemas have one name', () => {
  const names = [...schemaNames.values()];
  expect(new Set(names).size).toBe(names.length);
});

test('every domain’s exported schemas have names', async () => {
  const folder = fileURLToPath(new URL('../../shared/src/', import.meta.url));
  const files = globSync('*/schemas.ts', { cwd: folder });
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const exported = Object.values((await import(join(folder, file))) as Record<string, unknown>);
    const schemas = exported.filter((one) => one instanceof z.ZodType);
    expect(
      schemas.filter((one) => !schemaNames.has(one)),
      file,
    ).toEqual([]);
  }
});

describe('each endpoint', () => {
  test.each(allEndpoints.map((one) => [one.name, one] as const))('%s is served', (_, one) => {
    expect(berth.app.hasRoute({ method: one.method, url: `/api/v1${one.path}` })).toBe(true);
  });

  test.each(allEndpoints.map((one) => [one.name, one] as const))(
    '%s names its parameters, and only problems that there are',
    (_, one) => {
      const named = [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const declared = one.params instanceof z.ZodObject ? Object.keys(one.params.shape) : [];
      expect(declared.sort()).toEqual(named.sort());
      expect(one.problems.filter((code) => !(code in problems))).toEqual([]);
      expect(one.summary).not.toMatch(/\.$/);
    },
  );

  test.each(
    allEndpoints.filter(({ access }) => access !== 'anyone').map((one) => [one.name, one] as const),
  )('%s refuses a visitor without a session', async (_, one) => {
    const url = `/api/v1${one.path.replace(/:\w+/g, 'x')}`;
    const { statusCode } = await berth.app.inject({ method: one.method, url });
    expect(statusCode).toBe(401);
  });
});

test('no route is served that the list does not have', () => {
  const listed = new Set(allEndpoints.map(({ method, path }) => `${method} /api/v1${path}`));
  const tree = berth.app.printRoutes({ commonPrefix: false, includeHooks: false });
  const count = [...tree.matchAll(/\(([A-Z, ]+)\)/g)].flatMap(([, methods = '']) =>
    methods.split(', ').filter((method) => method !== 'HEAD'),
  ).length;
  expect(count).toBe(listed.size);
});
