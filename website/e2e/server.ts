/** The built product on a data directory of its own, with a clock that a test may move forward. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoAt } from '@berth/shared/time';
import { makeApp } from '../../api/src/app.ts';
import { readConfig } from '../../api/src/config.ts';
import { migrate } from '../../api/src/db/migrate.ts';
import { joinDeps, makeDeps, makeIcp } from '../../api/src/deps.ts';
import { openWebsite } from '../../api/src/http/website-thread.ts';
import { startTimers } from '../../api/src/jobs/timers.ts';
import { handlersOf, makeWorker } from '../../api/src/jobs/worker.ts';
import { modules } from '../../api/src/modules.ts';
import { followIcp } from '../../api/src/modules/icp/index.ts';

const HOST = '127.0.0.1';
const port = Number(process.env['PORT']);
const data_dir = process.env['E2E_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'berth-e2e-'));

let ahead_ms = 0;
const nowMs = () => Date.now() + ahead_ms;
const clock = { nowMs, now: () => isoAt(nowMs()) };

const config = readConfig({
  PORT: String(port),
  HOST,
  PUBLIC_ORIGIN: `http://${HOST}:${port}`,
  DATA_DIR: data_dir,
  LOG_LEVEL: 'error',
  DEMO: process.env['E2E_DEMO'] ?? 'off',
  RATE_LIMITS: 'off',
  ICP_CANISTER: process.env['ICP_CANISTER'],
  ICP_HOST: process.env['ICP_HOST'],
});
const worker = makeWorker();
const made = await makeDeps(config, worker);
const deps = joinDeps({ ...made, clock }, made.database);
await migrate(deps);
const app = await makeApp(deps, modules, await openWebsite(config.website_build ?? '', deps.log));
worker.start(deps, handlersOf(modules));
const timers = startTimers(
  deps,
  modules.flatMap((one) => one.sweepers ?? []),
);
const icp = makeIcp(config);
const follower = icp && followIcp(deps, { port: icp, source: config.icp_canister ?? '' });
await app.listen({ port, host: HOST });

/** The next port moves the clock: `POST /3600000` puts it an hour forward. */
const control = createServer((request, reply) => {
  ahead_ms += Number(request.url?.slice(1));
  reply.end(clock.now());
}).listen(port + 1, HOST);

async function stop(): Promise<void> {
  control.close();
  await app.close();
  await timers.stop();
  await follower?.stop();
  await worker.stop();
  await deps.database.close();
  rmSync(data_dir, { recursive: true });
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
