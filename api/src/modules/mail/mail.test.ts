import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { FROM, mailSettings, makeMailServer, textOf } from '../../../test/mail.ts';
import { onNewDevice, send, signIn, signUp, type Client } from '../../../test/people.ts';
import { emit } from '../../db/outbox.ts';
import { makeSmtpMail } from '../../adapters/mail/smtp.ts';
import { listOffering, move, rentalIn } from '../../../test/rental.ts';
import { MAX_AN_HOUR } from './jobs.ts';

const { mail, notices } = endpoints;
const server = await makeMailServer();
const TIME_ZONE = 'Europe/Amsterdam';
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
afterEach(() => {
  for (const name of Object.keys(server.manners)) delete server.manners[name as 'content'];
});

/** Until nothing follows from anything. */
async function settle(): Promise<void> {
  do await cast.t.sweep();
  while ((await cast.t.drain()) > 0);
}
const to = (address: string) => server.taken.filter((one) => one.to === address);
const subjects = (address: string) =>
  to(address).map(({ source }) => /^Subject: (.*(?:\r?\n .*)*)/m.exec(source)?.[1]);
const tokenIn = (source: string) => /mail\/confirm#([0-9a-f]{64})/.exec(textOf(source))?.[1] ?? '';
const endingIn = (source: string) =>
  /List-Unsubscribe: ?<[^>]*\/endings\/([^>]+)>/.exec(source.replace(/\r?\n /g, ''))?.[1] ?? '';

const give = (who: Client, address: string) =>
  who.send(mail.give, { body: { address, time_zone: TIME_ZONE } });
const confirm = (token: string) => send(cast.t, mail.confirm, { body: { token } });

/** Somebody whose address is confirmed, and what was sent to it is forgotten. */
async function reader(handle: string): Promise<{ who: Client; address: string }> {
  const who = await signUp(cast.t, handle);
  const address = `${handle}@example.org`;
  await give(who, address);
  await settle();
  await confirm(tokenIn(to(address).at(-1)?.source ?? ''));
  await settle();
  server.taken.length = 0;
  return { who, address };
}

/** Something that its reader follows has changed; it is mailed at once. */
const tell = async (who: Client, news: string) => {
  const body = { choices: [{ category: 'saved' as const, bell: true, mail: 'now' as const }] };
  if (!chosen.has(who)) await who.ask(notices.choose, { body });
  chosen.add(who);
  await tellMore(who, news);
};
const chosen = new Set<Client>();
async function tellMore(who: Client, news: string) {
  const { id: account_id } = who.account;
  const title = `${news} wrote about a box`;
  const row = { account_id, title, link: '/dashboard' };
  await cast.t.deps.write(({ tx, clock }) => emit(tx, 'saved.changed', row, clock.now()));
  await settle();
}

describe('an address', () => {
  test('counts once its link is followed, on any device, and the link works once', async () => {
    const ada = await signUp(cast.t, 'ada');
    const view = (await give(ada, ' Ada@Example.ORG ')).answer();
    expect(view).toMatchObject({ address: null, pending: { address: 'Ada@example.org' } });
    await settle();
    const [{ source = '' } = {}] = to('Ada@example.org');
    const token = tokenIn(source);
    expect(source).not.toContain('List-Unsubscribe');
    // Nothing but the link has the token: the database has its hash.
    const { database } = cast.t.deps;
    const rows = await database.read.selectFrom('effects').select('payload').execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await confirm(token)).answer()).toEqual({ address: 'Ada@example.org' });
    expect((await confirm(token)).problem().code).toBe('mail.link_over');
    expect(await ada.ask(mail.show, {})).toMatchObject({
      address: 'Ada@example.org',
      pending: null,
      settings: { time_zone: TIME_ZONE },
    });
    await settle();
    expect(textOf(to('Ada@example.org').at(-1)?.source ?? '')).toContain('Mail now comes to A');
  });

  test('that is changed is told so itself, and the new one shows only its first letter', async () => {
    const { who, address } = await reader('bea');
    await give(who, 'other@example.net');
    await settle();
    expect(await who.ask(mail.show, {})).toMatchObject({ address });
    await confirm(tokenIn(to('other@example.net')[0]?.source ?? ''));
    await settle();
    expect(to(address)).toHaveLength(1);
    const old = textOf(to(address)[0]?.source ?? '');
    expect(old).toContain('o•••@example.net');
    expect(old).not.toContain('other@example.net');
    expect(await who.ask(mail.remove, {})).toMatchObject({ address: null, pending: null });
    await settle();
    expect(textOf(to('other@example.net').at(-1)?.source ?? '')).toContain('No more mail comes');
  });

  test('is answered alike whoever has it, and none is sent more than three links a day', async () => {
    await reader('cleo');
    const views = [];
    for (const handle of ['dora', 'edda', 'finn', 'gwen']) {
      const who = await signUp(cast.t, handle);
      views.push((await give(who, 'cleo@example.org')).answer().pending?.address);
    }
    await settle();
    expect(views).toEqual(Array.from({ length: 4 }, () => 'cleo@example.org'));
    // The first was its owner's.
    expect(to('cleo@example.org')).toHaveLength(2);
    const other = await signUp(cast.t, 'gus');
    expect((await other.ask(mail.show, {})).address).toBeNull();
  });

  test('is asked for by an account six times a day, and its link is over after one', async () => {
    const who = await signUp(cast.t, 'hal');
    for (let nth = 0; nth < 6; nth += 1) await give(who, `hal${nth}@example.org`);
    expect((await give(who, 'hal@example.org')).problem().code).toBe('mail.too_many');
    await settle();
    cast.t.clock.advance(DAY_MS);
    const token = tokenIn(to('hal5@example.org')[0]?.source ?? '');
    expect((await confirm(token)).problem().code).toBe('mail.link_over');
  });

  test.each([
    'ada',
    'a@b',
    'a b@c.de',
    'a@[1.2.3.4]',
    'a\u200b@example.org',
    'a@x.de\nBcc: b@c.de',
  ])('is not “%s”', async (address) => {
    await cast.wait(0);
    const reply = await give(cast.renter, address);
    expect(reply.problem()).toMatchObject({ errors: [{ pointer: '/address' }] });
  });

  test('that takes no mail is sent no more, and its account sees what its server said', async () => {
    const { who, address } = await reader('ines');
    server.manners.recipient = '550 5.1.1 Nobody of that name';
    await tell(who, 'One');
    await tell(who, 'Two');
    expect(to(address)).toHaveLength(0);
    const { stopped } = await who.ask(mail.show, {});
    expect(stopped?.said).toContain('Nobody of that name');
    const { items } = await who.ask(notices.list, {});
    expect(items.filter(({ kind }) => kind === 'mail.stopped')).toHaveLength(1);
    delete server.manners.recipient;
    await give(who, address);
    await settle();
    await confirm(tokenIn(to(address).at(-1)?.source ?? ''));
    expect((await who.ask(mail.show, {})).stopped).toBeNull();
  });
});

