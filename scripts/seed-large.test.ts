import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { canonical } from '@berth/shared/canonical';
import { handleSchema } from '@berth/shared/accounts/schemas';
import { MAX_OFFERINGS, offeringInput, offeringView } from '@berth/shared/offerings/schemas';
import { termsHash, termsOf } from '@berth/shared/offerings/terms';
import { keyEventSchema, signaturesOf } from '@berth/shared/signing/key-events';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { openDatabase } from '../api/src/db/open.ts';
import { migrate } from '../api/src/db/migrate.ts';
import { makeLog } from '../api/src/deps.ts';
import { realClock } from '../api/src/lib/clock.ts';
import { viewOf } from '../api/src/offerings/row.ts';
import { run } from './lib/run.ts';
import { fillLargeMarket, type LargeMarket } from './seed/large/fill.ts';
import { shelves } from './seed/large/provider.ts';

const OFFERINGS = 3_000;
const market: LargeMarket = { offerings: OFFERINGS, seed: 1, now_ms: Date.UTC(2026, 0, 1) };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-large-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const open = (file: string) =>
  openDatabase(file, {
    log: makeLog('error'),
    onLostWrite(error) {
      throw error;
    },
  });

async function makeMarket(name: string, wanted: LargeMarket): Promise<string> {
  const file = join(folder, `${name}.db`);
  const database = await open(file);
  await migrate({ database, clock: realClock });
  await database.close();
  await fillLargeMarket(file, wanted);
  return file;
}

function dump(file: string): unknown[] {
  const db = new Sqlite(file, { readonly: true });
  const tables = [
    ...['accounts', 'account_keys', 'offerings', 'offering_terms'],
    ...['offering_points', 'provider_records'],
  ];
  const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all());
  db.close();
  return rows;
}

describe('a large market', () => {
  let file: string;
  beforeAll(async () => {
    file = await makeMarket('first', market);
  });

  test('has offerings as a provider could write them, under terms that can be signed', async () => {
    const database = await open(file);
    const rows = await database.read
      .selectFrom('offerings as o')
      .innerJoin('accounts as a', 'a.id', 'o.provider_id')
      .innerJoin('offering_terms as t', 't.terms_hash', 'o.terms_hash')
      .selectAll('o')
      .select(['a.handle', 'a.display_name', 't.terms', 't.offering_id'])
      .execute();
    await database.close();
    expect(rows).toHaveLength(OFFERINGS);
    for (const { terms, offering_id, ...row } of rows) {
      const view = viewOf({ ...row, auto_accept_hours: null } as Parameters<typeof viewOf>[0]);
      const shown = z.encode(offeringView, view);
      const input = Object.fromEntries(
        Object.keys(offeringInput.shape).map((name) => [name, shown[name as keyof typeof shown]]),
      );
      expect(z.encode(offeringInput, offeringInput.parse(input))).toEqual(input);
      expect(row.terms_hash).toBe(termsHash(termsOf(shown)));
      expect(terms).toBe(canonical(termsOf(shown)));
      expect(offering_id).toBe(row.id);
    }
  });

  test('has providers whose keys are theirs, none with more than an account may have', async () => {
    const database = await open(file);
    const accounts = await database.read
      .selectFrom('accounts as a')
      .innerJoin('account_key_events as e', 'e.account_id', 'a.id')
      .selectAll('a')
      .select('e.event')
      .execute();
    const counted = await database.read
      .selectFrom('offerings')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .groupBy('provider_id')
      .execute();
    await database.close();
    for (const one of accounts) {
      const event = keyEventSchema.parse(JSON.parse(one.event));
      expect(event).toMatchObject({
        kind: 'first_encryption_key',
        by: one.encryption_signed_by,
        said: { encryption_key: one.encryption_key },
      });
      for (const { key, text, signature } of signaturesOf(event)) {
        expect(verifyEd25519Node(key, text, signature)).toBe(true);
      }
      expect(handleSchema.parse(one.handle)).toBe(one.handle);
    }
    expect(Math.max(...counted.map(({ n }) => n))).toBeLessThanOrEqual(MAX_OFFERINGS);
  });

  test('is mostly listed, of every kind, and rarely of one model, size or price', () => {
    const db = new Sqlite(file, { readonly: true });
    const count = (where: string): number =>
      db.prepare<[], number>(`SELECT count(*) FROM offerings WHERE ${where}`).pluck().get() ?? 0;
    const different = (column: string): number =>
      db.prepare<[], number>(`SELECT count(DISTINCT ${column}) FROM offerings`).pluck().get() ?? 0;
    const listed = count("state = 'listed' AND visibility = 'public'");
    expect(listed / OFFERINGS).toBeGreaterThan(0.96);
    expect(listed / OFFERINGS).toBeLessThan(0.98);
    expect(count('stock = 0')).toBeGreaterThan(100);
    expect(count('setup_fee_e9s > 0')).toBeGreaterThan(100);
    expect(count("currency = 'USD'") / OFFERINGS).toBeGreaterThan(0.4);
    expect(count("gpu_model = 'RTX 4090'")).toBeGreaterThan(count("gpu_model = 'P40'"));
    expect(count('gpu_count IN (1, 2, 4, 8)')).toBe(count("kind = 'gpu'"));
    const variety = { kind: 6, gpu_model: 30, country: 10, commitment: 3, hourly_e9s: 1_000 };
    for (const [column, least] of Object.entries(variety)) {
      expect(different(column), column).toBeGreaterThanOrEqual(least);
    }
    db.close();
  });

  test('remembers prices without a gap, one that stands for each that is listed', () => {
    const db = new Sqlite(file, { readonly: true });
    const count = (query: string): number => db.prepare<[], number>(query).pluck().get() ?? 0;
    const listed = count(`SELECT count(*) FROM offerings o JOIN offering_points p
      ON p.offering_id = o.id AND p.at = o.updated_at AND p.until_at IS NULL
      AND p.price_e9s = o.price_e9s AND p.available = (o.stock > 0)
      WHERE o.state = 'listed' AND o.visibility = 'public'`);
    expect(listed).toBe(count('SELECT count(*) FROM offering_points WHERE until_at IS NULL'));
    expect(listed / OFFERINGS).toBeGreaterThan(0.96);
    const passed = count('SELECT count(*) FROM offering_points WHERE until_at IS NOT NULL');
    const followed = count(`SELECT count(*) FROM offering_points p JOIN offering_points n
      ON n.offering_id = p.offering_id AND n.at = p.until_at AND p.at < p.until_at`);
    expect(passed).toBeGreaterThan(300);
    expect(followed).toBe(passed);
    expect(
      count(`SELECT count(*) FROM provider_records WHERE renters <= completed
      AND completed <= kept AND kept <= ended AND ended <= answered`),
    ).toBe(count('SELECT count(*) FROM provider_records'));
    db.close();
  });

  test('is the same for the same seed, and another for another', async () => {
    expect(dump(await makeMarket('again', market))).toEqual(dump(file));
    expect(dump(await makeMarket('other', { ...market, seed: 2 }))).not.toEqual(dump(file));
  });
});

