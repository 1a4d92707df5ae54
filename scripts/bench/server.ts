/**
 * The server that is measured: the API and the website as `main.ts` starts them, in one process,
 * and beside them two bare routes that say what the machine can do at most.
 */
import { makeApp } from '../../api/src/app.ts';
import { readConfig } from '../../api/src/config.ts';
import type { Module } from '../../api/src/context.ts';
import { migrate } from '../../api/src/db/migrate.ts';
import { makeDeps } from '../../api/src/deps.ts';
import { readActor, readToken } from '../../api/src/http/session.ts';
import { loadWebsite } from '../../api/src/http/website.ts';
import { startTimers } from '../../api/src/jobs/timers.ts';
import { handlersOf, makeWorker } from '../../api/src/jobs/worker.ts';
import { modules } from '../../api/src/modules.ts';

/** `/bare` answers a constant; `/one-row` verifies the session and writes one durable row. */
const limits: Module = {
  name: 'limits',
  routes(app) {
    app.get('/bare', async () => ({ status: 'ok' }));
    app.post('/one-row', async (request) => {
      const actor = await readActor(request, readToken(request).token);
      const at = app.deps.clock.now();
      await app.deps.database.write((tx) =>
        tx
          .insertInto('outbox')
          .values({ topic: 'bench', payload: actor.account_id, created_at: at, delivered_at: at })
          .execute(),
      );
      return { status: 'ok' };
    });
  },
};

const config = readConfig();
const worker = makeWorker();
const deps = await makeDeps(config, worker);
await migrate(deps);
const website = config.website_build === null ? null : await loadWebsite(config.website_build);
const app = await makeApp(deps, [...modules, limits], website);
worker.start(deps, handlersOf(modules));
const timers = startTimers(
  deps,
  modules.flatMap((one) => one.sweepers ?? []),
);
await app.listen({ port: config.port, host: config.host });
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  void app
    .close()
    .then(() => timers.stop())
    .then(() => worker.stop())
    .then(() => deps.database.close());
});
