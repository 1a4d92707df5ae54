import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { Cbor } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeCanisterIcp } from '../../src/adapters/internet-computer/index.ts';
import { isLocalHost, makeTransport } from '../../src/adapters/internet-computer/transport.ts';
import { readPage } from '../../src/adapters/internet-computer/wire.ts';
import { ICP_PAGE_BYTES } from '../../src/ports/icp.ts';
import { hashOfMap, join as joinBytes, separator } from '../mini-ic/hashes.ts';
import { startMiniIc } from '../mini-ic/server.ts';
import type { MiniIc } from '../mini-ic/server.ts';

const LIMITS = { timeout_ms: 5000, attempts: 3, first_wait_ms: 1, most_wait_ms: 2 };
const bytes = randomBytes(1000);

let mini: MiniIc;
const open = (changes: { timeout_ms?: number; canister?: string } = {}) => {
  const { timeout_ms = LIMITS.timeout_ms, canister = mini.canister } = changes;
  return makeCanisterIcp({ canister, host: mini.origin, limits: { ...LIMITS, timeout_ms } });
};

beforeEach(async () => {
  mini = await startMiniIc({ bytes });
  // The agent tells the console of each read_state that it makes nothing of.
  for (const method of ['warn', 'group', 'groupEnd'] as const) {
    vi.spyOn(console, method).mockReturnValue(undefined);
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await mini.close();
});

test('pages of the largest size come whole', async () => {
  mini.state.bytes = randomBytes(2 * ICP_PAGE_BYTES + 5);
  const icp = open();
  let position = 0;
  const pages: Uint8Array[] = [];
  for (let more = true; more;) {
    const page = await icp.fetch(position, pages.at(-1)?.slice(-16) ?? null);
    pages.push(page.bytes);
    position = page.position + page.bytes.length;
    more = page.more;
  }
  expect(pages.map(({ length }) => length)).toEqual([ICP_PAGE_BYTES, ICP_PAGE_BYTES, 5]);
  expect(Buffer.concat(pages).equals(mini.state.bytes)).toBe(true);
});

test('what the canister says of itself is read by name', async () => {
  expect(await open().metadata()).toEqual({
    data_start: 8_388_608,
    num_blocks: 3,
    latest_block_hash: 'ab'.repeat(32),
    latest_timestamp_ns: 1_700_000_000_123_456_789n,
    next_block_start: 8_389_608,
  });
});

test('a host that is busy, or a reply that is cut, is asked again', async () => {
  const icp = open();
  mini.faults.unavailable = 2;
  expect((await icp.fetch(0, null)).bytes).toHaveLength(bytes.length);
  mini.faults.cut = 2;
  expect((await icp.fetch(0, null)).bytes).toHaveLength(bytes.length);
  expect(mini.asked.get('query')).toBe(4);
});

test('the keys of the nodes are asked for once, not for each page', async () => {
  const icp = open();
  await icp.fetch(0, null);
  await icp.fetch(0, null);
  expect(Object.fromEntries(mini.asked)).toEqual({ status: 1, query: 2, read_state: 1 });
});

test('no answer after all attempts is unreachable, and the next question may go through', async () => {
  const unreachable = { icp_problem: 'unreachable' };
  const icp = open();
  mini.faults.unavailable = LIMITS.attempts;
  await expect(icp.fetch(0, null)).rejects.toMatchObject(unreachable);
  expect((await icp.fetch(0, null)).bytes).toHaveLength(bytes.length);
  mini.faults.unavailable = LIMITS.attempts;
  await expect(open().metadata()).rejects.toThrow('3 attempts: the host answered 503');
  mini.faults.unavailable = 0;
  mini.faults.slow_ms = 60_000;
  await expect(open({ timeout_ms: 20 }).fetch(0, null)).rejects.toMatchObject(unreachable);
  await mini.close();
  await expect(open().fetch(0, null)).rejects.toThrow('ECONNREFUSED');
});

test('keys of nodes that cannot be had are unreachable too, not a wrong signature', async () => {
  const icp = open();
  mini.faults.certificate = 'unavailable';
  await expect(icp.fetch(0, null)).rejects.toMatchObject({ icp_problem: 'unreachable' });
});

test('an abort under way ends the question at once', async () => {
  mini.faults.slow_ms = 60_000;
  const stop = new AbortController();
  const fetched = open().fetch(0, null, stop.signal);
  await expect.poll(() => mini.asked.get('status')).toBe(1);
  stop.abort(new Error('stopping'));
  await expect(fetched).rejects.toThrow('stopping');
});

test.each([4, 16, 24])(
  'a replica that lags %i bytes behind is not taken for a fork',
  async (lag) => {
    const lagging = bytes.subarray(0, -lag);
    // The page, then what tells why: the metadata of another replica, and the bytes before.
    const answers = [lagging, bytes, lagging];
    Object.defineProperty(mini.state, 'bytes', { get: () => answers.shift() });
    const fetched = open().fetch(8_388_608 + bytes.length, bytes.subarray(-16));
    await expect(fetched).rejects.toMatchObject({ icp_problem: 'beyond_tip' });
    expect(answers).toHaveLength(0);
  },
);

test('no request of a question outlives it', async () => {
  const transport = makeTransport({ ...LIMITS, first_wait_ms: 1e9, most_wait_ms: 1e9 });
  mini.faults.unavailable = 1;
  let left: Promise<unknown> | undefined;
  const asked = transport.call(undefined, async () => {
    left = transport.fetch(`${mini.origin}/api/v2/status`).catch((error: unknown) => error);
    await expect.poll(() => mini.faults.unavailable).toBe(0);
    throw new Error('the other request failed');
  });
  await expect(asked).rejects.toThrow('the other request failed');
  expect(((await left) as Error).message).toContain('aborted');
});

test.each(['wrong', 'missing', 'stranger', 'stale'] as const)(
  'a reply whose signature of a node is %s is refused',
  async (fault) => {
    mini.faults.node = fault;
    await expect(open().fetch(0, null)).rejects.toMatchObject({ icp_problem: 'refused' });
    await expect(open().metadata()).rejects.toMatchObject({ icp_problem: 'refused' });
  },
);

test.each(['wrong', 'changed', 'foreign'] as const)(
  'keys of nodes under a certificate that is %s are refused',
  async (fault) => {
    mini.faults.certificate = fault;
    await expect(open().fetch(0, null)).rejects.toMatchObject({ icp_problem: 'refused' });
    expect(mini.asked.get('read_state')).toBeGreaterThan(0);
  },
);

test('a root key is asked of this machine only, so elsewhere ours convinces nobody', async () => {
  const elsewhere = await startMiniIc({ bytes, host: '127.0.0.2' });
  try {
    const { canister, origin: host } = elsewhere;
    const icp = makeCanisterIcp({ canister, host, limits: LIMITS });
    await expect(icp.fetch(0, null)).rejects.toMatchObject({ icp_problem: 'refused' });
    expect(elsewhere.asked.get('query')).toBe(1);
    expect(elsewhere.asked.has('status')).toBe(false);
  } finally {
    await elsewhere.close();
  }
});

test.each([
  ...['http://localhost:4943', 'http://127.0.0.1', 'http://[::1]:8000', 'http://a.localhost'],
])('%s is this machine', (host) => {
  expect(isLocalHost(host)).toBe(true);
});

test.each([
  ...['https://icp-api.io', 'https://ic0.app', 'http://127.0.0.1.example.org', 'http://127.0.0.2'],
  ...['http://localhost.example.org', 'http://localhost@example.org', 'http://notlocalhost'],
])('%s is not this machine', (host) => {
  expect(isLocalHost(host)).toBe(false);
});

test('a canister that is not there, or is no name of one, is refused with the reason', async () => {
  const other = open({ canister: 'ryjl3-tyaaa-aaaaa-aaaba-cai' });
  await expect(other.fetch(0, null)).rejects.toMatchObject({ icp_problem: 'refused' });
  const wrong = open({ canister: 'ggi4a-wyaaa-aaaai-actqq-caa' });
  await expect(wrong.fetch(0, null)).rejects.toMatchObject({ icp_problem: 'refused' });
});

test.each([
  'position=10&response_bytes=3&direction=forward&more=true',
  'position=9&response_bytes=4&direction=forward&more=true',
  'position=10&response_bytes=4&direction=backward&more=true',
  'position=10&response_bytes=4&direction=forward',
  'position=99999999999999999999&response_bytes=4&direction=forward&more=true',
  '',
])('a page whose cursor is "%s" does not fit', (cursor) => {
  expect(() => readPage(10, cursor, new Uint8Array(4))).toThrow('does not fit its cursor');
});

test('an empty page that promises more, or one that is too large, does not fit', () => {
  const cursor = (size: number) => `position=10&response_bytes=${size}&direction=forward&more=true`;
  expect(() => readPage(10, cursor(0), new Uint8Array())).toThrow('does not fit');
  const large = new Uint8Array(ICP_PAGE_BYTES + 1);
  expect(() => readPage(10, cursor(large.length), large)).toThrow('does not fit');
});

test('a process that does not ask the canister does not load the agent', () => {
  const adapter = join(import.meta.dirname, '../../src/adapters/internet-computer/index.ts');
  const program = `
    import { registerHooks } from 'node:module';
    const asked = [];
    registerHooks({ resolve: (name, of, next) => (asked.push(name), next(name, of)) });
    const { makeCanisterIcp } = await import(${JSON.stringify(adapter)});
    makeCanisterIcp({ canister: '', host: 'https://icp-api.io' });
    console.log(asked.filter((name) => /dfinity|zod/.test(name)).join());`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(said.toString().trim()).toBe('zod');
});

/** A query as a client with a key of its own sends it. */
async function sendQuery(expires_in_s: number, forge = false): Promise<Response> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const sender_pubkey = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const content = {
    request_type: 'query',
    canister_id: Principal.fromText(mini.canister).toUint8Array(),
    method_name: 'metadata',
    arg: IDL.encode([], []),
    sender: Principal.selfAuthenticating(sender_pubkey).toUint8Array(),
    ingress_expiry: BigInt(Date.now() + expires_in_s * 1000) * 1_000_000n,
  };
  const signed = joinBytes(separator('ic-request'), hashOfMap(content));
  const sender_sig = Uint8Array.from(sign(null, signed, privateKey));
  if (forge) sender_sig[0] = (sender_sig[0] ?? 0) ^ 1;
  const body = Uint8Array.from(Cbor.encode({ content, sender_pubkey, sender_sig }));
  const address = `${mini.origin}/api/v2/canister/${mini.canister}/query`;
  return fetch(address, { method: 'POST', body });
}

test('the test replica checks the expiry and the sender of a request', async () => {
  expect((await sendQuery(60)).status).toBe(200);
  for (const refused of [sendQuery(-1), sendQuery(600), sendQuery(60, true)]) {
    expect((await refused).status).toBe(400);
  }
});
