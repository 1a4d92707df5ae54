/**
 * `make test`: climbs every rung, two at a time, goes on after a failure and counts in the last
 * line.
 * `node scripts/test.ts lint types` runs the rungs whose names start so.
 */
import { climbAll } from './lib/climb.ts';
import { allRungs } from './lib/rungs.ts';

const wanted = process.argv.slice(2);
const chosen = (await allRungs()).filter(
  ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
);
const { passed, failed } = await climbAll(chosen);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
