/**
 * Fills an empty database with the demo marketplace: `node scripts/seed.ts`. With `--if-empty` a
 * database that has accounts is left as it is; without it, that is an error. Asks for DEMO=on,
 * which production refuses.
 */
import { readConfig } from '../api/src/config.ts';
import { migrate } from '../api/src/db/migrate.ts';
import { makeDeps } from '../api/src/deps.ts';
import { makeWorker } from '../api/src/jobs/worker.ts';
import { isStartError, startError } from '../api/src/lib/start-error.ts';
import { hasAccounts } from './seed/copy.ts';

const IN_USE = 'This database has accounts already; the demo marketplace wants an empty one.';

async function seed(if_empty: boolean): Promise<void> {
  const config = readConfig();
  if (!config.demo) throw startError('Set DEMO=on to fill a demo marketplace.');
  const deps = await makeDeps(config, makeWorker());
  try {
    await migrate(deps);
    if (await hasAccounts(deps.db)) {
      if (!if_empty) throw startError(IN_USE);
      return;
    }
    console.log('Filling the demo marketplace …');
    const { fillMarket } = await import('./seed/fill.ts');
    await fillMarket(deps);
  } finally {
    await deps.database.close();
  }
}

// A stop on the way leaves the database empty; ending by ourselves clears what was half played.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  await seed(process.argv.includes('--if-empty'));
} catch (error) {
  if (!isStartError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
