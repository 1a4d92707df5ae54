/** What answers carry: one place, for whatever makes them. */
import type { Socket } from 'node:net';
import { problem } from '@berth/shared/problems';
import type { Config } from '../config.ts';

const TWO_YEARS_S = 63_072_000;

/** Every answer, of pages too: it is kept by nobody and is what it says it is. */
export const answerHeaders = ({
  public_origin,
}: Pick<Config, 'public_origin'>): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  ...(public_origin.startsWith('https:') && {
    'strict-transport-security': `max-age=${TWO_YEARS_S}`,
  }),
});

/** What is data, never a page: nothing in it is run, shown in a frame or read by another site. */
export const DATA_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** Answers who sends what is no HTTP, or takes too long; such bytes reach no route. */
export function answerNoRequest(config: Pick<Config, 'public_origin'>) {
  const body = JSON.stringify(problem('request.malformed').problem);
  const headers = {
    ...answerHeaders(config),
    ...DATA_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const answer = ['HTTP/1.1 400 Bad Request', ...lines, '', body].join('\r\n');
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(answer);
  };
}
