/** The agent is killed at each of its steps: nothing is made twice, and nothing stays behind. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBerth, type Berth } from '@berth/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../api/test/port.ts';
import { listOffering, move, requestRental, viewOf } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { makePool, type Pool } from './pool.ts';
import { runIn, startIn } from './running.ts';

/** What is done before a signed move is passed on, and before its answer is. */
interface Hooks {
  before?: (action: string) => Promise<boolean>;
  after?: (action: string) => Promise<boolean>;
}

let served: Served;
let folder: string;
let home: string;
let renter: Berth;
let other: Berth;
let hooks: Hooks = {};
const proxy = createServer();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-killed-'));
  home = join(folder, 'home');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  served = await serve({ live: true, config: { public_origin: origin } });
  const { port: to } = served.t.app.server.address() as AddressInfo;
  proxy.on('request', (request, response) => {
    void forward(request, to).then((answer) => {
      if (answer === null) return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': answer.type });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  const signIn = async (phrase: string) => {
    const { device } = await createBerth({ origin }).login({ phrase, label: 'Tests' });
    return createBerth({ origin, device });
  };
  renter = await signIn(served.renter.phrase);
  other = await signIn(served.provider.phrase);
  await runIn(home, ['login', '--origin', origin], served.provider.phrase);
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await served.close();
  rmSync(folder, { recursive: true });
});

/** Null where its asker is not answered. */
async function forward(request: IncomingMessage, port: number) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const said = (body === '' ? {} : JSON.parse(body)) as { statement?: { action: string } };
  const action = said.statement?.action ?? '';
  if ((await hooks.before?.(action)) === false) return null;
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(body === '' ? {} : { body }),
  });
  const text = await answer.text();
  if ((await hooks.after?.(action)) === false) return null;
  const type = answer.headers.get('content-type') ?? 'application/json';
  return { status: answer.status, type, body: text };
}

const look = (rules: string) => runIn(home, ['agent', rules, '--once']);
const stateOf = async (id: string) => (await viewOf(served.renter, id)).state;
const notes = () => readdirSync(join(home, 'berth/agent')).filter((name) => name.endsWith('.json'));
const made = (pool: Pool) => pool.log().filter((line) => line === 'TWICE');

let pools = 0;
async function start() {
  const pool = makePool(join(folder, `pool-${(pools += 1)}`));
  const offering = await listOffering(served.provider);
  const rules = pool.rules({ offerings: [offering.id] });
  const { contract_id } = await requestRental(served.renter, offering);
  return { pool, rules, contract_id };
}

/** Runs it until it is killed, by the driver or here when a move passes by. */
async function runToDeath(rules: string, at?: [side: keyof Hooks, action: string]) {
  const child = startIn(home, ['agent', rules, '--once']);
  child.stdout.resume();
  child.stderr.resume();
  if (at !== undefined) {
    const [side, action] = at;
    hooks = { [side]: async (one: string) => one !== action || !child.kill('SIGKILL') };
  }
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  hooks = {};
  expect(signal).toBe('SIGKILL');
}

/** As if nothing had happened: one machine, whose secret the renter has; then it ends whole. */
async function expectWhole(pool: Pool, rules: string, contract_id: string) {
  expect((await look(rules)).code).toBe(0);
  expect(await stateOf(contract_id)).toBe('provisioned');
  expect(pool.machines()).toEqual([contract_id]);
  const { credentials } = await (await renter.rentals.open(contract_id)).send();
  expect(credentials.fields[0]?.value).toBe(pool.secretOf(contract_id));
  expect(made(pool)).toEqual([]);
}

async function expectGone(pool: Pool, rules: string) {
  await look(rules);
  expect(pool.machines()).toEqual([]);
  expect(notes()).toEqual([]);
}

const moves = ['accept', 'start_provisioning', 'mark_provisioned'];
test.for(moves.flatMap((action) => [`before ${action}`, `after ${action}`]))(
  'killed %s, it goes on from there',
  async (point) => {
    const { pool, rules, contract_id } = await start();
    const [side, action] = point.split(' ') as [keyof Hooks, string];
    await runToDeath(rules, [side, action]);
    await expectWhole(pool, rules, contract_id);
    expect(pool.log().filter((line) => line.startsWith('create'))).toHaveLength(1);
    await move(served.renter, contract_id, 'cancel');
    await expectGone(pool, rules);
  },
);

test('killed while its driver goes on, it ends that before it makes a machine', async () => {
  const { pool, rules, contract_id } = await start();
  pool.trouble('kill-before');
  await runToDeath(rules);
  const pid = Number(readFileSync(join(pool.folder, 'pid'), 'utf8'));
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain(join(pool.folder, 'driver'));
  await expectWhole(pool, rules, contract_id);
  expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
  await move(served.renter, contract_id, 'cancel');
  await expectGone(pool, rules);
});

test.for(['kill-made', 'kill-told'])(
  'killed while its driver creates (%s), it makes one machine',
  async (trouble) => {
    const { pool, rules, contract_id } = await start();
    pool.trouble(trouble);
    await runToDeath(rules);
    await expectWhole(pool, rules, contract_id);
    await move(served.renter, contract_id, 'cancel');
    await expectGone(pool, rules);
  },
);

test('killed when its driver has created, it takes the machine that it finds', async () => {
  const { pool, rules, contract_id } = await start();
  writeFileSync(join(pool.folder, 'remembers'), '');
  pool.trouble('kill-told');
  await runToDeath(rules);
  await expectWhole(pool, rules, contract_id);
  expect(pool.log().filter((line) => line.startsWith('create'))).toHaveLength(1);
  expect(pool.log().filter((line) => line.startsWith('destroy'))).toEqual([]);
  await move(served.renter, contract_id, 'cancel');
  await expectGone(pool, rules);
});

test.for(['kill-destroy', 'kill-destroyed'])(
  'killed at the end (%s), it cleans up',
  async (one) => {
    const { pool, rules, contract_id } = await start();
    await look(rules);
    await move(served.renter, contract_id, 'cancel');
    pool.trouble(one);
    await runToDeath(rules);
    await expectGone(pool, rules);
  },
);

test('what another device began first is left to it', async () => {
  const { pool, rules, contract_id } = await start();
  hooks = {
    async before(action) {
      if (action !== 'start_provisioning') return true;
      hooks = {};
      await (await other.rentals.begin(contract_id)).send();
      return true;
    },
  };
  expect((await look(rules)).out).toContain('Somebody else sets it up');
  expect(pool.machines()).toEqual([]);
  expect(notes()).toEqual([]);
  await (await other.rentals.fail(contract_id, 'Of the test')).send();
  expect(await stateOf(contract_id)).toBe('failed');
});
