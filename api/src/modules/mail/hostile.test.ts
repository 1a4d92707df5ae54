/** Floods, bombs and links for strangers: what others do with an account's mail. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { HOUR_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { FROM, mailSettings, makeMailServer, textOf } from '../../../test/mail.ts';
import { makeTestApp } from '../../../test/harness.ts';
import { send, signIn, signUp, type Client } from '../../../test/people.ts';
import { makeSmtpMail } from '../../adapters/mail/smtp.ts';
import { emit } from '../../db/outbox.ts';
import { MAX_AN_HOUR } from './jobs.ts';

const { mail, notices } = endpoints;
const server = await makeMailServer();
let cast: Cast;

beforeAll(async () => {
  cast = await makeCast({
    config: mailSettings(server.url),
    ports: { mail: makeSmtpMail(server.url, FROM) },
  });
});
afterAll(async () => {
  await cast.t.close();
  await server.close();
});

/** Until nothing follows from anything. */
async function settle(): Promise<void> {
  do await cast.t.sweep();
  while ((await cast.t.drain()) > 0);
}
const to = (address: string) => server.taken.filter((one) => one.to === address);
const textsTo = (address: string) => to(address).map(({ source }) => textOf(source));
const give = (who: Client, address: string) =>
  who.send(mail.give, { body: { address, time_zone: 'UTC' } });

async function reader(handle: string): Promise<{ who: Client; address: string }> {
  const who = await signUp(cast.t, handle);
  const address = `${handle}@example.org`;
  await give(who, address);
  await settle();
  const [text = ''] = textsTo(address);
  const token = /mail\/confirm#([0-9a-f]{64})/.exec(text)?.[1] ?? '';
  await send(cast.t, mail.confirm, { body: { token } });
  const choices = [{ category: 'saved' as const, bell: true, mail: 'now' as const }];
  await who.ask(notices.choose, { body: { choices } });
  await settle();
  cast.t.clock.advance(HOUR_MS + 1);
  server.taken.length = 0;
  return { who: await signIn(cast.t, who), address };
}

const emitAll = async (who: Client, news: readonly string[]) => {
  const { id: account_id } = who.account;
  await cast.t.deps.write(async ({ tx, clock }) => {
    for (const title of news) {
      await emit(tx, 'saved.changed', { account_id, title, link: '/dashboard' }, clock.now());
    }
  });
  await settle();
};
const numbered = (count: number) => Array.from({ length: count }, (_, nth) => `News ${nth}`);
const signInsOf = async (who: Client, devices: readonly string[]) => {
  const { id: account_id } = who.account;
  await cast.t.deps.write(async ({ tx, clock }) => {
    for (const device of devices) {
      await emit(tx, 'account.device', { account_id, device }, clock.now());
    }
  });
  await settle();
};

describe('however much strangers make happen', () => {
  test('what is about security is mailed at once', async () => {
    const { who, address } = await reader('ada');
    await emitAll(who, numbered(MAX_AN_HOUR + 230));
    expect(to(address)).toHaveLength(MAX_AN_HOUR);
    await signInsOf(who, ['a thief’s machine']);
    expect(textsTo(address).at(-1)).toContain('a thief’s machine');
    expect(to(address)).toHaveLength(MAX_AN_HOUR + 1);
  });

  test('too much about security is gathered too, and stands before all else', async () => {
    const { who, address } = await reader('bea');
    await emitAll(who, numbered(MAX_AN_HOUR + 230));
    const devices = Array.from({ length: MAX_AN_HOUR + 2 }, (_, nth) => `machine ${nth}`);
    await signInsOf(who, devices);
    cast.t.clock.advance(HOUR_MS);
    await settle();
    const gathered = textsTo(address).at(-1) ?? '';
    const [first, second, third] = [...gathered.matchAll(/^- (.*)$/gm)].map(([, line]) => line);
    for (const line of [first, second]) expect(line).toMatch(/machine \d+$/);
    expect(third).toMatch(/^News/);
  });

  test('the quiet hours stay quiet', async () => {
    const { who, address } = await reader('cleo');
    const hour = new Date(cast.t.clock.nowMs()).getUTCHours();
    const quiet = { from: (hour + 1) % 24, until: (hour + 4) % 24 };
    await who.ask(mail.set, { body: { time_zone: 'UTC', quiet, daily_hour: 8 } });
    await emitAll(who, numbered(MAX_AN_HOUR + 1));
    cast.t.clock.advance(HOUR_MS);
    await settle();
    expect(to(address)).toHaveLength(MAX_AN_HOUR);
    cast.t.clock.advance(3 * HOUR_MS);
    await settle();
    expect(to(address)).toHaveLength(MAX_AN_HOUR + 1);
  });

  test('nothing of a kind comes that its reader has ended, not even what waited', async () => {
    const { who, address } = await reader('dora');
    await emitAll(who, numbered(MAX_AN_HOUR + 3));
    const choices = [{ category: 'saved' as const, bell: true, mail: 'off' as const }];
    await who.ask(notices.choose, { body: { choices } });
    cast.t.clock.advance(HOUR_MS);
    await settle();
    expect(to(address)).toHaveLength(MAX_AN_HOUR);
  });
});

describe('a link that confirms an address', () => {
  test('comes to one mailbox three times a day, however the address is written', async () => {
    const written = ['Eve@x.org', 'eve@x.org', 'E.ve@x.org', 'eve+1@x.org', 'EVE+a.b@X.ORG'];
    for (const [nth, address] of written.entries()) {
      const who = await signUp(cast.t, `bomber-${nth}`);
      expect((await give(who, address)).answer().pending).not.toBeNull();
    }
    await settle();
    expect(server.taken.filter((one) => /@x\.org$/.test(one.to))).toHaveLength(3);
  });

  test('says whose account it is for', async () => {
    const who = await signUp(cast.t, 'somebody');
    await give(who, 'fay@example.org');
    await settle();
    expect(textsTo('fay@example.org')[0]).toContain('@somebody');
  });

  test('is shown to nobody on the site of a demo that sends mail', async () => {
    const t = await makeTestApp({ config: { ...mailSettings(server.url), demo: true } });
    const who = await signUp(t, 'gus');
    await who.send(mail.give, { body: { address: 'hal@example.org', time_zone: 'UTC' } });
    const sent = await who.refused(mail.sent, {});
    expect(sent.code).toBe('request.not_found');
    await t.close();
  });
});

test('what strangers call themselves and their things is no link in a mail', async () => {
  const { who, address } = await reader('ina');
  const links = ['https://evil.example/login', 'www.evil.example', 'me@evil.example', 'bücher.de'];
  const kept = 'costs €0.67, was €0.72. Node 1.5 now';
  await emitAll(who, [`Verify at ${links.join(' or ')}, ${kept}`]);
  const [{ source } = { source: '' }] = to(address);
  const text = textOf(source);
  // A line of a mail is folded where it is long.
  expect(text.replace(/\s+/g, ' ')).toContain(kept);
  expect(text).not.toMatch(/:\/\/evil|evil\.example|www\.evil|me@evil|bücher\.de/);
  expect(text).toContain('http://localhost:3000/dashboard');
  const html = source.slice(source.indexOf('text/html'));
  expect(html.replace(/=\r?\n/g, '')).not.toMatch(/:\/\/evil|evil\.example|www\.evil|me@evil/);
});
