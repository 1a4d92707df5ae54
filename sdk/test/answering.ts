import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server that answers as it is told, one after another. */
export async function answering(
  ...answers: ((reply: ServerResponse, ask: IncomingMessage) => void)[]
) {
  const asked: IncomingMessage[] = [];
  const server = createServer((ask, reply) => {
    asked.push(ask);
    const answer = answers[asked.length - 1];
    if (answer) answer(reply, ask);
    else reply.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => (server.closeAllConnections(), server.close()));
  return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
export const json = (status: number, body: object) => (reply: ServerResponse) =>
  void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