describe('what happens', () => {
  test('to a contract is mailed to whom it concerns, with what it is about', async () => {
    const { who, address } = await reader('jon');
    await cast.wait(0);
    const parties = { renter: who, provider: cast.provider, offering: cast.offering };
    const contract_id = await rentalIn('pending', parties);
    await move(cast.provider, contract_id, 'accept');
    await settle();
    const [{ source = '' } = {}] = to(address);
    const text = textOf(source);
    expect(subjects(address)[0]).toContain('accepted');
    expect(text).toContain(`/dashboard/rentals/${contract_id}`);
    expect(text).toMatch(/Total +\$/);
    expect(to(address)).toHaveLength(1);
  });

  test('by a name that is a page, a header or a line stays a name', async () => {
    const { who, address } = await reader('kim');
    await tell(who, '<script>alert(1)</script>\r\nBcc: eve@example.org');
    const { source = '' } = to(address)[0] ?? {};
    const html = source.slice(source.indexOf('text/html')).replace(/=\r?\n/g, '');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
    expect(source).not.toMatch(/^Bcc:/im);
    expect(to('eve@example.org')).toEqual([]);
  });

  test('on a new device is told whatever was chosen, and nothing ends it', async () => {
    const { who, address } = await reader('lea');
    const { choices } = await who.ask(notices.choices, {});
    const off = choices.map((one) => ({ ...one, bell: false, mail: 'off' as const }));
    const kept = await who.ask(notices.choose, { body: { choices: off } });
    const security = kept.choices.find(({ category }) => category === 'security');
    expect(security).toEqual({ category: 'security', bell: true, mail: 'now' });
    await who.ask(mail.set, {
      body: { time_zone: 'UTC', quiet: { from: 0, until: 23 }, daily_hour: 8 },
    });
    await signIn(cast.t, onNewDevice(who));
    await tellMore(who, 'Nobody');
    expect(subjects(address)).toEqual([expect.stringContaining('A new device signed in')]);
    expect(endingIn(to(address)[0]?.source ?? '')).toBe('');
    const { items } = await who.ask(notices.list, {});
    expect(items.find(({ kind }) => kind === 'saved.offering_changed')?.read_at).not.toBeNull();
  });
});

