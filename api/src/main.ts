import { demoWelcome } from '@berth/shared/platform/demo';
import { makeApp } from './app.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import type { Deps } from './context.ts';
import { migrate } from './db/migrate.ts';
import { beginServiceKey, isPresentKey } from './db/service-keys.ts';
import { makeDeps, makeIcp } from './deps.ts';
import { openWebsite } from './http/website-thread.ts';
import { erasers } from './jobs/erase.ts';
import { startTimers } from './jobs/timers.ts';
import { handlersOf, makeWorker } from './jobs/worker.ts';
import { isStartError } from './lib/start-error.ts';
import { modules } from './modules.ts';
import { followIcp } from './modules/icp/index.ts';

/** After this long a stop no longer waits for what is under way. */
const STOP_TIMEOUT_MS = 10_000;

/** A process whose key was replaced signs nothing more: it stops, to be started with the new one. */
async function stopWhenReplaced({ db, serviceKey, log }: Deps): Promise<number> {
  if (await isPresentKey(db, serviceKey)) return 0;
  log.fatal('the service key was replaced; stopping');
  process.kill(process.pid, 'SIGTERM');
  return 1;
}

async function start(config: Config): Promise<void> {
  const worker = makeWorker();
  const deps = await makeDeps(config, worker, { checkpoints_apart: true });
  const ran = await migrate(deps);
  if (ran > 0) deps.log.info({ ran }, 'brought the tables up to date');
  const build = config.website_build;
  const website = build === null ? null : await openWebsite(build, deps.log);
  await deps.write(({ tx }) => beginServiceKey(tx, deps.serviceKey));
  const app = await makeApp(deps, modules, website);
  worker.start(deps, handlersOf(modules));
  // The port opens at once; the index is built meanwhile.
  deps.search.stats().catch(() => undefined);
  const sweepers = modules.flatMap((one) => one.sweepers ?? []);
  const timers = startTimers(deps, [...sweepers, ...erasers, stopWhenReplaced]);
  const port = makeIcp(config);
  const follower = port && followIcp(deps, { port, source: config.icp_canister ?? '' });
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    deps.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    await app.close();
    await timers.stop();
    await follower?.stop();
    await worker.stop();
    await deps.search.close();
    await deps.database.close();
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  await app.listen({ port: config.port, host: config.host });
  process.stdout.write(`Berth is open at ${config.public_origin}\n`);
  if (config.demo) process.stdout.write(`${demoWelcome(config.public_origin)}\n`);
}

try {
  await start(readConfig());
} catch (error) {
  const { code, port } = error as { code?: string; port?: number };
  const taken = `PORT is ${String(port)}, but another program listens there; choose another.`;
  if (code === 'EADDRINUSE') process.stderr.write(`${taken}\n`);
  else if (isStartError(error)) process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exit(1);
}
