/** Pays what is due and is killed around one of its calls: `where` `address` `now` `n` `when`. */
import { fixedClock } from '../src/lib/clock.ts';
import { runEffects } from '../src/jobs/effects.ts';
import { openBeside } from './harness.ts';
import { makePayments } from './payments.ts';

const [, , where = '', address = '', now, kill_at, when] = process.argv;
let calls = 0;
const count = () => {
  calls += 1;
  if (String(calls) === kill_at) process.kill(process.pid, 'SIGKILL');
};
const deps = await openBeside(where, { clock: fixedClock(now) });
await runEffects(makePayments(address, when === 'before' ? { before: count } : { after: count }))(
  deps,
);
