import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { canonical } from '@berth/shared/canonical';
import { keyLinkText } from '@berth/shared/signing/delegation';
import { keyEventSchema, signaturesOf } from '@berth/shared/signing/key-events';
import { foldKeyEvents, keysOf } from '@berth/shared/signing/key-history';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { makeTestDatabase, testDialect } from '../../../test/harness.ts';
import { makePerson, makeTestKey } from '../../../test/people.ts';
import { findStored } from '../../db/idempotency.ts';
import { migrate, MIGRATIONS } from '../../db/migrate.ts';
import { fixedClock } from '../../lib/clock.ts';
import { listKeyEvents } from './service.ts';

const clock = fixedClock();

/** A database as it was before the migration of that name. */
async function databaseBefore(migration: RegExp) {
  const { database, drop } = await makeTestDatabase(testDialect, { migrated: false });
  const folder = mkdtempSync(join(tmpdir(), 'berth-migrations-'));
  const files = readdirSync(MIGRATIONS).sort();
  const number = files.find((file) => migration.test(file))?.slice(0, 4) ?? '';
  for (const file of files.filter((name) => name < number)) {
    cpSync(join(MIGRATIONS, file), join(folder, file));
  }
  await migrate({ database, clock }, folder);
  rmSync(folder, { recursive: true });
  return { database, drop };
}

test('what was signed before there was a table of events is in it, and verifies', async () => {
  const { database, drop } = await databaseBefore(/_key_events\./);
  const [first, spare, account_id, at] = [makePerson(), makeTestKey(), 'acc_1', clock.now()];
  const [key, by, enc] = [spare.public_key, first.account_key.public_key, first.encryption_key];
  const link = { account_id, key, by, at };
  const text = keyLinkText(link);
  await database.write(async (tx) => {
    const signature = first.account_key.sign(encryptionKeyText(enc));
    await sql`INSERT INTO accounts (id, handle, display_name, encryption_key, encryption_signature,
      encryption_signed_by, created_at, updated_at)
      VALUES (${account_id}, 'ada', 'Ada', ${enc}, ${signature}, ${by}, ${at}, ${at}),
        ('acc_2', 'unclaimed', 'Nobody', '', '', '', ${at}, ${at})`.execute(tx);
    await sql`INSERT INTO account_keys (key, account_id, label, added_at)
      VALUES (${by}, ${account_id}, 'First key', ${at})`.execute(tx);
    await sql`INSERT INTO account_keys (key, account_id, label, linked_by, link_statement,
      link_signature, link_key_signature, added_at)
      VALUES (${key}, ${account_id}, 'Spare', ${by}, ${canonical(link)},
        ${first.account_key.sign(text)}, ${spare.sign(text)}, ${at})`.execute(tx);
  });
  await migrate({ database, clock });
  const events = await listKeyEvents(database.read, [account_id, 'acc_2']);
  expect(events.map(({ kind }) => kind)).toEqual(['first_encryption_key', 'link']);
  for (const event of events) {
    keyEventSchema.parse(event);
    for (const one of signaturesOf(event)) {
      expect(verifyEd25519Node(one.key, one.text, one.signature)).toBe(true);
    }
  }
  const stand = keysOf(account_id, foldKeyEvents(events)).map((one) => [one.key, one.stands]);
  expect(stand).toEqual([
    [by, true],
    [key, true],
  ]);
  await drop();
});

test('accounts and kept answers from before there were principals are as they were', async () => {
  const { database, drop } = await databaseBefore(/_actor\./);
  const at = clock.now();
  await database.write(async (tx) => {
    await sql`INSERT INTO accounts (id, handle, display_name, encryption_key,
      encryption_signed_by, created_at, updated_at)
      VALUES ('acc_1', 'ada', 'Ada', 'e1', 'k1', ${at}, ${at}),
        ('acc_2', 'unclaimed', 'Nobody', '', '', ${at}, ${at})`.execute(tx);
    await sql`INSERT INTO idempotency_keys
      (account_id, idempotency_key, request_hash, status, reply, created_at)
      VALUES ('acc_1', 'key', 'hash', 200, '{}', ${at})`.execute(tx);
  });
  await migrate({ database, clock });
  const accounts = await database.read
    .selectFrom('accounts')
    .select(['id', 'state', 'encryption_key', 'encryption_signed_by'])
    .orderBy('id')
    .execute();
  expect(accounts.map((row) => Object.values(row))).toEqual([
    ['acc_1', 'claimed', 'e1', 'k1'],
    ['acc_2', 'unclaimed', null, null],
  ]);
  const doer = { principal: 'acc_1', acting_for: 'acc_1' };
  expect(await findStored(database.read, doer, 'key')).toMatchObject({ reply: '{}' });
  const claim = database.write((tx) =>
    tx.updateTable('accounts').set({ state: 'claimed' }).where('id', '=', 'acc_2').execute(),
  );
  await expect(claim).rejects.toThrow(/check/i);
  await drop();
});