describe('one press', () => {
  const press = (token: string, method: 'GET' | 'POST', headers: Record<string, string>) =>
    cast.t.app.inject({
      method,
      url: `/api/v1/mail/endings/${token}`,
      headers,
      ...(method === 'POST' && { payload: 'List-Unsubscribe=One-Click' }),
    });
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  test('posted by a mail program ends its kind alone; to open it ends nothing', async () => {
    const { who, address } = await reader('max');
    await tell(who, 'One');
    const token = endingIn(to(address)[0]?.source ?? '');
    const page = await press(token, 'GET', { accept: 'text/html,*/*' });
    expect([page.statusCode, page.headers.location]).toEqual([303, `/mail/end?token=${token}`]);
    const shown = await send(cast.t, mail.showEnding, { params: { token } });
    expect(shown.answer()).toEqual({
      ends: 'saved',
      label: 'Saved searches and offerings',
      is_ended: false,
    });
    expect((await press(token, 'POST', FORM)).statusCode).toBe(204);
    expect((await press(token, 'POST', FORM)).statusCode).toBe(204);
    await tell(who, 'Two');
    expect(to(address)).toHaveLength(1);
    const { choices } = await who.ask(notices.choices, {});
    expect(choices.filter((one) => one.mail === 'off')).toMatchObject([{ category: 'saved' }]);
  });

  test('by a token of somebody else, of security or of nobody is nothing', async () => {
    const { who, address } = await reader('nia');
    await tell(who, 'One');
    const token = endingIn(to(address)[0]?.source ?? '');
    const [, ends = '', signed = ''] = token.split('.');
    const { id } = cast.renter.account;
    for (const other of [
      `${id}.${ends}.${signed}`,
      `${who.account.id}.all.${signed}`,
      `${who.account.id}.security.${signed}`,
      `${token}x`,
    ]) {
      expect((await press(other, 'POST', FORM)).statusCode).toBe(404);
    }
  });
});

describe('mail that waits', () => {
  test('for the end of the quiet hours comes then, as one', async () => {
    const { who, address } = await reader('oda');
    const hour = new Date(cast.t.clock.nowMs()).getUTCHours();
    const quiet = { from: hour, until: (hour + 2) % 24 };
    await who.ask(mail.set, { body: { time_zone: 'UTC', quiet, daily_hour: 8 } });
    await tell(who, 'One');
    cast.t.clock.advance(1);
    await tell(who, 'Two');
    expect(to(address)).toHaveLength(0);
    cast.t.clock.advance(2 * HOUR_MS);
    await settle();
    expect(subjects(address)).toEqual(['2 notices: Two wrote about a box']);
    expect(textOf(to(address)[0]?.source ?? '')).toContain('One wrote about a box');
  });

  test('for the day comes once a day, at the hour that was chosen where its reader lives', async () => {
    const { who, address } = await reader('pia');
    await who.ask(mail.set, {
      body: { time_zone: 'Asia/Kolkata', quiet: null, daily_hour: 7 },
    });
    const daily = { category: 'saved' as const, bell: true, mail: 'daily' as const };
    await who.ask(notices.choose, { body: { choices: [daily] } });
    await tellMore(who, 'One');
    let waited = 0;
    while (to(address).length === 0 && waited < 30) {
      cast.t.clock.advance(HOUR_MS / 2);
      await settle();
      waited += 1;
    }
    // Half past one there is half an hour off ours.
    const now = new Date(cast.t.clock.nowMs());
    const there = new Intl.DateTimeFormat('en-GB', {
      ...{ hour: 'numeric', hourCycle: 'h23', timeZone: 'Asia/Kolkata' },
    }).format(now);
    expect([subjects(address), Number(there)]).toEqual([['One wrote about a box'], 7]);
  });

  test('because there is too much of it is gathered, and none is lost', async () => {
    const { who, address } = await reader('quin');
    await tell(who, 'N0');
    cast.t.clock.advance(HOUR_MS + 1);
    server.taken.length = 0;
    for (let nth = 1; nth <= MAX_AN_HOUR + 5; nth += 1) await tellMore(who, `N${nth}`);
    expect(to(address)).toHaveLength(MAX_AN_HOUR);
    cast.t.clock.advance(HOUR_MS);
    await settle();
    expect(to(address)).toHaveLength(MAX_AN_HOUR + 1);
    const text = to(address)
      .map(({ source }) => textOf(source))
      .join();
    for (let nth = 1; nth <= MAX_AN_HOUR + 5; nth += 1) {
      expect(text).toContain(`N${nth} wrote`);
    }
  });
});

describe('a server', () => {
  test('that says “later” is asked again, under the same name, until it takes it', async () => {
    const { who, address } = await reader('rex');
    server.manners.recipient = '450 4.2.0 Greylisted';
    await tell(who, 'One');
    expect(to(address)).toHaveLength(0);
    delete server.manners.recipient;
    cast.t.clock.advance(HOUR_MS);
    await settle();
    expect(to(address)).toHaveLength(1);
  });

  test('that never answers after the content is sent three copies of one name, and no more', async () => {
    const { who, address } = await reader('sue');
    server.manners.after_content = 'drop';
    await tell(who, 'One');
    for (let nth = 0; nth < 20; nth += 1) {
      cast.t.clock.advance(nth < 12 ? 30 * MINUTE_MS : 6 * HOUR_MS);
      await settle();
    }
    expect(to(address)).toHaveLength(3);
    expect(new Set(to(address).map(({ id }) => id)).size).toBe(1);
  });
});

test('a provider who is asked is mailed who asks, and for what', async () => {
  await cast.wait(0);
  const { who, address } = await reader('tess');
  const offering = await listOffering(who, { stock: 3 });
  await rentalIn('pending', { renter: cast.renter, provider: who, offering });
  await settle();
  expect(subjects(address)[0]).toContain('asks to rent');
});
