/** The files of a new module, all of one shape: one thing that its owner can see. */

const pascal = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
const camel = (name: string): string =>
  name.replace(/-([a-z])/g, (_, l: string) => l.toUpperCase());

/**
 * File name -> text for a module; `name` is plural and kebab-case, as its table's is snake_case.
 */
export function moduleFiles(name: string): Record<string, string> {
  const many = { Pascal: pascal(name), camel: camel(name), table: name.replaceAll('-', '_') };
  const one = { Pascal: many.Pascal.replace(/s$/, ''), id: `${many.table.replace(/s$/, '')}_id` };
  return {
    'index.ts': `import type { Module } from '../../context.ts';
import { mount${many.Pascal} } from './routes.ts';

export const ${many.camel}Module: Module = { name: '${name}', routes: mount${many.Pascal} };
`,
    'routes.ts': `import type { FastifyInstance } from 'fastify';
import { ${many.camel} } from '@berth/shared/${name}/endpoints';
import { mount } from '../../http/mount.ts';
import { get${one.Pascal} } from './service.ts';

export function mount${many.Pascal}(app: FastifyInstance): void {
  mount(app, ${many.camel}.get, (ctx, actor, { params }) =>
    get${one.Pascal}(ctx, actor, params.${one.id}),
  );
}
`,
    'service.ts': `import { problem } from '@berth/shared/problems';
import type { ReadCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { find${one.Pascal} } from './repo.ts';

/** Throws \`request.not_found\` for one that is missing or not the actor's. */
export async function get${one.Pascal}(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  ${one.id}: string,
) {
  const row = await find${one.Pascal}(db, actor, ${one.id});
  if (!row) throw problem('request.not_found');
  return row;
}
`,
    'repo.ts': `import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { AccountActor } from '../../lib/actor.ts';

type Db = Kysely<Schema>;

const visibleTo = (db: Db, actor: AccountActor) =>
  db.selectFrom('${many.table}').where('account_id', '=', actor.acting_for);

export const find${one.Pascal} = (db: Db, actor: AccountActor, ${one.id}: string) =>
  visibleTo(db, actor).where('id', '=', ${one.id}).selectAll().executeTakeFirst();
`,
    [`${name}.test.ts`]: `import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';

const { get } = endpoints.${many.camel};
let t: TestApp;

beforeAll(async () => {
  t = await makeTestApp();
});

afterAll(() => t.close());

test('a visitor without a session is asked to sign in', async () => {
  const { problem } = await t.call(get, { params: { ${one.id}: 'unknown' } });
  expect(problem.code).toBe('session.missing');
});
`,
  };
}
