import { demoWelcome } from '@berth/shared/platform/demo';
import { openBerth } from './berth.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { isStartError } from './lib/start-error.ts';

/** After this long a stop no longer waits for what is under way. */
const STOP_TIMEOUT_MS = 10_000;

async function start(config: Config): Promise<void> {
  const berth = await openBerth({ config, checkpoints_apart: true });
  await berth.start();
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    berth.deps.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    await berth.close();
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  await berth.app.listen({ port: config.port, host: config.host });
  process.stdout.write(`Berth is open at ${config.public_origin}\n`);
  if (config.demo) process.stdout.write(`${demoWelcome(config.public_origin)}\n`);
}

try {
  await start(readConfig());
} catch (error) {
  const { code, port } = error as { code?: string; port?: number };
  const taken = `PORT is ${String(port)}, but another program listens there; choose another.`;
  if (code === 'EADDRINUSE') process.stderr.write(`${taken}\n`);
  else if (isStartError(error)) process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exit(1);
}
