import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeTestApp } from '../../../test/harness.ts';
import { FROM, mailSettings, makeMailServer } from '../../../test/mail.ts';
import { signUp } from '../../../test/people.ts';
import { makeSmtpMail } from '../../adapters/mail/smtp.ts';

const server = await makeMailServer();
const t = await makeTestApp({
  config: mailSettings(server.url),
  ports: { mail: makeSmtpMail(server.url, FROM) },
});
afterAll(async () => {
  await t.close();
  await server.close();
});

const script = fileURLToPath(new URL('../../../test/killed-mail.ts', import.meta.url));
const killed = (when: 'before' | 'after') =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, t.where, server.url, t.clock.now(), when], (error) => {
      resolve(error?.signal);
    });
  });

/** How many copies came in the end, and under how many names. */
async function copiesOf(address: string, kills: readonly ('before' | 'after')[]) {
  const who = await signUp(t, address.slice(0, address.indexOf('@')));
  const body = { address, time_zone: 'UTC' };
  await who.ask(endpoints.mail.give, { body });
  for (const when of kills) {
    expect(await killed(when)).toBe('SIGKILL');
    t.clock.advance(HOUR_MS);
  }
  for (let day = 0; day < 4; day += 1) {
    await t.sweep();
    t.clock.advance(DAY_MS);
  }
  const came = server.taken.filter(({ to }) => to === address);
  return [came.length, new Set(came.map(({ id }) => id)).size];
}

test('a mail whose process is killed before the call comes once, after it once more by one name', async () => {
  expect(await copiesOf('ada@example.org', ['before'])).toEqual([1, 1]);
  expect(await copiesOf('cleo@example.org', ['after'])).toEqual([2, 1]);
  expect(await copiesOf('dora@example.org', ['after', 'before', 'after'])).toEqual([3, 1]);
});
