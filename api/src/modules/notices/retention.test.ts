import { expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS } from '@berth/shared/time';
import { makeTestApp } from '../../../test/harness.ts';
import { onNewDevice, signIn, signUp } from '../../../test/people.ts';
import { notify } from './index.ts';

test('a notice is erased 180 days after it was made, read or not', async () => {
  const t = await makeTestApp();
  const ada = await signUp(t, 'ada');
  const notice = {
    account_id: ada.account.id,
    kind: 'saved.search_found' as const,
    names: { news: 'Something happened' },
    link: '/dashboard',
  };
  await t.deps.write((ctx) => notify(ctx, notice));
  t.clock.advance(180 * DAY_MS);
  await t.sweep();
  const later = await signIn(t, onNewDevice(ada));
  expect((await later.ask(endpoints.accounts.me, {})).unread_notices).toBe(1);
  t.clock.advance(1);
  await t.sweep();
  expect((await later.ask(endpoints.accounts.me, {})).unread_notices).toBe(0);
  await t.close();
});
