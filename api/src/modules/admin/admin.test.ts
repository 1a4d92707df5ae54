import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson, signUp } from '../../../test/people.ts';
import { ensureAccount } from '../sign-in/index.ts';
import { listAdmins, setAdmin } from './index.ts';

const { admin, icp, accounts } = endpoints;
const canister = 'ggi4a-wyaaa-aaaai-actqq-cai';

let t: TestApp;
beforeEach(async () => {
  t = await makeTestApp({ config: { icp_canister: canister } });
});
afterEach(() => t.close());

const set = (handle: string, is_admin: boolean) =>
  t.deps.write((ctx) => setAdmin(ctx, handle, is_admin));

describe('who is made an admin', () => {
  test('is one in the session that is open, and is none from the request after it is taken', async () => {
    const boss = await signUp(t, 'boss');
    expect((await boss.refused(admin.log, {})).code).toBe('request.not_found');
    expect((await boss.ask(accounts.me, {})).is_admin).toBe(false);
    expect(await set('boss', true)).toBe('changed');
    expect((await boss.ask(accounts.me, {})).is_admin).toBe(true);
    expect(await listAdmins(t.deps)).toEqual([{ handle: 'boss', display_name: 'boss' }]);
    await boss.ask(admin.log, {});
    expect(await set('boss', false)).toBe('changed');
    expect((await boss.refused(admin.log, {})).code).toBe('request.not_found');
    expect(await listAdmins(t.deps)).toEqual([]);
  });

  test('has signed in here: an account that the chain brought is made none', async () => {
    const { account_key } = makePerson();
    const id = await t.deps.write((ctx) => ensureAccount(ctx, account_key.public_key));
    const { handle } = await t.deps.db
      .selectFrom('accounts')
      .where('id', '=', id)
      .select('handle')
      .executeTakeFirstOrThrow();
    expect(await set(handle, true)).toBe('unclaimed');
    expect(await set('nobody', true)).toBe('no_account');
    expect(await listAdmins(t.deps)).toEqual([]);
  });
});

describe('the log of admins', () => {
  test('has who did what, newest first and in pages, and nothing that changed nothing', async () => {
    const boss = await signUp(t, 'boss', { display_name: 'The Boss' });
    await signUp(t, 'helper');
    await set('boss', true);
    expect(await set('boss', true)).toBe('as_it_was');
    await set('helper', true);
    expect(await set('nobody', false)).toBe('no_account');
    t.clock.advance(60_000);
    await boss.ask(icp.run, {});
    await set('helper', false);
    const first = await boss.ask(admin.log, { query: { limit: 3 } });
    const cursor = first.next_cursor ?? '';
    const second = await boss.ask(admin.log, { query: { limit: 3, cursor } });
    expect(second.next_cursor).toBe(null);
    const by = { handle: 'boss', display_name: 'The Boss' };
    expect([...first.items, ...second.items].map(({ id: _, at: __, ...act }) => act)).toEqual([
      { act: 'revoke', by: null, subject: 'helper' },
      { act: 'icp_run', by, subject: canister },
      { act: 'grant', by: null, subject: 'helper' },
      { act: 'grant', by: null, subject: 'boss' },
    ]);
    expect(first.items[0]?.at).toBe(t.clock.now());
  });

  test('can neither be changed nor cut, not by the database either', async () => {
    await signUp(t, 'boss');
    await set('boss', true);
    await expect(
      t.deps.write(({ tx }) => tx.updateTable('admin_log').set({ subject: 'x' }).execute()),
    ).rejects.toThrow('admin_log is append only');
    await expect(t.deps.write(({ tx }) => tx.deleteFrom('admin_log').execute())).rejects.toThrow(
      'admin_log is append only',
    );
    const kept = await t.deps.db.selectFrom('admin_log').select('subject').execute();
    expect(kept).toEqual([{ subject: 'boss' }]);
  });

  test('keeps no act that was refused', async () => {
    const off = await makeTestApp();
    const boss = await signUp(off, 'boss');
    await off.deps.write((ctx) => setAdmin(ctx, 'boss', true));
    expect((await boss.refused(icp.run, {})).code).toBe('icp.off');
    expect((await boss.ask(admin.log, {})).items.map(({ act }) => act)).toEqual(['grant']);
    await off.close();
  });
});
