import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { SESSION_COOKIE } from '../src/http/session.ts';
import { makeLog } from '../src/deps.ts';
import { makeTestApp } from './harness.ts';

const lines: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _, done) {
    lines.push(chunk.toString());
    done();
  },
});
const berth = await makeTestApp({
  log: makeLog('trace', sink),
  config: { rate_limits: true, trust_proxy: 1 },
});
afterAll(() => berth.close());
const ann = await berth.plantAccount('ann');
const token = await berth.openSession(ann);
const reader = await berth.openSession({ ...ann, scopes: ['read'] });

interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  payload?: string;
  headers?: Record<string, string>;
}

/** Asks, and answers the last line of the log that the request left. */
async function logged({ headers, ...asked }: Asked): Promise<Record<string, unknown>> {
  const from = { 'x-forwarded-for': '1.2.3.4, 2001:db8:1:2:3:4:5:6' };
  await berth.app.inject({ method: 'GET', ...asked, headers: { ...from, ...headers } });
  return JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
}
const as = (bearer: string) => ({
  authorization: `Bearer ${bearer}`,
  'idempotency-key': 'secret-key',
});
const json = { 'content-type': 'application/json' };
const network = '2001:db8:1:2';

test('a line names the account, and the network but not the whole address', async () => {
  expect(await logged({ url: '/api/v1/notices', headers: as(token) })).toMatchObject({
    msg: 'answered',
    ...{ method: 'GET', route: '/api/v1/notices', status: 200 },
    ...{ account_id: ann.account_id, network },
  });
  expect(await logged({ url: '/api/v1/platform' })).toMatchObject({ account_id: null, network });
  expect(lines.join('')).not.toMatch(/1\.2\.3\.4|3:4:5:6/);
});

test.each<[number, string, string | null, Asked]>([
  [401, 'session.missing', null, { url: '/api/v1/me' }],
  [401, 'session.expired', null, { url: '/api/v1/me', headers: as('made.up.token') }],
  [
    403,
    'session.scope',
    ann.account_id,
    { method: 'POST', url: '/api/v1/me/offerings', headers: as(reader), payload: '' },
  ],
  [
    403,
    'origin.foreign',
    ann.account_id,
    { method: 'DELETE', url: '/api/v1/session', headers: { cookie: `${SESSION_COOKIE}=${token}` } },
  ],
  [
    422,
    'request.invalid',
    ann.account_id,
    {
      method: 'POST',
      url: '/api/v1/me/offerings',
      headers: { ...as(token), ...json },
      payload: '{}',
    },
  ],
  [400, 'request.malformed', null, { url: '/api/v1/offerings?q=%ff' }],
  [404, 'request.not_found', null, { url: '/nowhere' }],
])('a refusal is in the log too: %d %s', async (status, code, account_id, asked) => {
  expect(await logged(asked)).toMatchObject({ status, code, account_id, network });
});

test('so is an address that reaches no route', async () => {
  expect(await logged({ url: '/api/v1/%zz' })).toMatchObject({
    ...{ status: 400, code: 'request.malformed', account_id: null },
  });
});

test('so is that somebody asks too often', async () => {
  let line: Record<string, unknown> = {};
  for (let nth = 0; line['status'] !== 429 && nth < 700; nth++) {
    line = await logged({ url: '/api/v1/notices', headers: as(token) });
  }
  expect(line).toMatchObject({
    ...{ status: 429, code: 'rate_limit.exceeded', account_id: ann.account_id, network },
  });
});

test('no secret is in a log, at the finest level, whatever fails', async () => {
  const SECRET = 'correct-horse-battery-staple';
  const headers = {
    ...as(SECRET),
    ...json,
    cookie: `${SESSION_COOKIE}=${SECRET}`,
    'x-forwarded-for': '203.0.113.7',
  };
  const bodies = [SECRET, `{"phrase":"${SECRET}"}`, `{"a":"${SECRET}","a":1}`];
  for (const payload of bodies) {
    await logged({ method: 'POST', url: `/api/v1/sessions?token=${SECRET}`, headers, payload });
    await logged({ method: 'POST', url: `/api/v1/${SECRET}`, headers, payload });
  }
  await logged({ url: `/api/v1/%zz${SECRET}`, headers });
  const driver = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: `Key (token)=(${SECRET}) already exists.`,
    parameters: [SECRET],
    rawPacket: Buffer.from(SECRET),
    cause: Object.assign(new Error('inner'), { query: SECRET }),
  });
  berth.deps.log.error({ err: driver }, 'a write failed');
  berth.deps.log.error({ headers: { authorization: SECRET, cookie: SECRET } }, 'a call failed');
  const log = lines.join('');
  expect(log).toContain('duplicate key');
  for (const secret of [
    SECRET,
    token,
    reader,
    'secret-key',
    Buffer.from(SECRET).toString('base64'),
  ]) {
    expect(log).not.toContain(secret);
  }
  expect(log).not.toContain(JSON.stringify([...Buffer.from(SECRET)]));
});
