import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Database } from '../../api/src/db/database.ts';
import { openDatabase } from '../../api/src/db/open.ts';
import { makeLog } from '../../api/src/deps.ts';
import { expect, open, test } from './harness.ts';
import { expectFineInEveryLook } from './looks.ts';
import { visitor } from './people.ts';

const root = join(import.meta.dirname, '../..');

/** A server of its own: what fails there is nobody else's. */
test.use({ server: [{ name: 'work', settings: {} }, { scope: 'worker' }] });

/** A change that no consumer can read, and a call that was given up long ago. */
async function plant({ write }: Database): Promise<void> {
  const at = '2026-01-15T12:00:00.000Z';
  await write(async (tx) => {
    await tx
      .insertInto('outbox')
      .values({ topic: 'contract.moved', payload: '{', created_at: at })
      .execute();
    const effect = { id: 'eff_given', kind: 'mail.send', payload: '{}', state: 'given_up' };
    await tx
      .insertInto('effects')
      .values({ ...effect, wanted_at: at })
      .execute();
    const work = { kind: 'mail.send', subject_id: 'eff_given', attempts: 30, failed_at: at };
    const not_before = '9999-12-31T23:59:59.999Z';
    await tx
      .insertInto('due_work')
      .values({ ...work, not_before, last_error: 'it said 503' })
      .execute();
  });
}

test('an admin sees what fails in the background and why, and runs it again', async ({
  browser,
  berth,
}) => {
  const admin = await visitor(browser, 'Harbour Master');
  execFileSync(process.execPath, ['scripts/admin.ts', 'grant', admin.client.account.handle], {
    cwd: root,
    env: { ...process.env, DATA_DIR: berth.data_dir },
  });
  const { page } = admin;
  await open(page, '/admin/background');
  await expect(page.getByText('Nothing fails')).toBeVisible();
  await expect(page.getByText('No call is under way')).toBeVisible();
  await expectFineInEveryLook(page);

  const options = { log: makeLog('silent'), onLostWrite: () => undefined };
  const database = await openDatabase(join(berth.data_dir, 'berth.db'), options);
  await plant(database);
  const fails = page.getByRole('table', { name: 'What fails' });
  const row = fails.getByRole('row', { name: /contracts\.notices/ });
  await expect(async () => {
    await page.reload();
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(row).toContainText('contract.moved in row');
  await expect(fails.getByRole('row', { name: /mail\.send/ })).toContainText('Given up');
  const calls = page.getByRole('table', { name: 'Calls of other services' });
  await expect(calls.getByRole('row', { name: /mail\.send/ })).toBeVisible();
  await expectFineInEveryLook(page);

  await database.write((tx) => tx.deleteFrom('outbox').where('payload', '=', '{').execute());
  await database.close();
  await row.getByRole('button', { name: 'Run now' }).press('Enter');
  await expect(async () => {
    await page.reload();
    await expect(row).toBeHidden({ timeout: 1_000 });
  }).toPass();
  await admin.close();
});
