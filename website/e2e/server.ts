/** The built product on a data directory of its own, with a clock that a test may move forward. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoAt } from '@berth/shared/time';
import { openBerth } from '../../api/src/berth.ts';
import { readConfig } from '../../api/src/config.ts';
import { freePort } from '../../api/test/port.ts';
import { openStripe } from '../../api/test/stripe/server.ts';
import type { Forward, Opened } from './berth.ts';

const HOST = '127.0.0.1';
const port = await freePort();
const origin = `http://${HOST}:${port}`;
const data_dir = mkdtempSync(join(tmpdir(), 'berth-e2e-'));

let ahead_ms = 0;
const nowMs = () => Date.now() + ahead_ms;
const clock = { nowMs, now: () => isoAt(nowMs()) };

/** A test asks for cards by the name of who takes them. */
const takesCards = process.env['STRIPE'] === 'stand-in';
const keys = { secret_key: 'sk_test_0123456789', webhook_secret: 'whsec_0123456789' };
const stripe = takesCards
  ? await openStripe({
      ...keys,
      webhook_url: () => `${origin}/api/v1/payments/stripe/events`,
      nowMs,
    })
  : null;

const config = readConfig({
  DEMO: 'off',
  ...(stripe && {
    STRIPE_SECRET_KEY: keys.secret_key,
    STRIPE_WEBHOOK_SECRET: keys.webhook_secret,
    STRIPE_API_BASE: stripe.origin,
  }),
  ...process.env,
  PORT: String(port),
  HOST,
  PUBLIC_ORIGIN: origin,
  DATA_DIR: data_dir,
  LOG_LEVEL: 'error',
  RATE_LIMITS: 'off',
});
const { app, deps, start, close } = await openBerth({ config, clock, checkpoints_apart: true });
await start();
await app.listen({ port, host: HOST });
// Until the index is built, a search is told to come again.
while ((await deps.search.stats().catch(() => null)) === null);

async function stop(): Promise<void> {
  await close();
  await stripe?.close();
  rmSync(data_dir, { recursive: true });
  process.exit(0);
}
process.on('message', ({ forward_ms }: Forward) => {
  ahead_ms += forward_ms;
  process.send?.(clock.now());
});
// A signal is for whom it works; it ends when that one has stopped it, or is gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => void stop());
process.send?.({ origin, data_dir } satisfies Opened);
