/** The built product in a process of its own, which ends with the one that started it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a server says of itself when it is open. */
export interface Opened {
  origin: string;
  data_dir: string;
}

/** What a server is told: to move its clock forward. It answers when that is done. */
export interface Forward {
  forward_ms: number;
}

export interface Berth extends Opened {
  /** Moves its clock. */
  forward(ms: number): Promise<void>;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server on its own data and port, with these settings beside those of every test. */
export async function startBerth(settings: Record<string, string> = {}): Promise<Berth> {
  const child = fork(join(import.meta.dirname, 'server.ts'), {
    env: { ...process.env, ...settings },
    execArgv: [],
  });
  const ended = once(child, 'exit');
  const answer = async <T>(): Promise<T> => {
    const said = await Promise.race([
      once(child, 'message') as Promise<[T]>,
      ended.then(() => null),
    ]);
    if (said === null) throw new Error('The server of the tests has ended');
    return said[0];
  };
  return {
    ...(await answer<Opened>()),
    async forward(ms) {
      child.send({ forward_ms: ms } satisfies Forward);
      await answer();
    },
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}
