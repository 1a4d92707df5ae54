/**
 * What strangers name is reached only where everybody could reach it. The Internet is a stand-in:
 * connections to public addresses go to a receiver of the test, all others where they would go.
 */
import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import { connect as connectPlain, createServer as createPlain, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../lib/public-address.ts';
import { makeWebhookSender, type SenderOptions, type Target } from './index.ts';

const PUBLIC = '93.184.216.34';

/** What must never be reached: it listens as anything private on this machine would. */
const canary = createPlain((socket) => {
  touched += 1;
  socket.on('data', () => (touched += 1)).on('error', () => undefined);
});
let touched = 0;
let canary_port = 0;

let answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string };
let isSilent = false;
let isEndless = false;
let received: { path: string; body: string }[] = [];
let receiver: Server;
let receiver_port = 0;

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const listen = (server: Server | typeof canary) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server)));
  });

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body });
      if (isSilent) return;
      if (isEndless) {
        const more = () => reply.write('x'.repeat(16_384), () => setImmediate(more));
        reply.on('error', () => undefined);
        return void more();
      }
      const { status, headers = {}, body: text = '' } = answer(request.url ?? '');
      reply.writeHead(status, headers).end(text);
    });
    request.socket.on('error', () => undefined);
  });
  [canary_port, receiver_port] = [await listen(canary), await listen(receiver)];
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  canary.close();
});
beforeEach(() => {
  [touched, received, isSilent, isEndless] = [0, [], false, false];
  answer = () => ({ status: 200, body: 'thanks' });
  connected = [];
});

let connected: Target[] = [];
/** The stand-in for the network. */
const connect = (target: Target) => {
  connected.push(target);
  return isPublicAddress(target.address)
    ? connectPlain(receiver_port, '127.0.0.1')
    : connectPlain(canary_port, '127.0.0.1');
};

const sender = (options: Partial<SenderOptions> = {}) =>
  makeWebhookSender({ loopback: false, connect, resolve: async () => [PUBLIC], ...options });

const post = (url: string, options?: Partial<SenderOptions>) =>
  sender(options).post({ url, headers: { a: 'b' }, body: '{}' }, AbortSignal.timeout(60_000));

test('an event is brought to the very address that was checked', async () => {
  const reply = await post('https://hooks.example.org/in?a=1');
  expect(reply).toMatchObject({ status: 200, text: 'thanks' });
  expect(received).toEqual([{ path: '/in?a=1', body: '{}' }]);
  expect(connected).toEqual([{ address: PUBLIC, port: 443, servername: 'hooks.example.org' }]);
});

