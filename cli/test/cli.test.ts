import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePhrase } from '@berth/shared/signing/phrase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../api/test/port.ts';
import { listOffering, rentalIn } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { runIn, startIn } from './running.ts';

let served: Served;
let folder: string;
beforeAll(async () => {
  served = await serve({ live: true });
  folder = mkdtempSync(join(tmpdir(), 'berth-cli-'));
  await berth('renter', ['login', '--origin', served.origin], served.renter.phrase);
  await berth('provider', ['login', '--origin', served.origin], served.provider.phrase);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

const homeOf = (who: string) => join(folder, who);

const start = (who: string, args: string[]) => startIn(homeOf(who), args);
const berth = (who: string, args: string[], input = '') => runIn(homeOf(who), args, input);

const json = <T>({ out }: { out: string }): T => JSON.parse(out) as T;

test('a rental goes from search to verified evidence by commands alone', async () => {
  const offering = await listOffering(served.provider, { title: 'A node for commands' });
  const found = await berth('renter', ['search', 'commands', '--hours', '2']);
  expect(found.out.split('\t').slice(0, 2)).toEqual([offering.id, 'A node for commands']);

  const rented = await berth('renter', ['rent', offering.id, '--hours', '2', '--yes']);
  expect(rented).toMatchObject({
    code: 0,
    err: expect.stringContaining('Total: $44.84') as string,
  });
  const id = rented.out.trim();
  expect((await berth('provider', ['accept', id, '--yes'])).code).toBe(0);
  const details = {
    address: 'node7.example.net',
    username: 'root',
    credentials: { fields: [{ label: 'Password', value: 'hunter2' }] },
  };
  const posted = await berth('provider', ['provision', id, '--yes'], JSON.stringify(details));
  expect(posted.code).toBe(0);
  expect(posted.out + posted.err).not.toContain('hunter2');

  const shown = await berth('renter', ['contracts', 'show', id, '--json']);
  expect(json<{ state: string }>(shown).state).toBe('provisioned');
  expect(shown.out).not.toContain('hunter2');
  const opened = await berth('renter', ['credentials', id, '--yes', '--json']);
  expect(json(opened)).toMatchObject({
    address: 'node7.example.net',
    port: 22,
    credentials: { fields: [{ label: 'Password', value: 'hunter2' }] },
  });

  const file = join(folder, 'contract.json');
  expect((await berth('renter', ['evidence', id, file])).code).toBe(0);
  const verified = await berth('nobody', ['verify', file, '--json']);
  expect(verified.code).toBe(0);
  const { service_key } = json<{ service_key: string }>(verified);
  expect(await berth('nobody', ['verify', file])).toMatchObject({
    code: 0,
    out: expect.stringContaining('every sentence kept') as string,
    err: expect.stringContaining(`the file’s own key, ${service_key}`) as string,
  });
  const known = ['--service-key', service_key];
  expect((await berth('nobody', ['verify', file, ...known])).err).not.toContain('own key');
  expect((await berth('nobody', ['verify', file, '--service-key', 'a'.repeat(64)])).code).toBe(6);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"hours": 2', '"hours": 1'));
  expect((await berth('nobody', ['verify', file])).code).toBe(6);

  // Into the first paid hour, for whichever clock is asked.
  served.t.clock.advance(60_000);
  const cancelled = await berth('renter', ['cancel', id, '--yes', '--reason', 'Done']);
  expect(cancelled).toMatchObject({ code: 0, err: expect.stringContaining('Paid back') as string });
});

test('the device key is in a file for its owner alone, and the phrase is nowhere', async () => {
  const file = join(homeOf('renter'), 'berth/device.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(served.renter.phrase);
  expect(readFileSync(file, 'utf8')).not.toContain(served.renter.account_key.secret);
});

test('nothing is signed where nobody can be asked and no --yes was given', async () => {
  const offering = await listOffering(served.provider);
  const { code, out, err } = await berth('renter', ['rent', offering.id, '--hours', '1']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Total: $24.92');
});

test('a wrong phrase is told in a sentence, and nothing is kept of it', async () => {
  const typo = await berth('typo', ['login', '--origin', served.origin], 'one two three');
  expect(typo.code).toBe(2);
  const unknown = await berth('typo', ['login', '--origin', served.origin], makePhrase());
  expect(unknown.code).toBe(3);
  expect(existsSync(join(homeOf('typo'), 'berth/device.json'))).toBe(false);
});

test('a session that has ended is opened anew without a word', async () => {
  const file = join(homeOf('provider'), 'berth/device.json');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { session: { token: string } };
  kept.session.token = 'ended';
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  const { code, err } = await berth('provider', ['contracts', 'list', '--provider']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('a refusal, a missing thing, a guest and a silent server end with their own codes', async () => {
  const own = await listOffering(served.provider);
  const rent = ['rent', own.id, '--hours', '1', '--yes', '--json'];
  const refused = await berth('provider', rent);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('"code":"offering.own"');
  expect((await berth('renter', ['contracts', 'show', 'a'.repeat(64)])).code).toBe(4);
  const at = ['--origin', served.origin];
  expect((await berth('guest', ['contracts', 'list', ...at])).code).toBe(3);
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const silent = await berth('guest', ['search', 'h100', '--origin', nowhere]);
  expect(silent).toMatchObject({ code: 5, err: expect.stringContaining(nowhere) as string });
  expect((await berth('guest', ['rent'])).code).toBe(2);
  expect((await berth('guest', ['search', '--nonsense'])).code).toBe(2);
});

test('listen tells what changes, and Ctrl+C ends it', async () => {
  const child = start('provider', ['listen', '--json']);
  const streams = served.t.app.streams.open;
  await expect.poll(() => streams.size).toBeGreaterThan(0);
  const heard = once(child.stdout, 'data');
  const contract_id = await rentalIn('pending', {
    ...served,
    offering: await listOffering(served.provider),
  });
  expect(contract_id).toHaveLength(64);
  expect(String(((await heard) as [Buffer])[0])).toContain('"topic"');
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(130);
});

test('every command has help with an example, and completions name it', async () => {
  const { commands } = await import('../src/commands.ts');
  const { helpOf } = await import('../src/help.ts');
  const { completionsFor } = await import('../src/completions.ts');
  for (const command of commands) {
    expect(helpOf(command)).toContain(`  berth ${command.name}`.slice(0, 8));
    expect(command.examples.length).toBeGreaterThan(0);
    const last = command.name.split(' ').at(-1) as string;
    for (const shell of ['bash', 'zsh', 'fish']) expect(completionsFor(shell)).toContain(last);
  }
  expect((await berth('guest', ['rent', '--help'])).out).toContain('berth rent off_… --hours 24');
  expect((await berth('guest', [])).code).toBe(2);
});

test('signing out takes the device off the account, and its key is gone', async () => {
  await berth('leaver', ['login', '--origin', served.origin], served.renter.phrase);
  expect((await berth('leaver', ['logout'])).code).toBe(0);
  expect(existsSync(join(homeOf('leaver'), 'berth/device.json'))).toBe(false);
  expect((await berth('leaver', ['logout'])).code).toBe(0);
});
