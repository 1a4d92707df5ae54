/**
 * Imports a chain's file and is killed in a transaction, before its commit: `where` `file` `n` is
 * the database, the blocks and the number of the write.
 */
import { makeFileIcp } from '../src/adapters/icp-file/index.ts';
import { importIcp } from '../src/modules/icp-import/index.ts';
import { openBeside } from './harness.ts';

const PAGE_BYTES = 700;
const [, , where = '', file = '', kill_at = ''] = process.argv;
const deps = await openBeside(where);
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
await deps.close();
process.exitCode = outcome === 'done' ? 0 : 1;
