import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { endpoints } from '@berth/shared/endpoints';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { makeApp } from '../api/src/app.ts';
import { loadServiceKey } from '../api/src/lib/service-key.ts';
import { modules } from '../api/src/modules.ts';
import { contractEvidence } from '../api/src/modules/evidence/index.ts';
import { makeTestApp, openBeside, testDialect, type TestApp } from '../api/test/harness.ts';
import { send, signIn, signUp } from '../api/test/people.ts';
import { listOffering, move, requestRental } from '../api/test/rental.ts';
import { run } from './lib/run.ts';

/** The key that tests sign with. */
const SECRET = '5e'.repeat(32);

let t: TestApp;
let data_dir: string;
beforeAll(async () => {
  t = await makeTestApp();
  data_dir =
    testDialect === 'postgres' ? mkdtempSync(join(tmpdir(), 'berth-key-')) : join(t.where, '..');
  writeFileSync(join(data_dir, 'service.key'), `${SECRET}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await t.close();
  if (testDialect === 'postgres') rmSync(data_dir, { recursive: true });
});

const rotate = () =>
  run(['node', 'scripts/admin.ts', 'rotate-service-key'], {
    env: { DATA_DIR: data_dir, ...(testDialect === 'postgres' ? { DATABASE_URL: t.where } : {}) },
  });

test('a replaced service key keeps old logs, signs new entries, and ends the sessions', async () => {
  // The command dates the new key by the machine's clock, so the test's follows it.
  t.clock.advance(Date.now() - t.clock.nowMs());
  const provider = await signUp(t, 'harbour');
  const renter = await signUp(t, 'sailor');
  const offering = await listOffering(provider);
  const { contract_id } = await requestRental(renter, offering);
  const { code, output } = await rotate();
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^The service key is [0-9a-f]{64} now/),
  ]);
  t.clock.advance(Date.now() - t.clock.nowMs());

  const serviceKey = loadServiceKey(data_dir);
  expect(serviceKey.public_key).not.toBe(t.deps.serviceKey.public_key);
  const deps = await openBeside(t.where, { serviceKey, clock: t.clock, config: t.deps.config });
  const app = await makeApp(deps, modules);
  const server = { app, clock: t.clock };
  const { headers } = renter;
  const reply = await send(server, endpoints.accounts.me, {}, { headers });
  expect(reply.problem().code).toBe('session.expired');
  const [back, again] = [await signIn(server, renter), await signIn(server, provider)];
  await move(again, contract_id, 'reject');
  const later = await requestRental(back, offering);

  const { items } = await back.ask(endpoints.platform.keys, {});
  expect(items.map(({ record }) => record.key)).toEqual([
    t.deps.serviceKey.public_key,
    serviceKey.public_key,
  ]);
  const known = { service_keys: [serviceKey.public_key], now: t.clock.now() };
  for (const id of [contract_id, later.contract_id]) {
    const evidence = await contractEvidence(deps, id);
    expect(await verifyEvidence(evidence, verifyEd25519Node, known)).toMatchObject({ ok: true });
    const unlinked = { ...evidence, service_keys: evidence?.service_keys.slice(1) };
    expect(await verifyEvidence(unlinked, verifyEd25519Node, known)).toMatchObject({ ok: false });
  }
  await app.close();
  await deps.close();
});
