/** The index in a thread of its own, with its own connection: main.ts talks to it by messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { isProblem } from '@berth/shared/problems';
import { openDatabase } from '../db/open.ts';
import type { ErrorLog } from '../lib/shown.ts';
import { countEntered } from './entered.ts';
import { makeEngine } from './engine.ts';
import { makeFollower } from './follow.ts';
import type { Asked, Said } from './thread.ts';

/** How often it looks for news, and comes round to a few of all offerings. */
const POLL_MS = 100;

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread');
const say = (said: Said) => {
  port.postMessage(said);
};

const engine = makeEngine();
const { where } = workerData as { where: string };
const database = await openDatabase(where, {
  log: pino({ level: 'silent' }),
  onLostWrite(error) {
    throw error;
  },
});
const log: ErrorLog = {
  error({ err }, message) {
    say({ failed: err, message });
  },
};
const follower = makeFollower({ db: database.read, log }, engine);
const started_ms = performance.now();
await follower.build();
const built_in_ms = Math.round(performance.now() - started_ms);

async function answer({ name, ask, now_ms }: Asked): Promise<unknown> {
  switch (name) {
    case 'search':
      return engine.search(ask, now_ms);
    case 'facets':
      return engine.facets(ask, now_ms);
    case 'entered':
      return countEntered({ db: database.read }, ask, now_ms);
    case 'complete':
      return engine.complete(ask);
    case 'position':
      return engine.position(ask, now_ms);
    case 'featured':
      return engine.featured(ask);
    case 'refresh':
      return follower.refresh(ask);
    case 'stats':
      return { offerings: engine.size(), bytes: engine.bytes(), built_in_ms };
  }
}

port.on('message', (asked: Asked) => {
  answer(asked).then(
    (value) => {
      say({ id: asked.id, value });
    },
    (error: unknown) => {
      const problem = isProblem(error) ? error.problem : null;
      say({ id: asked.id, problem, error: problem === null ? error : null });
    },
  );
});

/** A database that does not answer now may answer the next time. */
async function look(): Promise<void> {
  try {
    await follower.catchUp();
    await follower.comeRound();
  } catch (error) {
    say({ failed: error, message: 'the search index could not look for news; trying again' });
  }
  setTimeout(() => void look(), POLL_MS);
}

say({ ready: { offerings: engine.size(), built_in_ms } });
void look();
