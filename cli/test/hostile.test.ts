/** Texts, files, addresses and words that mean harm or are a slip: nothing in them is done. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { answering, json } from '../../sdk/test/answering.ts';
import { run } from '../src/run.ts';
import { openStore } from '../src/store.ts';
import { makeTerminal } from '../src/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Around {
  origin?: string;
  token?: string;
  home?: string;
  is_screen?: boolean;
}

/** Runs a command in this process, and answers what it wrote. */
async function berth(args: string[], { origin, token, home, is_screen = false }: Around = {}) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  Object.assign(output, { isTTY: is_screen });
  const streams = { input: input.end(), output, errors } as never;
  const terminal = makeTerminal(streams, false);
  const store = openStore(home ?? mkdtempSync(join(folder, 'home-')));
  const code = await run(args, { terminal, store, host: 'test', env: {}, origin, token });
  const read = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '');
  return { code, out: read(output), err: read(errors) };
}

const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202etxt.exe\u200b\u2028Total: $0.01\r\nok';
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e\u2028]/;
const offering = {
  ...{ id: `off_${ESCAPES}`, title: ESCAPES, country: ESCAPES, provider: { handle: ESCAPES } },
  ...{ price: { hourly_e9s: '1', total_e9s: '1' }, currency: 'USD' },
};
const found = json(200, { items: [offering], total: 1, hours: 720 });

test('nothing that a server names moves a cursor, turns letters, or makes a line', async () => {
  for (const is_screen of [true, false]) {
    const { origin } = await answering(found);
    const { code, out } = await berth(['search', 'x'], { origin, is_screen });
    expect(code).toBe(0);
    expect(out.replaceAll(/\u001b\[(?:2|0)m/g, '')).not.toMatch(OBEYED);
    expect(out.trim().split('\n')).toHaveLength(is_screen ? 2 : 1);
  }
});

test('a refusal of a server is one line', async () => {
  const { origin } = await answering(
    json(409, { code: 'price.changed', title: 'x', detail: `No.\n${ESCAPES}` }),
  );
  const { code, err } = await berth(['search', 'x'], { origin });
  expect(code).toBe(1);
  expect(err).not.toMatch(OBEYED);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('JSON for programs has the same values, and no letter that a screen obeys', async () => {
  const { origin } = await answering(found);
  const { out } = await berth(['search', 'x', '--json'], { origin, is_screen: true });
  expect(out).not.toMatch(OBEYED);
  expect(JSON.parse(out)).toEqual({ items: [offering], total: 1, hours: 720 });
});

test('a file comes as it is where it is piped, and harmless on a screen', async () => {
  const csv = 'title\r\n"a\u001b[2Jb"\r\n';
  const reply = () =>
    answering((one) => one.writeHead(200, { 'content-type': 'text/csv' }).end(csv));
  const asked = async (is_screen: boolean) =>
    berth(['offerings', 'export'], {
      ...{ origin: (await reply()).origin, token: 't' },
      is_screen,
    });
  expect((await asked(false)).out).toBe(csv);
  expect((await asked(true)).out).not.toMatch(OBEYED);
});

test('an answer that is not one of Berth ends with a sentence', async () => {
  const answers = [json(200, {}), json(200, { items: [{ id: 1 }], total: 1, hours: 1 })];
  for (const answer of answers) {
    const { origin } = await answering(answer);
    const { code, err } = await berth(['search', 'x'], { origin });
    expect(code).toBe(1);
    expect(err).toMatch(/^The answer is not one that this program can read/);
  }
});

test('a token goes to no address that was not named, and over no network in the clear', async () => {
  const unnamed = await berth(['tokens', 'list'], { token: 'berth_live_secret' });
  expect(unnamed).toMatchObject({ code: 2, out: '' });
  for (const origin of ['http://berth.example', 'ftp://localhost', 'javascript:1', 'nothing']) {
    const { code, err } = await berth(['tokens', 'list'], { origin, token: 'berth_live_secret' });
    expect(code).toBe(2);
    expect(err).not.toContain('berth_live_secret');
  }
});

test('words that were meant for a pipe are not said again', async () => {
  for (const args of [
    ['logn', 'abandon', 'ability'],
    ['login', 'abandon', 'ability', 'able'],
  ]) {
    const { code, out, err } = await berth(args);
    expect(code).toBe(2);
    expect(out + err).not.toMatch(/abandon|ability|able/);
  }
});

test('a private key that is named by mistake is not read out, nor sent', async () => {
  const file = join(folder, 'id_ed25519');
  const secret = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n';
  writeFileSync(file, secret);
  const { origin, asked } = await answering(json(200, {}));
  const rent = ['rent', 'off_x', '--hours', '1', '--yes', '--ssh-key', file];
  // As somebody who could sign: the file is read before anything is asked.
  const { code, out, err } = await berth(rent, { origin, home: signedIn(origin) });
  expect(code).toBe(2);
  expect(out + err).not.toContain('b3BlbnNzaC1rZXk');
  expect(asked).toHaveLength(0);
});

const device = (origin: string) => ({
  device: {
    ...{ origin, account: { id: 'acc_x', handle: 'x', display_name: 'X' } },
    ...{ account_key: 'a'.repeat(64), device_key: 'b'.repeat(64), delegation: {} },
    ...{ device_secret: 'c'.repeat(64), encryption_key: 'd'.repeat(64) },
    encryption_secret: 'e'.repeat(64),
  },
  session: { token: 'berth_session', expires_at: '2030-01-01T00:00:00.000Z' },
});

/** A folder of settings in which somebody is signed in. */
function signedIn(origin: string): string {
  const home = mkdtempSync(join(folder, 'home-'));
  openStore(home).keep(device(origin) as never);
  return home;
}

test('the folder of the key is its owner’s alone, whatever it was before', () => {
  const home = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(home, 'berth'));
  chmodSync(join(home, 'berth'), 0o777);
  openStore(home).keep(device('https://x.example') as never);
  expect(statSync(join(home, 'berth')).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, 'berth/device.json')).mode & 0o777).toBe(0o600);
});

