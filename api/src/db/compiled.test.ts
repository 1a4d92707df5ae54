import { sql, type Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/harness.ts';
import { compileForIds, compileOnce, insertRows, type Slots } from './compiled.ts';
import type { Schema } from './schema.ts';

let made: TestDatabase;
let db: Kysely<Schema>;
beforeAll(async () => {
  made = await makeTestDatabase();
  db = made.database.read;
  await made.database.write(async (tx) => {
    for (let at = 0; at < 1_200; at += 1) {
      await sql`INSERT INTO challenges (nonce, key, issued_at, expires_at)
        VALUES (${`n${at}`}, 'k', 'now', 'then')`.execute(tx);
    }
  });
});
afterAll(() => made.drop());

interface Given {
  key: string;
  used_at: string | null;
}
const given = { key: 'k', used_at: null };
const all = () => db.selectFrom('challenges').select('nonce');

test('a query that is compiled once answers every call with its own values', async () => {
  const ask = compileOnce((tx, { nonce }: Slots<{ nonce: string }>) =>
    tx.selectFrom('challenges').where('nonce', '=', nonce).select('nonce'),
  );
  expect((await ask(db, { nonce: 'n1' })).rows).toEqual([{ nonce: 'n1' }]);
  expect((await ask(db, { nonce: 'n2' })).rows).toEqual([{ nonce: 'n2' }]);
});

describe('a builder that looks at its values is refused:', () => {
  const builders: Record<string, (given: Slots<Given>) => unknown> = {
    'by whether there is one': ({ used_at }) => (used_at ? all().limit(1) : all()),
    'by null': ({ used_at }) => (used_at === null ? all().limit(1) : all()),
    'by its size': ({ key }) => all().limit((key as never) > 1 ? 1 : 2),
    'by its text': ({ key }) => all().where('key', '=', String(key as unknown as string)),
  };
  test.each(Object.entries(builders))('%s', (_, build) => {
    const ask = compileOnce((_db, slots: Slots<Given>) => build(slots) as ReturnType<typeof all>);
    expect(() => ask(db, given)).toThrow('may not depend on the values');
  });

  test('a comparison with a value does not pass the types', () => {
    const ask = compileOnce((_db, { key }: Slots<Given>) =>
      // @ts-expect-error What stands for a text is no text.
      key === 'k' ? all().limit(1) : all(),
    );
    expect(ask).toBeTypeOf('function');
  });
});

test.each([0, 1, 2, 1_200])('%i ids are all found, each once', async (count) => {
  const ask = compileForIds((tx, wanted, { key }: Slots<{ key: string }>) =>
    tx
      .selectFrom(wanted)
      .crossJoin('challenges as c')
      .whereRef('c.nonce', '=', 'wanted.value')
      .where('c.key', '=', key)
      .select('c.nonce'),
  );
  const ids = Array.from({ length: count }, (_, at) => `n${at}`);
  const found = (await ask(db, [...ids, ...ids], { key: 'k' })).map(({ nonce }) => nonce);
  expect(found.sort()).toEqual(ids.sort());
});

describe('rows that are inserted together', () => {
  const row = (nonce: string) => ({ nonce, key: 'k2', issued_at: 'now', expires_at: 'then' });

  test('may name their columns in any order', async () => {
    const turned = Object.fromEntries(Object.entries(row('turned')).reverse()) as never;
    await made.database.write((tx) => insertRows(tx, 'challenges', [row('straight'), turned]));
    const kept = await db
      .selectFrom('challenges')
      .where('key', '=', 'k2')
      .orderBy('nonce')
      .select(['nonce', 'key', 'issued_at', 'expires_at'])
      .execute();
    expect(kept).toEqual([row('straight'), row('turned')]);
  });

  test.each([
    ['one column less', { nonce: 'n', key: 'k3', issued_at: 'now' }],
    ['one more', { ...row('n'), used_at: 'then' }],
  ])('are refused where one has %s', async (_, other) => {
    const rows = [row('first'), other as never];
    await expect(made.database.write((tx) => insertRows(tx, 'challenges', rows))).rejects.toThrow(
      'have the same columns',
    );
  });
});
