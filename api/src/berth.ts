import type { FastifyInstance } from 'fastify';
import { makeApp } from './app.ts';
import type { Deps, Module } from './context.ts';
import { migrate } from './db/migrate.ts';
import { PROJECTION } from './db/projections.ts';
import { beginServiceKey, isPresentKey } from './db/service-keys.ts';
import { openDeps, type DepsOptions } from './deps.ts';
import { openWebsite } from './http/website-thread.ts';
import type { Website } from './http/website.ts';
import { erasers } from './jobs/erase.ts';
import { forget, sweepDue } from './jobs/due.ts';
import { runEffects } from './jobs/effects.ts';
import { startTimers, sweep } from './jobs/timers.ts';
import { consumersOf, drain, makeWorker, refuseTwice } from './jobs/worker.ts';
import { modules as allModules } from './modules.ts';
import { followIcp } from './modules/icp/index.ts';

export interface BerthOptions extends DepsOptions {
  /** Instead of all modules of the API. */
  modules?: readonly Module[];
  /** Instead of the built one that the settings name. */
  website?: Website;
}

export interface Berth {
  readonly app: FastifyInstance;
  readonly deps: Deps;
  /** Lets consumers of the outbox go on until none can; answers how many rows they passed. */
  drain(): Promise<number>;
  /** Does once what is due in every module; answers how much it was. */
  sweep(): Promise<number>;
  /** Does both by itself from now on, erases what is old, and follows the chain. */
  start(): Promise<void>;
  /** Ends what was started, each after the request or transaction under way. */
  close(): Promise<void>;
}

/** A process whose key was replaced signs nothing more: it stops, to start with the new one. */
async function stopWhenReplaced({ db, serviceKey, log }: Deps): Promise<number> {
  if (await isPresentKey(db, serviceKey)) return 0;
  log.fatal('the service key was replaced; stopping');
  process.kill(process.pid, 'SIGTERM');
  return 1;
}

/** The one assembly of all there is, for whoever serves it; throws a StartError. */
export async function openBerth(options: BerthOptions): Promise<Berth> {
  const { config, modules = allModules } = options;
  const worker = makeWorker();
  const deps = await openDeps({ ...options, worker });
  const ran = await migrate(deps);
  if (ran > 0) deps.log.info({ ran }, 'brought the tables up to date');
  const { website_build } = config;
  const website =
    options.website ?? (website_build === null ? null : await openWebsite(website_build, deps.log));
  const app = await makeApp(deps, modules, website);
  const consumers = consumersOf(modules);
  const due = modules.flatMap((one) => one.due ?? []);
  const effects = modules.flatMap((one) => one.effects ?? []);
  refuseTwice('kind of work', [PROJECTION, ...[...due, ...effects].map(({ kind }) => kind)]);
  const sweepers = [...due.map(sweepDue), ...modules.flatMap((one) => one.sweepers ?? [])];
  const runners = effects.map(runEffects);
  const running: { stop(): Promise<void> }[] = [];
  return {
    app,
    deps,
    drain: () => drain(deps, consumers),
    sweep: () => sweep(deps, [...sweepers, ...runners]),
    async start() {
      await deps.write(({ tx }) => beginServiceKey(tx, deps.serviceKey));
      worker.start(deps, consumers);
      // The port opens at once; the index is built meanwhile.
      deps.search.stats().catch(() => undefined);
      const timed = [...sweepers, forget(due), ...erasers, stopWhenReplaced];
      // What is slow outside keeps nothing else, nor another kind of effect.
      for (const some of [timed, ...runners.map((one) => [one])]) {
        running.push(startTimers(deps, some));
      }
      const { icp: port } = deps.ports;
      const source = config.icp_canister ?? '';
      if (port !== null) running.push(followIcp(deps, { port, source }));
      running.push(worker);
    },
    async close() {
      await app.close();
      await Promise.all(running.map((one) => one.stop()));
      await deps.close();
    },
  };
}
