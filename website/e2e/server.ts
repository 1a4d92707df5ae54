/** The built product on a data directory of its own, with a clock that a test may move forward. */
import { mkdtempSync, rmSync } from 'node:fs';
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
import { freePort } from '../../api/test/port.ts';
import type { Forward, Opened } from './berth.ts';

const HOST = '127.0.0.1';
const port = await freePort();
const origin = `http://${HOST}:${port}`;
const data_dir = mkdtempSync(join(tmpdir(), 'berth-e2e-'));

let ahead_ms = 0;
const nowMs = () => Date.now() + ahead_ms;
const clock = { nowMs, now: () => isoAt(nowMs()) };

const config = readConfig({
  DEMO: 'off',
  ...process.env,
  PORT: String(port),
  HOST,
  PUBLIC_ORIGIN: origin,
  DATA_DIR: data_dir,
  LOG_LEVEL: 'error',
  RATE_LIMITS: 'off',
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

async function stop(): Promise<void> {
  await app.close();
  await timers.stop();
  await follower?.stop();
  await worker.stop();
  await deps.database.close();
  rmSync(data_dir, { recursive: true });
  process.exit(0);
}
process.on('message', ({ forward_ms }: Forward) => {
  ahead_ms += forward_ms;
  process.send?.(clock.now());
});
// Who started it has stopped it, or is gone.
process.on('disconnect', () => void stop());
process.send?.({ origin, data_dir } satisfies Opened);