test('a key is written through no link, and leaves no draft', () => {
  const home = mkdtempSync(join(folder, 'home-'));
  const [elsewhere, kept] = [join(home, 'elsewhere'), join(home, 'berth')];
  writeFileSync(elsewhere, 'mine', { mode: 0o666 });
  mkdirSync(kept);
  symlinkSync(elsewhere, join(kept, 'device.json'));
  symlinkSync(elsewhere, join(kept, `device.json.${process.pid}`));
  openStore(home).keep(device('https://x.example') as never);
  expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
  expect(readdirSync(kept).sort()).toEqual(['device.json', `device.json.${process.pid}`]);
});

test('a damaged file of the key is told without a letter of it', async () => {
  const home = signedIn('https://x.example');
  writeFileSync(join(home, 'berth/device.json'), `{"device_secret":"${'c'.repeat(64)}`);
  const { code, err } = await berth(['contracts', 'list'], { home });
  expect(code).toBe(3);
  expect(err).not.toContain('ccc');
});

test('signing out takes the device off where it is from, whatever else is set', async () => {
  const gone = json(404, { code: 'request.not_found', title: 'Gone' });
  const about = json(200, { now: '2026-01-01T00:00:00.000Z' });
  for (const around of [{ token: 'berth_live_x' }, {}]) {
    const { origin, asked } = await answering(about, gone);
    const home = signedIn(origin);
    const named = { ...around, home, origin: 'https://other.example' };
    expect((await berth(['logout'], named)).code).toBe(0);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer berth_session',
      'Bearer berth_session',
    ]);
    expect(readdirSync(join(home, 'berth'))).toEqual([]);
  }
});
