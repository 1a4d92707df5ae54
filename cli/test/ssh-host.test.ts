/** From a request through the agent to a real SSH login on this machine, and to all of it gone. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../api/test/port.ts';
import { listOffering, move } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { runIn } from './running.ts';

const SSHD = '/usr/sbin/sshd';
const DRIVER = join(import.meta.dirname, '../drivers/ssh-host.sh');
/** It makes users, so it needs root, and OpenSSH's server. */
const isPossible = process.getuid?.() === 0 && existsSync(SSHD);

let served: Served;
let folder: string;
let sshd: ChildProcess | undefined;
let port: number;
beforeAll(async () => {
  if (!isPossible) return;
  served = await serve({ live: true });
  folder = mkdtempSync(join(tmpdir(), 'berth-ssh-host-'));
  // Users of this machine reach their homes through it.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'homes'), { mode: 0o755 });
  mkdirSync(join(folder, 'person/.ssh'), { recursive: true, mode: 0o700 });
  for (const key of ['host', 'person/.ssh/rented', 'person/.ssh/another']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  }
  port = await freePort();
  mkdirSync('/run/sshd', { recursive: true });
  const options = ['UsePAM=no', 'PasswordAuthentication=no', 'PidFile=none', 'StrictModes=yes'];
  const words = options.flatMap((option) => ['-o', option]);
  const listen = ['-o', 'ListenAddress=127.0.0.1', '-p', String(port)];
  sshd = spawn(SSHD, ['-D', '-f', '/dev/null', '-h', join(folder, 'host'), ...listen, ...words]);
  while (!(await answers(port)));
  for (const who of ['renter', 'provider'] as const) {
    await berth(who, ['login', '--origin', served.origin], served[who].phrase);
  }
});
afterAll(async () => {
  if (!isPossible) return;
  sshd?.kill();
  await served.close();
  rmSync(folder, { recursive: true });
});

const answers = (to: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(to, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });

const berth = (who: string, args: string[], input = '') =>
  runIn(join(folder, who), args, input, { HOME: join(folder, 'person') });

function writeRules(offering_id: string): string {
  const file = join(folder, 'rules.json');
  const env = {
    ...{ SSH_ADDRESS: '127.0.0.1', SSH_PORT: String(port), LOGIN_SHELL: '/bin/sh' },
    ...{ SSH_HOST_KEY: join(folder, 'host.pub'), HOME_ROOT: join(folder, 'homes') },
  };
  const rule = { name: 'host', offerings: [offering_id], driver: 'ssh', accept: true };
  const drivers = { ssh: { command: [DRIVER], env } };
  writeFileSync(file, JSON.stringify({ rules: [rule], drivers }));
  return file;
}

const usersOf = (id: string) =>
  String(execFileSync('getent', ['passwd'])).match(new RegExp(`^.*${id}.*$`, 'gm')) ?? [];
const filesOf = (uid: string) =>
  String(execFileSync('find', ['/tmp', '/var/tmp', '-xdev', '-uid', uid]));
const processesOf = (uid: string) =>
  String(execFileSync('sh', ['-c', `pgrep -U ${uid} || true`])).trim();

test.runIf(isPossible)('a renter signs in to the host as its contract’s user alone', async () => {
  const { id } = await listOffering(served.provider);
  const rules = writeRules(id);
  const key = join(folder, 'person/.ssh/rented.pub');
  const rent = ['rent', id, '--hours', '2', '--yes', '--ssh-key', key];
  const rented = await berth('renter', rent);
  expect(rented.code, rented.err).toBe(0);
  const contract = rented.out.trim();
  const done = await berth('provider', ['agent', rules, '--once']);
  expect(done.out).toContain('Ready');
  expect((await berth('renter', ['credentials', contract, '--yes'])).code).toBe(0);

  // It leaves a file and a program behind.
  const commands = 'id -u; touch /tmp/of-$(id -u); nohup sleep 600 >/dev/null 2>&1 &\n';
  const session = await berth('renter', ['ssh', contract], commands);
  const [uid = ''] = /^\d+$/m.exec(session.out) ?? [];
  expect(Number(uid)).toBeGreaterThanOrEqual(1_000);
  expect(usersOf(contract)).toHaveLength(1);
  expect(processesOf(uid)).not.toBe('');
  expect(filesOf(uid)).toContain(`/tmp/of-${uid}`);
  const another = ['--identity', join(folder, 'person/.ssh/another')];
  expect((await berth('renter', ['ssh', contract, ...another])).code).toBe(8);

  await move(served.renter, contract, 'cancel');
  expect((await berth('provider', ['agent', rules, '--once'])).out).toContain('seen gone');
  expect([usersOf(contract), processesOf(uid), filesOf(uid)]).toEqual([[], '', '']);
  expect((await berth('renter', ['ssh', contract])).code).not.toBe(0);
});

test.runIf(isPossible)('a rental without a key is given up, as nobody could get in', async () => {
  const { id } = await listOffering(served.provider);
  const rules = writeRules(id);
  await berth('renter', ['rent', id, '--hours', '2', '--yes']);
  const { out } = await berth('provider', ['agent', rules, '--once']);
  expect(out).toContain('The renter gave no SSH key');
  expect(out).toContain('Given up');
});
