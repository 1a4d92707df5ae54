/** Drains the outbox of a database and is killed inside the handler of one row: `where` `n`. */
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open.ts';
import { insertStreamEvents } from '../src/db/stream-events.ts';
import { joinDeps, makeLog } from '../src/deps.ts';
import { drain, makeWorker } from '../src/jobs/worker.ts';
import { realClock } from '../src/lib/clock.ts';
import { makeHub } from '../src/lib/hub.ts';
import { makeServiceKey } from '../src/lib/service-key.ts';

const [, , where = '', kill_at] = process.argv;
const log = makeLog('silent');
const onLostWrite = () => process.exit(1);
const database = await openDatabase(where, { log, onLostWrite });
const serviceKey = makeServiceKey('5e'.repeat(32));
const tools = { config: readConfig({}), clock: realClock, log, serviceKey, hub: makeHub() };
await drain(joinDeps({ ...tools, worker: makeWorker() }, database), {
  news: [
    async ({ tx, clock }, payload) => {
      const { n } = payload as { n: number };
      const event = { account_id: 'acc', topic: 'contract', subject_id: String(n) } as const;
      await insertStreamEvents(tx, [{ ...event, created_at: clock.now() }]);
      if (String(n) === kill_at) process.kill(process.pid, 'SIGKILL');
      return [];
    },
  ],
});
