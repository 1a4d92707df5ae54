/**
 * Imports a chain's file and is killed in a transaction, before its commit: `where` `file` `n` is
 * the database, the blocks and the number of the write.
 */
import { makeFileIcp } from '../src/adapters/icp-file/index.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open.ts';
import { joinDeps, makeLog } from '../src/deps.ts';
import { makeWorker } from '../src/jobs/worker.ts';
import { realClock } from '../src/lib/clock.ts';
import { makeHub } from '../src/lib/hub.ts';
import { makeServiceKey } from '../src/lib/service-key.ts';
import { importIcp } from '../src/modules/icp/index.ts';

const PAGE_BYTES = 700;
const [, , where = '', file = '', kill_at = ''] = process.argv;
const log = makeLog('silent');
const database = await openDatabase(where, { log, onLostWrite: () => process.exit(1) });
const serviceKey = makeServiceKey('5e'.repeat(32));
const tools = { config: readConfig({}), clock: realClock, log, serviceKey, hub: makeHub() };
const deps = joinDeps({ ...tools, worker: makeWorker() }, database);
let writes = 0;
const { outcome } = await importIcp(
  {
    ...deps,
    write: (work) =>
      deps.write(async (ctx) => {
        const value = await work(ctx);
        writes += 1;
        if (String(writes) === kill_at) process.kill(process.pid, 'SIGKILL');
        return value;
      }),
  },
  { port: makeFileIcp(file, PAGE_BYTES), source: file },
);
await database.close();
process.exitCode = outcome === 'done' ? 0 : 1;