describe('no byte reaches what is not public', () => {
  test.each([
    ['a private literal', 'https://10.0.0.7/'],
    ['this machine', 'https://127.0.0.1/'],
    ['this machine without encryption', 'http://127.0.0.1/'],
    ['metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['a shared network of a carrier', 'https://100.64.1.1/'],
    ['multicast', 'https://224.0.0.1/'],
    ['nothing', 'https://0.0.0.0/'],
    ['decimal', 'https://2130706433/'],
    ['octal', 'https://0177.0.0.1/'],
    ['hexadecimal', 'https://0x7f000001/'],
    ['mixed and short', 'https://0x7f.1/'],
    ['full-width digits', 'https://１２７.0.0.1/'],
    ['IPv6 of this machine', 'https://[::1]/'],
    ['IPv4 mapped to IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['IPv4 mapped in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['translated IPv4', 'https://[64:ff9b::7f00:1]/'],
    ['6to4', 'https://[2002:7f00:1::]/'],
    ['unique local IPv6', 'https://[fd00:ec2::254]/'],
    ['link-local IPv6', 'https://[fe80::1]/'],
    ['another port', 'https://hooks.example.org:22/'],
    ['another scheme', 'file:///etc/passwd'],
    ['no encryption', 'http://hooks.example.org/'],
    ['a name and password', 'https://me:secret@hooks.example.org/'],
  ])('by %s', async (_, url) => {
    const reply = await post(url);
    expect(reply.status).toBeNull();
    expect([touched, connected, received]).toEqual([0, [], []]);
  });

  test.each([
    ['to this machine', ['127.0.0.1']],
    ['to a private IPv6 address', ['fd00::1']],
    ['to a mapped address', ['::ffff:10.0.0.1']],
    ['to a public address and a private one', [PUBLIC, '10.0.0.1']],
    ['to nothing', []],
    ['to what is no address', ['localhost']],
  ])('by a name that leads %s', async (_, addresses) => {
    const reply = await post('https://hooks.example.org/', { resolve: async () => addresses });
    expect(reply.status).toBeNull();
    expect([touched, connected, received]).toEqual([0, [], []]);
  });

  test('by a name that leads elsewhere once it was checked', async () => {
    let asked = 0;
    const resolve = async () => [(asked += 1) === 1 ? PUBLIC : '127.0.0.1'];
    expect((await post('https://rebinding.example.org/', { resolve })).status).toBe(200);
    expect(asked).toBe(1);
    expect(connected.map(({ address }) => address)).toEqual([PUBLIC]);
    expect(touched).toBe(0);
  });

  test.each([301, 302, 303, 307, 308])('by a redirect, %i', async (status) => {
    const location = `http://127.0.0.1:${canary_port}/`;
    answer = () => ({ status, headers: { location } });
    const reply = await post('https://hooks.example.org/');
    expect(reply).toMatchObject({
      status,
      text: expect.stringContaining('not followed') as string,
    });
    expect([touched, received.length]).toEqual([0, 1]);
  });
});

describe('a receiver', () => {
  test('that does not answer is left after the time limit', async () => {
    isSilent = true;
    const reply = await post('https://hooks.example.org/', { time_limit_ms: 300 });
    expect(reply).toMatchObject({ status: null, text: 'There was no whole answer in time' });
  });

  test('whose name does not resolve in time is left too', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const reply = await post('https://hooks.example.org/', { resolve, time_limit_ms: 100 });
    expect(reply).toMatchObject({ status: null, text: 'There was no whole answer in time' });
  });

  test('that answers without an end is read to the bound', async () => {
    isEndless = true;
    const reply = await post('https://hooks.example.org/');
    expect(reply.status).toBe(200);
    expect(reply.text).toHaveLength(2_048);
  });

  test('that sends no HTTP, or hangs up, is a failure and no fault of ours', async () => {
    const hangsUp = (target: Target) => {
      const socket = connect(target);
      socket.once('connect', () => socket.destroy());
      return socket;
    };
    const reply = await post('https://hooks.example.org/', { connect: hangsUp });
    expect(reply).toMatchObject({
      status: null,
      text: expect.stringContaining('no answer') as string,
    });
  });
});

describe('a name server', () => {
  /** Answers one question for IPv4 addresses with one of them, and no other question. */
  const answerOf = (question: Buffer, address: string): Buffer => {
    const isV4 = question.readUInt16BE(question.indexOf(0, 12) + 1) === 1;
    const end = question.indexOf(0, 12) + 5;
    const head = Buffer.from([0x81, 0x80, 0, 1, 0, isV4 ? 1 : 0, 0, 0, 0, 0]);
    const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    const found = isV4 ? [record, Buffer.from(address.split('.').map(Number))] : [];
    return Buffer.concat([question.subarray(0, 2), head, question.subarray(12, end), ...found]);
  };
  const open = async (address: string | null) => {
    const socket = createSocket('udp4');
    const state = { asked: 0, server: '', close: () => socket.close() };
    socket.on('message', (question, { port }) => {
      state.asked += 1;
      if (address !== null) socket.send(answerOf(question, address), port, '127.0.0.1');
    });
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    return { ...state, server: `127.0.0.1:${socket.address().port}`, count: () => state.asked };
  };
  const by = (server: string, url: string, time_limit_ms = 5_000) =>
    makeWebhookSender({ loopback: false, connect, name_servers: [server], time_limit_ms }).post(
      { url, headers: {}, body: '{}' },
      AbortSignal.timeout(60_000),
    );

  test.each([
    [PUBLIC, 200],
    ['127.0.0.1', null],
  ])('that says %s is believed, and what it says is checked', async (address, status) => {
    const names = await open(address);
    expect((await by(names.server, 'https://hooks.example.org/')).status).toBe(status);
    expect([touched, names.count()]).toEqual([0, 2]);
    names.close();
  });

  test('that says nothing keeps none of the few threads that all others share', async () => {
    const names = await open(null);
    const posts = Array.from({ length: 8 }, (_, at) =>
      by(names.server, `https://hooks-${at}.example.org/`, 500),
    );
    for (const { status, text } of await Promise.all(posts)) {
      expect([status, text]).toEqual([null, 'There was no whole answer in time']);
    }
    // Each name was asked for by itself, none behind another.
    expect(names.count()).toBe(16);
    names.close();
  });
});

test('http to this machine is for demos and tests, and by its own names alone', async () => {
  const address = `127.0.0.1:${canary_port}`;
  const own = { loopback: true, resolve: async () => ['127.0.0.1'] };
  await post(`http://${address}/`, { ...own, time_limit_ms: 300 });
  expect(touched).toBeGreaterThan(0);
  touched = 0;
  expect((await post(`http://elsewhere.example.org:${canary_port}/`, own)).status).toBeNull();
  expect((await post('https://elsewhere.example.org/', own)).status).toBeNull();
  expect((await post(`http://10.0.0.1:${canary_port}/`, own)).status).toBeNull();
  expect(touched).toBe(0);
});
