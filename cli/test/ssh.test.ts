import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '@berth/shared/endpoints';
import type { Evidence } from '@berth/shared/signing/evidence';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { pinnedKey, provenPlace, sshWords } from '../src/place.ts';
import { runIn } from './running.ts';

let served: Served;
let folder: string;
let contract_id: string;
/** `type base64` of the machine's key, its fingerprint, and another's. */
let host: { line: string; fingerprint: string };
let other: { line: string; fingerprint: string };

/** Makes a key, and tells its public line and fingerprint as OpenSSH does. */
function makeKey(file: string) {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@home', '-f', file]);
  const line = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const [, fingerprint = ''] = String(execFileSync('ssh-keygen', ['-l', '-f', file])).split(' ');
  return { line, fingerprint };
}

/** Programs named ssh and ssh-keyscan, which write down what they are given. */
function fakePrograms(scanned: string): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  const write = (name: string, lines: string[]) => {
    writeFileSync(join(bin, name), ['#!/bin/sh', ...lines].join('\n'));
    chmodSync(join(bin, name), 0o755);
  };
  writeFileSync(join(bin, 'scanned'), scanned);
  write('ssh-keyscan', [`printf '%s\\n' "$@" > ${bin}/scan-words`, `cat ${bin}/scanned`]);
  write('ssh', [
    `printf '%s\\n' "$@" > ${bin}/words`,
    `for one in "$@"; do case "$one" in UserKnownHostsFile=*)`,
    `  eval cp "\${one#*=}" ${bin}/known_hosts;; esac; done`,
    'exit 0',
  ]);
  return bin;
}

const berth = (who: string, args: string[], input = '', more: NodeJS.ProcessEnv = {}) =>
  runIn(join(folder, who), args, input, { HOME: join(folder, 'person'), ...more });
const ssh = (bin: string) =>
  berth('renter', ['ssh', contract_id], '', { PATH: `${bin}:${process.env['PATH']}` });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
  served = await serve({ live: true });
  host = makeKey(join(folder, 'host'));
  other = makeKey(join(folder, 'other'));
  mkdirSync(join(folder, 'person/.ssh'), { recursive: true });
  makeKey(join(folder, 'person/.ssh/rented'));
  await berth('renter', ['login', '--origin', served.origin], served.renter.phrase);
  await berth('provider', ['login', '--origin', served.origin], served.provider.phrase);
  const { id } = await listOffering(served.provider);
  const key = join(folder, 'person/.ssh/rented.pub');
  const rent = ['rent', id, '--hours', '2', '--yes', '--ssh-key', key];
  contract_id = (await berth('renter', rent)).out.trim();
  await berth('provider', ['accept', contract_id, '--yes']);
  const details = {
    ...{ address: 'node7.example.net', port: 2022, username: 'root' },
    host_key_fingerprint: host.fingerprint,
    credentials: { fields: [{ label: 'Password', value: 'hunter2' }] },
  };
  await berth('provider', ['provision', contract_id, '--yes'], JSON.stringify(details));
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

test('ssh says what is missing until the credentials were opened', async () => {
  const { code, err } = await ssh(fakePrograms(''));
  expect(code).toBe(1);
  expect(err).toContain('not shown yet');
  expect((await berth('renter', ['credentials', contract_id, '--yes'])).code).toBe(0);
});

test('ssh gets the signed place, the key that was rented with, and the one host key', async () => {
  const scanned = [`x ${other.line}`, `x ${host.line}`].join('\n');
  const bin = fakePrograms(`${scanned}\n`);
  expect(await ssh(bin)).toMatchObject({ code: 0 });
  const words = readFileSync(join(bin, 'words'), 'utf8').trim().split('\n');
  expect(words.slice(-6)).toEqual(['-p', '2022', '-l', 'root', '--', 'node7.example.net']);
  expect(words).toContain(join(folder, 'person/.ssh/rented'));
  expect(words).toContain('IdentitiesOnly=yes');
  expect(words).toContain('StrictHostKeyChecking=yes');
  expect(words).toContain('ForwardAgent=no');
  const known = readFileSync(join(bin, 'known_hosts'), 'utf8');
  expect(known).toBe(`berth-${contract_id} ${host.line}\n`);
});

test('another machine at the address is not signed in to', async () => {
  for (const scanned of [`x ${other.line}\n`, '', 'not a key\n']) {
    const bin = fakePrograms(scanned);
    const { code, err } = await ssh(bin);
    expect(code).toBe(6);
    expect(err).toContain('which the provider signed');
    expect(() => readFileSync(join(bin, 'words'))).toThrow();
  }
});

test('a service cannot say another place, another log, or one it made itself', async () => {
  const { evidence } = endpoints.contracts;
  const real: Evidence = await served.renter.ask(evidence, { params: { contract_id } });
  expect(await provenPlace(real, contract_id)).toMatchObject({ address: 'node7.example.net' });
  const moved = structuredClone(real);
  const part = moved.entries.find(({ statement }) => statement.action === 'mark_provisioned');
  Object.assign(part?.private?.part ?? {}, { address: 'evil.example' });
  await expect(provenPlace(moved, contract_id)).rejects.toMatchObject({ exit: 'broken' });
  await expect(provenPlace(real, 'f'.repeat(64))).rejects.toMatchObject({ exit: 'broken' });
});

test('what ssh is given reads as that alone to the real ssh', () => {
  const place = {
    ...{ address: 'node7.example.net', port: 2022, username: 'root', instructions: '' },
    ...{ host_key_fingerprint: null, ssh_public_key: null },
  };
  const files = { known_hosts: '/tmp/a b/known', alias: 'berth-1', identity: '/tmp/id' };
  const words = sshWords(place, files);
  const read = String(execFileSync('ssh', ['-F', '/dev/null', '-G', ...words]));
  for (const line of ['user root', 'port 2022', 'hostname node7.example.net', 'forwardagent no']) {
    expect(read.split('\n')).toContain(line);
  }
  expect(read).toContain('userknownhostsfile /tmp/a b/known\n');
  expect(read).toContain('hostkeyalias berth-1\n');
});

test('a host key is told by its fingerprint alone', () => {
  const lines = `# x\n[h]:2022 ${other.line}\nh ${host.line}\n`;
  expect(pinnedKey(lines, host.fingerprint)).toBe(host.line);
  expect(pinnedKey(`h -oProxyCommand=x ${host.line}`, host.fingerprint)).toBeNull();
});
