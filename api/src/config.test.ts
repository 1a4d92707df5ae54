import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, type TrustProxy } from './config.ts';

test('without settings it serves this machine only, on port 3000, without a demo', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    public_origin: 'http://localhost:3000',
    database_url: null,
    demo: false,
    trust_proxy: false,
    rate_limits: true,
    icp_canister: null,
    icp_host: 'https://icp-api.io',
    rates_url: null,
  });
});

test('rates are asked for where they are said to be, encrypted unless on this machine', () => {
  for (const url of ['https://www.ecb.europa.eu/daily.xml', 'http://127.0.0.1:4000/daily.xml']) {
    expect(readConfig({ RATES_URL: url }).rates_url).toBe(url);
  }
  expect(readConfig({ RATES_URL: 'off' }).rates_url).toBeNull();
});

test('a canister of the chain is asked where it is said to be', () => {
  const canister = 'ggi4a-wyaaa-aaaai-actqq-cai';
  const env = { ICP_CANISTER: canister, ICP_HOST: 'http://127.0.0.1:4943' };
  expect(readConfig(env)).toMatchObject({
    icp_canister: canister,
    icp_host: 'http://127.0.0.1:4943',
  });
  expect(readConfig({ ICP_CANISTER: 'off' }).icp_canister).toBe(null);
});

test.each<[string, TrustProxy]>([
  ['off', false],
  ['1', 1],
  ['10', 10],
  ['10.0.0.0/8, ::1,uniquelocal', ['10.0.0.0/8', '::1', 'uniquelocal']],
  ['2001:db8::/32', ['2001:db8::/32']],
])('proxies are believed by number or address: %s', (TRUST_PROXY, trust_proxy) => {
  expect(readConfig({ TRUST_PROXY })).toMatchObject({ trust_proxy });
});

test.each(['on', 'true', '0', '11', '-1', '1.5', '10.0.0.0/33', '10.0.0.0/0', '::/129', 'a', ','])(
  'what names no proxies is refused: %s',
  (TRUST_PROXY) => {
    expect(() => readConfig({ TRUST_PROXY })).toThrow(
      `TRUST_PROXY is "${TRUST_PROXY}", but it should be off, the number of proxies in front ` +
        "(1 to 10), or the proxies' own addresses, such as 10.0.0.0/8,::1.",
    );
  },
);

test('an empty setting is one that is not given', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3000 });
});

describe('a wrong setting is named with what it should be', () => {
  const wrong: [NodeJS.ProcessEnv, string][] = [
    [{ PORT: 'x' }, 'PORT is "x", but it should be a port number from 0 to 65535.'],
    [{ PORT: '70000' }, 'PORT is "70000", but it should be a port number from 0 to 65535.'],
    [{ HOST: 'a b' }, 'HOST is "a b", but it should be a host name or an IP address.'],
    [{ DEMO: 'yes' }, 'DEMO is "yes", but it should be on or off.'],
    [
      { PUBLIC_ORIGIN: 'https://berth.example/x' },
      'PUBLIC_ORIGIN is "https://berth.example/x", but it should be an origin such as ' +
        'https://berth.example, without a path.',
    ],
    [
      { ICP_CANISTER: 'ggi4a' },
      'ICP_CANISTER is "ggi4a", but it should be off or a canister\'s id such as ' +
        'ggi4a-wyaaa-aaaai-actqq-cai.',
    ],
    ...['icp-api.io', 'ftp://icp-api.io', 'https://icp-api.io/api'].map(
      (host): [NodeJS.ProcessEnv, string] => [
        { ICP_HOST: host },
        `ICP_HOST is "${host}", but it should be an origin such as https://icp-api.io, ` +
          'without a path.',
      ],
    ),
    ...['http://ecb.example/daily.xml', 'file:///etc/passwd', 'daily.xml'].map(
      (url): [NodeJS.ProcessEnv, string] => [
        { RATES_URL: url },
        `RATES_URL is "${url}", but it should be off or an https address such as https://`,
      ],
    ),
    [{ DEMO: 'on', NODE_ENV: 'production' }, 'DEMO is "on", but with NODE_ENV=production'],
  ];
  test.each(wrong)('%o', (env, sentence) => {
    expect(() => readConfig(env)).toThrow(sentence);
  });

  test('but a secret one is not printed', () => {
    const env = { SERVICE_KEY: 'hunter2', DATABASE_URL: 'mysql://u:hunter2@host' };
    expect(() => readConfig(env)).toThrow(/^(?!.*hunter2)/);
    expect(() => readConfig({ SERVICE_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)SERVICE_KEY/);
  });
});

test('a wrong setting stops the start with that one sentence and exit code 1', async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const env = { ...process.env, PORT: 'x' };
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [main], { env }, (error, _, text) =>
      resolve({ code: error?.code, stderr: text }),
    );
  });
  expect(code).toBe(1);
  expect(stderr).toBe('PORT is "x", but it should be a port number from 0 to 65535.\n');
});
