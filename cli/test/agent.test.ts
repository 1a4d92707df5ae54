import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBerth, type Berth } from '@berth/sdk';
import { makeSshKeyPair } from '@berth/shared/ssh-key';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering, move, requestRental, viewOf } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { readAgentConfig } from '../src/agent/config.ts';
import { makePool, type Pool } from './pool.ts';
import { runIn, startIn } from './running.ts';

let served: Served;
let folder: string;
let renter: Berth;
beforeAll(async () => {
  served = await serve({ live: true });
  folder = mkdtempSync(join(tmpdir(), 'berth-agent-'));
  const { origin } = served;
  await runIn(join(folder, 'home'), ['login', '--origin', origin], served.provider.phrase);
  const { phrase } = served.renter;
  const { device } = await createBerth({ origin }).login({ phrase, label: 'Tests' });
  renter = createBerth({ origin, device });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

/** The same device in a folder of each test: its rules and its journal are its own. */
let home: string;
const journal = () => join(home, 'berth/agent');
const notes = () => readdirSync(journal()).filter((name) => name.endsWith('.json'));
const look = (rules: string) => runIn(home, ['agent', rules, '--once']);
const stateOf = async (id: string) => (await viewOf(served.renter, id)).state;
const openedBy = async (id: string) => (await (await renter.rentals.open(id)).send()).credentials;

let tests = 0;
/** A pool of its own with an offering of its own, by rules for it alone. */
async function start(rule: object = {}, driver: object = {}) {
  tests += 1;
  home = join(folder, `home-${tests}`);
  cpSync(join(folder, 'home'), home, { recursive: true });
  const pool = makePool(join(folder, `pool-${tests}`));
  const offering = await listOffering(served.provider);
  const rules = pool.rules({ offerings: [offering.id], ...rule }, driver);
  return { pool, offering, rules, ask: () => ask(offering) };
}
const ask = async (offering: OfferingView) =>
  (await requestRental(served.renter, offering)).contract_id;

async function endAll({ rules, pool }: { rules: string; pool: Pool }): Promise<void> {
  pool.calm();
  for (const id of pool.machines()) await move(served.renter, id, 'cancel');
  await look(rules);
  expect(pool.machines()).toEqual([]);
  expect(notes()).toEqual([]);
}

test('from a signed request to credentials that open, and to a machine seen gone', async () => {
  const { pool, offering, rules } = await start();
  const key = makeSshKeyPair('renter').key.public_key;
  const hours = 3;
  const asked = await renter.rentals.rent({ offering_id: offering.id, hours, ssh_public_key: key });
  const { contract_id } = await asked.send();
  const { code, out, err } = await look(rules);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const secret = pool.secretOf(contract_id);
  expect(await openedBy(contract_id)).toMatchObject({
    fields: [{ label: 'Password', value: secret }],
    ssh_key: expect.stringContaining('SHA256:') as string,
  });
  const variables = readFileSync(join(pool.folder, 'env'), 'utf8');
  expect(variables).toContain(`BERTH_SSH_KEY=${key}\n`);
  expect(variables).toContain('BERTH_HOURS=3\n');
  // Secrets are in no line of the log, and in no note once they are posted.
  expect(out).toContain('Ready');
  expect(out).not.toContain(secret);
  expect(readFileSync(join(journal(), notes()[0] ?? ''), 'utf8')).not.toContain(secret);

  // Nothing more is done as long as it runs.
  await look(rules);
  expect(pool.log().filter((line) => line.startsWith('create'))).toHaveLength(1);
  await expect.poll(() => stateOf(contract_id)).toBe('active');
  await move(served.renter, contract_id, 'cancel');
  expect((await look(rules)).out).toContain('seen gone');
  expect(pool.machines()).toEqual([]);
  expect(notes()).toEqual([]);
});

test('two agents that hear of requests at once make each machine once', async () => {
  const { pool, rules, ask: request } = await start();
  const agents = [0, 1].map(() => startIn(home, ['agent', rules]));
  const streams = served.t.app.streams.open;
  await expect.poll(() => [...streams].length).toBeGreaterThanOrEqual(1);
  await Promise.all(
    agents.map((agent) => new Promise((resolve) => agent.stdout.once('data', resolve))),
  );
  await expect.poll(() => pool.log().filter((line) => line.startsWith('list')).length).toBe(2);
  const ids = await Promise.all([request(), request(), request(), request()]);
  for (const id of ids) await expect.poll(() => stateOf(id)).toBe('provisioned');
  for (const id of ids) {
    expect((await openedBy(id)).fields[0]?.value).toBe(pool.secretOf(id));
  }
  const made = pool.log().filter((line) => line.startsWith('create'));
  expect(made.sort()).toEqual(ids.map((id) => `create ${id}`).sort());
  for (const agent of agents) agent.kill('SIGTERM');
  for (const agent of agents) {
    if (agent.exitCode === null) expect((await once(agent, 'exit'))[0]).toBe(0);
  }
  await endAll({ rules, pool });
});

test.for([
  ['rubbish', 'printed no JSON'],
  ['unknown-field', 'has a field that is none'],
  ['flood', 'printed more than 65536 bytes'],
  ['hang', 'did not end in 1 s'],
  ['fail', 'ended with 3. It says: no disk left'],
])('a driver with %s is refused in a sentence, and the contract is given up', async (one) => {
  const [trouble = '', sentence = ''] = one;
  const { pool, rules, ask: request } = await start({}, { create_seconds: 1, attempts: 1 });
  const id = await request();
  pool.trouble(trouble);
  const { code, out } = await look(rules);
  expect(code).toBe(0);
  expect(out).toContain(sentence);
  expect(out).not.toContain('hunter2');
  expect(await stateOf(id)).toBe('failed');
  expect(pool.machines()).toEqual([]);
  expect(notes()).toEqual([]);
});

test('a machine that is said to be gone and is not stays on the list until it is', async () => {
  const { pool, rules, ask: request } = await start();
  const id = await request();
  await look(rules);
  await move(served.renter, id, 'cancel');
  pool.trouble('lie');
  expect((await look(rules)).out).toContain('still there');
  expect(notes()).toHaveLength(1);
  // A driver that cannot see frees nothing either.
  pool.trouble('blind');
  expect((await look(rules)).out).toContain('still there');
  await endAll({ rules, pool: { ...pool, machines: () => [] } });
  expect(pool.machines()).toEqual([]);
});

test('a unit is free when its machine is seen gone, not when the contract has ended', async () => {
  const { pool, rules, ask: request } = await start({ units: 1 });
  const first = await request();
  await look(rules);
  const second = await request();
  expect((await look(rules)).out).toContain('No unit of "all" is free');
  await move(served.renter, first, 'cancel');
  pool.trouble('lie');
  await look(rules);
  expect(await stateOf(second)).toBe('pending');
  pool.calm();
  await look(rules);
  await look(rules);
  expect(await stateOf(second)).toBe('provisioned');
  await endAll({ rules, pool });
});

test('what the rules do not take is left to a person, and gone on from once accepted', async () => {
  const { pool, rules, ask: request } = await start({ accept: false });
  const other = await ask(await listOffering(served.provider));
  const id = await request();
  await look(rules);
  expect([await stateOf(id), await stateOf(other)]).toEqual(['pending', 'pending']);
  await move(served.provider, id, 'accept');
  await look(rules);
  expect([await stateOf(id), await stateOf(other)]).toEqual(['provisioned', 'pending']);
  await endAll({ rules, pool });
});

test('a lost journal loses no machine: what runs is adopted, what ended goes', async () => {
  const { pool, rules, ask: request } = await start();
  const [running, ended] = [await request(), await request()];
  const strange = 'f'.repeat(64);
  await look(rules);
  mkdirSync(join(pool.folder, strange));
  rmSync(journal(), { recursive: true });
  await move(served.renter, ended, 'cancel');
  const { out } = await look(rules);
  expect(pool.machines().sort()).toEqual([running, strange].sort());
  expect(out).toContain(`${strange} Leaves a machine alone`);
  expect((await openedBy(running)).fields[0]?.value).toBe(pool.secretOf(running));
  rmSync(join(pool.folder, strange), { recursive: true });
  await endAll({ rules, pool });
});

test('where the disk takes nothing, nothing is signed or made', async () => {
  const { pool, rules, ask: request } = await start();
  const id = await request();
  const full = await runIn(home, ['agent', rules, '--once'], '', {}, 'ulimit -f 0');
  expect(full.out + full.err).toContain('The disk does not take it');
  expect(pool.log().filter((line) => line.startsWith('create'))).toEqual([]);
  expect(await stateOf(id)).toBe('pending');
  await look(rules);
  expect(await stateOf(id)).toBe('provisioned');
  await endAll({ rules, pool });
});

test('rules that are not understood are refused before anything is done', () => {
  const file = join(folder, 'bad.json');
  const driver = { command: ['/bin/true'] };
  const rule = { name: 'all', driver: 'd', accept: true };
  const bad: [unknown, RegExp][] = [
    ['{', /cannot be read as JSON/],
    [{ rules: [], drivers: {} }, /rules/],
    [{ rules: [rule], drivers: {} }, /no driver "d"/],
    [{ rules: [rule, rule], drivers: { d: driver } }, /two rules are "all"/],
    [{ rules: [{ ...rule, acept: true }], drivers: { d: driver } }, /acept/],
    [{ rules: [rule], drivers: { d: { command: ['true'] } } }, /whole path/],
    [{ rules: [rule], drivers: { d: { command: ['/nonexistent'] } } }, /may run/],
    [{ rules: [rule], drivers: { d: { ...driver, env: { BERTH_HOURS: '1' } } } }, /drivers/],
  ];
  for (const [text, sentence] of bad) {
    writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
    expect(() => readAgentConfig(file)).toThrow(sentence);
  }
});

test('without a device nothing is taken', async () => {
  const { rules } = await start();
  const at = ['--origin', served.origin];
  expect((await runIn(join(folder, 'nobody'), ['agent', rules, '--once', ...at])).code).toBe(3);
});
