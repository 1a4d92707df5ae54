/** The website, in a thread of its own: `website-thread.ts` hands it requests over a socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareWebsiteEnvironment, WEBSITE_VISIT_HEADER } from '../config.ts';
import type { Answered, Asked, ThreadData } from './website-thread.ts';
import type { ApiAnswer, Inject } from './website.ts';

/** What the website's build exports: the handler of a plain node server. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Linux takes this for the thread alone: when both have work, the API goes first. Of a core that is
 * all taken it leaves a tenth, so that no flood of the API ends the pages.
 */
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

const port = parentPort;
if (port === null) throw new Error('website-worker.ts runs in a worker thread');
const { handler_url, socket } = workerData as ThreadData;
prepareWebsiteEnvironment();
const { handler } = (await import(handler_url)) as { handler: Handler };

const waiting = new Map<number, (answer: ApiAnswer) => void>();
let count = 0;

port.on('message', ({ id, answer }: Answered) => {
  waiting.get(id)?.(answer);
  waiting.delete(id);
});

const injectFor =
  (visit: number): Inject =>
  (address, init = {}) =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      port.postMessage({ id: count, visit, address, init } satisfies Asked);
    });

const server = createServer((request, response) => {
  const visit = Number(request.headers[WEBSITE_VISIT_HEADER]);
  Object.assign(request, { berth: { inject: injectFor(visit) } });
  handler(request, response, () => response.writeHead(404).end());
});
// Who keeps connections to it is one agent, which ends them itself.
server.keepAliveTimeout = 0;
server.listen(socket, () => port.postMessage('ready'));
