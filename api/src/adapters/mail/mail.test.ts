import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { FROM, makeMailServer, textOf } from '../../../test/mail.ts';
import type { Mail } from '../../ports/mail.ts';
import { makeFolderMail } from './folder.ts';
import { makeSmtpMail } from './smtp.ts';

const server = await makeMailServer();
const folder = mkdtempSync(join(tmpdir(), 'berth-mail-'));
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  for (const name of Object.keys(server.manners)) delete server.manners[name as 'content'];
});

let nth = 0;
const mailOf = (change: Partial<Mail> = {}): Mail => ({
  id: `eff_${(nth += 1)}`,
  to: 'ada@example.org',
  subject: 'Your resource is ready',
  text: 'Open it: “now” – at once.\nA second line.',
  html: '<p>Open it</p>',
  at: '2026-11-30T12:00:00.000Z',
  unsubscribe_url: 'https://berth.example/api/v1/mail/endings/token',
  ...change,
});
const signal = () => AbortSignal.timeout(20_000);
const smtp = makeSmtpMail(server.url, FROM);
const files = makeFolderMail(folder, FROM);
const fileOf = ({ id }: Mail) => readFileSync(join(folder, `${id}.eml`), 'utf8');
const takenAs = ({ id }: Mail) => server.taken.filter((one) => one.id.startsWith(`${id}@`));

describe.each([
  ['a server', smtp, (mail: Mail) => takenAs(mail)[0]?.source ?? ''],
  ['a folder', files, fileOf],
])('%s', (_, port, sourceOf) => {
  test('takes a mail whole, and the same mail again under the same Message-ID', async () => {
    const mail = mailOf();
    expect(await port.send(mail, signal())).toMatchObject({ result: 'sent' });
    const source = sourceOf(mail);
    expect(source).toContain(`Message-ID: <${mail.id}@berth.example>`);
    expect(source).toContain('From: Berth <mail@berth.example>');
    expect(source).toContain('To: ada@example.org');
    expect(source).toContain('Date: Mon, 30 Nov 2026 12:00:00 +0000');
    expect(source).toContain(`List-Unsubscribe: <${mail.unsubscribe_url}>`);
    expect(source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(source).toContain('Auto-Submitted: auto-generated');
    expect(textOf(source).trim().replace('\r\n', '\n')).toBe(mail.text);
    expect(source).toMatch(/Content-Type: text\/html/);
    expect(await port.send(mail, signal())).toMatchObject({ result: 'sent' });
    const [first, second = first] = takenAs(mail);
    expect(second?.id).toBe(first?.id);
  });

  test('lets no subject begin a header, and offers no end where there is none', async () => {
    const subject = 'Hello\r\nBcc: eve@example.org\u2028X-Evil: yes';
    const mail = mailOf({ subject, unsubscribe_url: null });
    await port.send(mail, signal());
    const head = sourceOf(mail).split(/\r?\n\r?\n/)[0] ?? '';
    expect(head.split(/\r?\n/).some((line) => /^(Bcc|X-Evil|List-)/i.test(line))).toBe(false);
    expect(takenAs(mail).map(({ to }) => to)).not.toContain('eve@example.org');
  });
});

test('a folder holds one file for a mail that was sent twice, for its owner alone', async () => {
  const mail = mailOf();
  await files.send(mail, signal());
  await files.send(mail, signal());
  expect(readdirSync(folder).filter((name) => name.startsWith(`${mail.id}.`))).toHaveLength(1);
  const nowhere = makeFolderMail(join(folder, `${mail.id}.eml`, 'below'), FROM);
  expect(await nowhere.send(mail, signal())).toMatchObject({ result: 'later' });
});

describe('a server that does not take it', () => {
  test.each([
    ['recipient', '550 5.1.1 Nobody of that name', 'bounced'],
    ['recipient', '553 No such box', 'bounced'],
    ['recipient', '450 4.2.0 Greylisted', 'later'],
    ['recipient', '451 Try again', 'later'],
    ['recipient', '554 5.7.1 Relay access denied', 'later'],
    ['content', '451 4.3.0 Disk full', 'later'],
    ['content', '554 5.6.0 This is spam', 'refused'],
    ['content', '550 5.1.1 Nobody after all', 'bounced'],
  ] as const)('at the %s by “%s” leaves it %s', async (stage, said, result) => {
    server.manners[stage] = said;
    const sent = await smtp.send(mailOf(), signal());
    expect(sent).toMatchObject({ result });
    expect(sent.said).toContain(said.slice(4));
  });

  test('but drops the line after the content leaves it unknown', async () => {
    server.manners.after_content = 'drop';
    expect(await smtp.send(mailOf(), signal())).toMatchObject({ result: 'unknown' });
  });

  test('nor says a word after the content ends with the call, which throws', async () => {
    server.manners.after_content = 'hang';
    await expect(smtp.send(mailOf(), AbortSignal.timeout(300))).rejects.toThrow(/timeout/i);
  });

  test('nor is there leaves it for later', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await new Promise((done) => other.close(done));
    const sent = await makeSmtpMail(`smtp://127.0.0.1:${port}`, FROM).send(mailOf(), signal());
    expect(sent).toMatchObject({ result: 'later' });
  });

  test.each([
    ['HTTP/1.1 200 OK\r\n'],
    ['220 x\r\n500 what\r\n500 what\r\n'],
    ['x'.repeat(2_000_000)],
  ])('but talks nonsense leaves it for later (%#)', async (words) => {
    const liar = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(words);
    });
    liar.listen(0, '127.0.0.1');
    await once(liar, 'listening');
    const { port } = liar.address() as AddressInfo;
    const sent = await makeSmtpMail(`smtp://127.0.0.1:${port}`, FROM).send(mailOf(), signal());
    expect(sent).toMatchObject({ result: 'later' });
    liar.close();
  });

  test('elsewhere than here is spoken to only once it is encrypted', async () => {
    let heard = '';
    const plain = createServer((socket) => {
      socket.write('220 plain\r\n');
      socket.on('data', (data) => {
        heard += data.toString();
        socket.write(data.toString().startsWith('EHLO') ? '250 plain\r\n' : '502 no\r\n');
      });
      socket.on('error', () => undefined);
    });
    plain.listen(0, '127.0.0.2');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const sent = await makeSmtpMail(`smtp://127.0.0.2:${port}`, FROM).send(mailOf(), signal());
    expect(sent).toMatchObject({ result: 'later' });
    expect(heard).toMatch(/STARTTLS\r\n$/);
    plain.close();
  });
});
