import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOffering, move, requestRental, rentalIn, viewOf } from '../../api/test/rental.ts';
import { serve, type Served } from '../../sdk/test/server.ts';
import { runIn, startIn } from './running.ts';

let served: Served;
let folder: string;
beforeAll(async () => {
  served = await serve({ live: true });
  folder = mkdtempSync(join(tmpdir(), 'berth-commands-'));
  await berth('renter', ['login', '--origin', served.origin], served.renter.phrase);
  await berth('provider', ['login', '--origin', served.origin], served.provider.phrase);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

const homeOf = (who: string) => join(folder, who);
const berth = (who: string, args: string[], input = '', more: NodeJS.ProcessEnv = {}) =>
  runIn(homeOf(who), args, input, more);
const json = <T>({ out }: { out: string }): T => JSON.parse(out) as T;

test('a token is made, asks, and asks no more once it is revoked', async () => {
  const create = ['tokens', 'create', 'books', '--permission', 'contracts.read', '--json'];
  const made = json<{ secret: string; token: { id: string } }>(await berth('renter', create));
  const env = { BERTH_TOKEN: made.secret, BERTH_ORIGIN: served.origin };
  expect((await berth('nobody', ['contracts', 'list'], '', env)).code).toBe(0);
  const listed = await berth('renter', ['tokens', 'list']);
  expect(listed.out).toContain(`${made.token.id}\tbooks\tcontracts.read`);
  expect(listed.out).not.toContain(made.secret);
  expect((await berth('renter', ['tokens', 'revoke', made.token.id])).code).toBe(0);
  const after = await berth('nobody', ['contracts', 'list'], '', env);
  expect(after.code).toBe(3);
  expect(after.out + after.err).not.toContain(made.secret);
});

test('a webhook is made, listed, tested and removed', async () => {
  const create = ['webhooks', 'create', 'https://hooks.example.com/berth', '--event'];
  const made = await berth('provider', [...create, 'contract.accept', '--json']);
  const { secret, webhook } = json<{ secret: string; webhook: { id: string } }>(made);
  expect(secret).toMatch(/^whsec_/);
  const listed = await berth('provider', ['webhooks', 'list']);
  expect(listed.out).toContain('https://hooks.example.com/berth\tcontract.accept\ton');
  expect((await berth('provider', ['webhooks', 'test', webhook.id])).code).toBe(0);
  expect((await berth('provider', ['webhooks', 'remove', webhook.id])).code).toBe(0);
  expect((await berth('provider', ['webhooks', 'list'])).out.trim()).toBe('');
});

test('a request is declined with its reason, and an extension takes both', async () => {
  const offering = await listOffering(served.provider);
  const { contract_id } = await requestRental(served.renter, offering);
  const declined = ['reject', contract_id, '--reason', 'Under repair', '--yes'];
  expect((await berth('provider', declined)).code).toBe(0);
  expect((await viewOf(served.renter, contract_id)).state).toBe('rejected');

  const running = await rentalIn('active', { ...served, offering });
  const proposed = await berth('renter', ['extend', running, '--hours', '3', '--yes']);
  expect(proposed.code).toBe(0);
  expect(proposed.err).toContain('More to pay: $59.76');
  expect((await berth('provider', ['extend', running, '--yes'])).code).toBe(0);
  expect((await viewOf(served.renter, running)).hours).toBe(27);
});

test('--wait says the contract first, ends as it ends, and Ctrl+C stops it', async () => {
  const { id } = await listOffering(served.provider);
  const rent = ['rent', id, '--hours', '2', '--yes', '--wait'];
  const start = async () => {
    const child = startIn(homeOf('renter'), rent);
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    const find = () => /^[0-9a-f]{64}$/m.exec(said)?.[0];
    await expect.poll(find, { timeout: 10_000 }).toBeDefined();
    return { child, contract_id: find() ?? '' };
  };
  const refused = await start();
  const ended = once(refused.child, 'exit');
  await move(served.provider, refused.contract_id, 'reject');
  expect((await ended)[0]).toBe(8);
  const stopped = await start();
  stopped.child.kill('SIGINT');
  expect((await once(stopped.child, 'exit'))[0]).toBe(130);
  expect((await viewOf(served.renter, stopped.contract_id)).state).toBe('pending');
});

test('offerings are edited field by field, and a name that is none changes nothing', async () => {
  const { id } = await listOffering(served.provider, { title: 'Before' });
  const edit = ['offerings', 'edit', id, '--yes', '--json'];
  const changed = await berth('provider', edit, '{"title":"After","stock":2}');
  expect(json(changed)).toMatchObject({ title: 'After', stock: 2, city: 'Amsterdam' });
  expect(changed.err).toContain('title: "Before" -> "After"');
  for (const wrong of ['{"pirce_e9s":"1"}', '[1]', 'no', '{"state":"listed"}']) {
    expect((await berth('provider', edit, wrong)).code).toBe(2);
  }
  const silent = await berth('provider', ['offerings', 'edit', id], '{"stock":1}');
  expect(silent.code).toBe(2);
  expect((await berth('renter', edit, '{"stock":1}')).code).toBe(4);
});

test('offerings that were exported are imported again, and a bad row imports nothing', async () => {
  await listOffering(served.provider, { title: 'Of a file', reference: 'file-1' });
  const file = join(folder, 'offerings.csv');
  const { out } = await berth('provider', ['offerings', 'export']);
  writeFileSync(file, out.replaceAll('Of a file', 'Of a newer file'));
  const preview = await berth('provider', ['offerings', 'import', file]);
  expect(preview.code).toBe(2);
  expect((await berth('provider', ['offerings', 'list'])).out).not.toContain('newer');
  expect((await berth('provider', ['offerings', 'import', file, '--yes'])).code).toBe(0);
  expect((await berth('provider', ['offerings', 'list'])).out).toContain('Of a newer file');
  writeFileSync(file, out.replaceAll('USD', 'ZZZ'));
  const bad = await berth('provider', ['offerings', 'import', file, '--yes']);
  expect(bad.code).toBe(1);
  expect(bad.err).toMatch(/^Row \d+, currency: /m);
});
