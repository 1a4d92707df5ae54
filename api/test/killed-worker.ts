/** Drains the outbox of a database and is killed inside the handler of one row: `where` `n`. */
import { insertStreamEvents } from '../src/db/stream-events.ts';
import { drain } from '../src/jobs/worker.ts';
import { openBeside } from './harness.ts';

const [, , where = '', kill_at] = process.argv;
await drain(await openBeside(where), [
  {
    name: 'teller',
    handlers: {
      async 'contract.moved'({ tx, clock }, { seq }) {
        const event = { account_id: 'teller', topic: 'contract', subject_id: String(seq) } as const;
        await insertStreamEvents(tx, [{ ...event, created_at: clock.now() }]);
        if (String(seq) === kill_at) process.kill(process.pid, 'SIGKILL');
        return [];
      },
    },
  },
]);
