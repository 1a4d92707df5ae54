/** What hangs on the list of machines: a new one is in the database, the matrix and the walks. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '@berth/shared/machine';
import { machines } from '@berth/shared/machines';
import { makeTestDatabase, testDialect, type TestDatabase } from './harness.ts';

/** Where each machine's things are kept, and the tests that try every move and random ones. */
const kept: Record<string, { table: string; tests: string[] }> = {
  contract: { table: 'contract_sign_requests', tests: ['matrix.test.ts', 'walks.test.ts'] },
  offering: { table: 'offerings', tests: ['offering-walks.test.ts'] },
  payment: { table: 'payments', tests: ['../src/modules/payments/payments.test.ts'] },
  payout: { table: 'payouts', tests: ['../src/modules/payouts/payouts.test.ts'] },
};

let made: TestDatabase;
beforeAll(async () => {
  made = await makeTestDatabase();
});
afterAll(() => made.drop());

/** The CHECK of a table's state, as the database has it. */
async function checkOf(table: string): Promise<string> {
  const query =
    testDialect === 'sqlite'
      ? sql<{ text: string }>`SELECT sql AS text FROM sqlite_schema WHERE name = ${table}`
      : sql<{ text: string }>`SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
          WHERE contype = 'c' AND conrelid = (${table}::text)::regclass
            AND pg_get_constraintdef(oid) LIKE 'CHECK ((state = ANY%'`;
  const { rows } = await query.execute(made.database.read);
  const text = rows[0]?.text ?? '';
  return testDialect === 'sqlite' ? (/CHECK \(state IN \(([^)]*)\)/.exec(text)?.[1] ?? '') : text;
}

describe.each(machines.map((machine) => [machine.name, machine] as const))(
  'the machine of each %s',
  (name, machine) => {
    const place = kept[name];

    test('is sound', () => {
      expect(faultsOf(machine)).toEqual([]);
    });

    test('has the states that the database takes', async () => {
      const found = (await checkOf(place?.table ?? '')).matchAll(/'(\w+)'/g);
      expect([...found].map(([, state]) => state).sort()).toEqual(
        Object.keys(machine.states).sort(),
      );
    });

    test('is tried by tests of every move and of random ones', () => {
      expect(place?.tests.every((file) => existsSync(join(import.meta.dirname, file)))).toBe(true);
    });

    test('says of each move what was done, and asks in words where a button has a form', () => {
      for (const { action, deed, button, form, ask, place: where } of machine.moves) {
        expect(deed, action).toMatch(/^[a-z]/);
        if (form !== undefined) expect(button, action).toBeDefined();
        if (form !== undefined && where !== 'conversation') expect(ask, action).toBeDefined();
      }
    });
  },
);
