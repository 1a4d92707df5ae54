/** Drains the outbox of a database and is killed inside the handler of one row: `where` `n`. */
import { insertStreamEvents } from '../src/db/stream-events.ts';
import { drain } from '../src/jobs/worker.ts';
import { openBeside } from './harness.ts';

const [, , where = '', kill_at] = process.argv;
await drain(await openBeside(where), {
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
