/**
 * Sends to addresses that strangers have named, without letting them reach what only this machine
 * can: the name is resolved here, each address it has is held against the whole table of what is
 * not public, and the connection goes to an address that was checked, by its number.
 */
import { Resolver } from 'node:dns/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { SECOND_MS } from '@berth/shared/time';
import { isPublicAddress } from '../../lib/public-address.ts';
import { bareHost, findLoopback, HTTPS_PORT, refusalOfWebhook } from '../../lib/webhook-address.ts';
import type { WebhookAsk, WebhookPort, WebhookReply } from '../../ports/webhooks.ts';

const TIME_LIMIT_MS = 15 * SECOND_MS;
/** What of an answer is read at all, and what is kept of it. */
const MAX_READ_BYTES = 65_536;
const MAX_KEPT_CHARS = 2_048;
const MAX_HEADER_BYTES = 16_384;

/** Where a connection goes: an address that was checked, never a name. */
export interface Target {
  address: string;
  port: number;
  /** The name in the certificate; null where nothing is encrypted. */
  servername: string | null;
}

export interface SenderOptions {
  /** Whether http to this very machine is taken, for demos and tests. */
  loopback: boolean;
  /** Instead of the name servers. */
  resolve?: (name: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Instead of the system's, as `127.0.0.1:53`. */
  name_servers?: readonly string[];
  /** Instead of the network. */
  connect?: (target: Target) => Duplex;
  time_limit_ms?: number;
}

/** A question that no name server answers is asked twice, so that it is over in good time. */
const QUESTION = { timeout: 3 * SECOND_MS, tries: 2 };

/**
 * The addresses of a name, by the name servers themselves: the system's `getaddrinfo` has a few
 * threads for all of this process, and whoever's name is never answered would keep them all.
 */
const resolveBy =
  (name_servers: readonly string[] | null) =>
  async (name: string, signal: AbortSignal): Promise<readonly string[]> => {
    const resolver = new Resolver(QUESTION);
    if (name_servers !== null) resolver.setServers(name_servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    signal.removeEventListener('abort', cancel);
    const found = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const [failed] = asked.filter((one) => one.status === 'rejected');
    if (found.length === 0 && failed !== undefined) throw failed.reason as Error;
    return found;
  };

const connectByNetwork = ({ address: host, port, servername }: Target): Duplex =>
  servername === null
    ? connectPlain({ host, port })
    : connectTls({ host, port, ...(isIP(servername) === 0 && { servername }) });

export function makeWebhookSender({
  loopback,
  name_servers,
  resolve = resolveBy(name_servers ?? null),
  connect = connectByNetwork,
  time_limit_ms = TIME_LIMIT_MS,
}: SenderOptions): WebhookPort {
  /** An address of the name, all of which must be public. */
  async function findTarget(url: URL, signal: AbortSignal): Promise<Target | string> {
    const own = loopback ? findLoopback(url) : null;
    if (own !== null) return { ...own, servername: null };
    const name = bareHost(url);
    const addresses = isIP(name) === 0 ? await resolve(name, signal) : [name];
    const [address] = addresses;
    if (address === undefined) return 'The name has no address';
    if (!addresses.every(isPublicAddress)) return 'The name leads to what is not public';
    return { address, port: Number(url.port || HTTPS_PORT), servername: name };
  }

  async function send({ url: text, headers, body }: WebhookAsk, signal: AbortSignal) {
    const refusal = refusalOfWebhook(text, loopback);
    if (refusal !== null) return noReply(refusal);
    const url = new URL(text);
    const target = await untilAborted(findTarget(url, signal), signal);
    if (typeof target === 'string') return noReply(target);
    signal.throwIfAborted();
    const reply = await exchange(url, { headers, body }, () => connect(target), signal);
    const kept = await readText(reply);
    const { statusCode: status = 0 } = reply;
    const isMoved = status >= 300 && status < 400;
    return { status, text: isMoved ? `Redirects are not followed. ${kept}` : kept };
  }

  return {
    async post(ask, outer) {
      const started_ms = performance.now();
      const signal = AbortSignal.any([outer, AbortSignal.timeout(time_limit_ms)]);
      const reply = await send(ask, signal).catch((error: unknown) =>
        noReply(whyOf(error, signal)),
      );
      return { ...reply, ms: Math.round(performance.now() - started_ms) };
    },
  };
}

const noReply = (text: string): Omit<WebhookReply, 'ms'> => ({ status: null, text });

const whyOf = (error: unknown, signal: AbortSignal): string =>
  signal.aborted
    ? 'There was no whole answer in time'
    : `There was no answer: ${error instanceof Error ? error.message : String(error)}`;

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const abort = () => late.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** One request on a connection of its own. */
function exchange(
  url: URL,
  { headers, body }: Pick<WebhookAsk, 'headers' | 'body'>,
  open: () => Duplex,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request({
    method: 'POST',
    path: url.pathname + url.search,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
    maxHeaderSize: MAX_HEADER_BYTES,
    // Without an agent, which would connect by itself.
    createConnection: open,
    signal,
  });
  asked.on('response', resolve);
  asked.on('error', reject);
  asked.end(body);
  return promise;
}

/** The beginning of an answer; the rest is not read, and the connection ends. */
async function readText(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of reply as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= MAX_READ_BYTES) break;
    }
  } finally {
    reply.destroy();
    reply.socket.destroy();
  }
  return Buffer.concat(parts).toString('utf8').slice(0, MAX_KEPT_CHARS);
}
