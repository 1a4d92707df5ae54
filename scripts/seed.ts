/**
 * Fills an empty database with the demo marketplace: `node scripts/seed.ts`. With `--if-empty` a
 * database that has accounts is left as it is; without it, that is an error. Asks for DEMO=on,
 * which production refuses.
 *
 * `npm run seed -- --offerings 1000000` instead fills an empty database with a market of that
 * size, for measuring; the same one each time. Its providers' keys can be read here, so production
 * refuses it too.
 */
import { counted } from '@berth/shared/count';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../api/src/config.ts';
import { migrate } from '../api/src/db/migrate.ts';
import { DATABASE_FILE, openDeps } from '../api/src/deps.ts';
import { isStartError, startError } from '../api/src/lib/start-error.ts';
import { takesTestCards } from './lib/demo.ts';
import { hasAccounts } from './seed/copy.ts';

const IN_USE = 'This database has accounts already; a seeded marketplace wants an empty one.';
const MOST = 5_000_000;
const HOW_MANY = `--offerings takes a whole number from 1 to ${MOST.toLocaleString('en')}.`;

async function seedDemo(if_empty: boolean): Promise<void> {
  if (takesTestCards(process.env)) process.env['PAYMENTS'] = 'balance';
  const config = readConfig();
  if (!config.demo) throw startError('Set DEMO=on to fill a demo marketplace.');
  const deps = await openDeps({ config });
  try {
    await migrate(deps);
    if (await hasAccounts(deps.db)) {
      if (!if_empty) throw startError(IN_USE);
      return;
    }
    console.log('Filling the demo marketplace …');
    const { fillMarket } = await import('./seed/fill.ts');
    await fillMarket(deps);
    await deps.database.analyze();
  } finally {
    await deps.close();
  }
}

async function seedLarge(offerings: number): Promise<void> {
  const config = readConfig();
  if (config.production) throw startError('A large market is not for NODE_ENV=production.');
  if (config.database_url !== null) {
    throw startError('A large market is made in SQLite; leave DATABASE_URL out.');
  }
  if (!(offerings >= 1 && offerings <= MOST)) throw startError(HOW_MANY);
  const deps = await openDeps({ config });
  try {
    await migrate(deps);
    if (await hasAccounts(deps.db)) throw startError(IN_USE);
  } finally {
    await deps.close();
  }
  const { fillLargeMarket, SEED } = await import('./seed/large/fill.ts');
  const started = performance.now();
  const file = join(config.data_dir, DATABASE_FILE);
  await fillLargeMarket(file, { offerings, seed: SEED, now_ms: deps.clock.nowMs() });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${counted(offerings, 'offering')} in ${seconds} s`);
}

// A stop on the way leaves the database empty; ending by ourselves clears what was half played.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: { 'if-empty': { type: 'boolean', default: false }, offerings: { type: 'string' } },
});
try {
  if (values.offerings === undefined) await seedDemo(values['if-empty']);
  else await seedLarge(/^\d+$/.test(values.offerings) ? Number(values.offerings) : NaN);
} catch (error) {
  if (!isStartError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