test('a large market that is stopped half way leaves nothing', async () => {
  const file = join(folder, 'stopped.db');
  const database = await open(file);
  await migrate({ database, clock: realClock });
  const stop = `CREATE TRIGGER stop BEFORE INSERT ON account_keys
    WHEN (SELECT count(*) FROM accounts) > 3
    BEGIN SELECT RAISE(ABORT, 'stopped'); END`;
  await database.write((_, runScript) => runScript(stop));
  await database.close();
  await expect(fillLargeMarket(file, market)).rejects.toThrow('stopped');
  expect(dump(file)).toEqual([[], [], [], [], [], []]);
});

property.prop([fc.integer({ min: 1, max: 2_000_000 })], { numRuns: 30 })(
  'shelves hold all offerings, the first the most, none more than an account may have',
  (offerings) => {
    const sizes = shelves(offerings);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(offerings);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_OFFERINGS);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0);
  },
);

describe('npm run seed -- --offerings', () => {
  const seed = (name: string, offerings: string, env: Record<string, string> = {}) =>
    run(['node', 'scripts/seed.ts', '--offerings', offerings], {
      env: { DATA_DIR: join(folder, name), DATABASE_URL: '', NODE_ENV: '', DEMO: '', ...env },
    });

  test('refuses production, PostgreSQL and what is no number', async () => {
    expect(await seed('none', '10', { NODE_ENV: 'production' })).toMatchObject({ code: 1 });
    const postgres = await seed('none', '10', { DATABASE_URL: 'postgres://127.0.0.1/berth' });
    expect(postgres.output).toContain('leave DATABASE_URL out');
    for (const text of ['0', '1e3', '5000001']) {
      expect((await seed('none', text)).output, text).toContain('whole number from 1 to 5,000,000');
    }
    expect(readdirSync(folder)).not.toContain('none');
  });

  test('fills an empty database, and leaves one with accounts alone', async () => {
    expect((await seed('cli', '200')).output).toMatch(/^200 offerings in [\d.]+ s\n$/);
    const again = await seed('cli', '200');
    expect(again).toMatchObject({ code: 1 });
    expect(again.output).toContain('wants an empty one');
  });
});
