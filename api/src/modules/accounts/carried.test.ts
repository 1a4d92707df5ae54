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
import { migrate, MIGRATIONS } from '../../db/migrate.ts';
import { fixedClock } from '../../lib/clock.ts';
import { listKeyEvents } from './index.ts';

const clock = fixedClock();
const KEY_EVENTS = /_key_events\./;

test('what was signed before there was a table of events is in it, and verifies', async () => {
  const { database, drop } = await makeTestDatabase(testDialect, { migrated: false });
  const folder = mkdtempSync(join(tmpdir(), 'berth-migrations-'));
  const files = readdirSync(MIGRATIONS).sort();
  const number = files.find((file) => KEY_EVENTS.test(file))?.slice(0, 4) ?? '';
  for (const file of files.filter((name) => name < number)) {
    cpSync(join(MIGRATIONS, file), join(folder, file));
  }
  await migrate({ database, clock }, folder);
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
  rmSync(folder, { recursive: true });
});
