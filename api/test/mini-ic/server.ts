import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Cbor } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { answerQuery } from './canister.ts';
import type { CanisterState } from './canister.ts';
import { hashOfMap, join, separator } from './hashes.ts';
import type { HashableMap } from './hashes.ts';
import { makeNetwork } from './network.ts';
import type { CertificateFault, NodeFault } from './network.ts';

/** What goes wrong from now on; a test sets it at any time. */
export interface Faults {
  node: NodeFault | null;
  certificate: CertificateFault | 'unavailable' | null;
  /** Answers the next so many requests with 503. */
  unavailable: number;
  /** Ends the next so many replies in their middle. */
  cut: number;
  /** How long each reply is held back. */
  slow_ms: number;
}

/** Enough of the Internet Computer's HTTP interface for the real agent, with one canister. */
export interface MiniIc {
  readonly canister: string;
  readonly origin: string;
  readonly state: CanisterState;
  readonly faults: Faults;
  /** How often each was asked: `status`, `query`, `read_state`. */
  readonly asked: Map<string, number>;
  close(): Promise<void>;
}

interface Options {
  bytes: Uint8Array;
  page_bytes?: number;
  port?: number;
  host?: string;
}

const PRODUCTION_CANISTER = 'ggi4a-wyaaa-aaaai-actqq-cai';
const PAGE_BYTES = 1_048_576;

export async function startMiniIc(options: Options): Promise<MiniIc> {
  const { bytes, page_bytes = PAGE_BYTES, port = 0, host = '127.0.0.1' } = options;
  const canister = Principal.fromText(PRODUCTION_CANISTER);
  const network = makeNetwork(canister);
  const state = { bytes, page_bytes };
  const faults: Faults = { node: null, certificate: null, unavailable: 0, cut: 0, slow_ms: 0 };
  const asked = new Map<string, number>();

  const answer = (path: string, body: Uint8Array): object => {
    const { name, of } = readPath(path);
    if (name === 'status') return { root_key: network.root_key, replica_health_status: 'healthy' };
    if (of !== canister.toText()) throw httpError(400, 'canister not found');
    const { content, request_id } = readRequest(body);
    if (name === 'read_state') {
      if (faults.certificate === 'unavailable') throw httpError(503, 'try again');
      return { certificate: network.certify(faults.certificate) };
    }
    const result = answerQuery(
      state,
      content['method_name'] as string,
      content['arg'] as Uint8Array,
    );
    const reply: HashableMap =
      'reply' in result
        ? { status: 'replied', reply: { arg: result.reply } }
        : { status: 'rejected', ...result };
    return network.signReply(reply, request_id, faults.node);
  };

  const server = createServer((request, response) => {
    const { name } = readPath(request.url ?? '');
    asked.set(name, (asked.get(name) ?? 0) + 1);
    respond(request, response, answer, faults).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const { port: opened } = server.address() as AddressInfo;
  return {
    canister: canister.toText(),
    origin: `http://${host}:${opened}`,
    state,
    faults,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `status`, or what is asked `of` a canister; the agent's versions differ in the number only. */
function readPath(path: string): { name: string; of: string | undefined } {
  const [, what = path, of, name] =
    /^\/api\/v\d\/(status|canister\/([a-z0-9-]+)\/(query|read_state))$/.exec(path) ?? [];
  return { name: name ?? what, of };
}

interface HttpError extends Error {
  status: number;
}

const httpError = (status: number, message: string): HttpError =>
  Object.assign(new Error(message), { status });

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string, body: Uint8Array) => object,
  faults: Faults,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (faults.slow_ms > 0)
    await new Promise((resolve) => setTimeout(resolve, faults.slow_ms).unref());
  if (faults.unavailable > 0) {
    faults.unavailable -= 1;
    response.writeHead(503).end('try again');
    return;
  }
  try {
    const reply = Cbor.encode(answer(request.url ?? '', Uint8Array.from(Buffer.concat(chunks))));
    const headers = { 'content-type': 'application/cbor', 'content-length': reply.length };
    response.writeHead(200, headers);
    if (faults.cut > 0) {
      faults.cut -= 1;
      response.write(reply.subarray(0, reply.length >> 1), () => response.destroy());
    } else response.end(reply);
  } catch (error) {
    const { status = 500, message } = error as Partial<HttpError>;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
  }
}

interface Envelope {
  content: HashableMap;
  sender_pubkey?: Uint8Array;
  sender_sig?: Uint8Array;
}

const MAX_EXPIRY_NS = 360_000_000_000n;

/** Checks the expiry and the sender as a replica does. */
function readRequest(body: Uint8Array): { content: HashableMap; request_id: Uint8Array } {
  const { content, sender_pubkey, sender_sig } = Cbor.decode<Envelope>(body);
  const request_id = hashOfMap(content);
  const left_ns = BigInt(content['ingress_expiry'] as bigint) - BigInt(Date.now()) * 1_000_000n;
  if (left_ns < 0n || left_ns > MAX_EXPIRY_NS) {
    throw httpError(400, `Invalid request expiry: ${left_ns} ns from now`);
  }
  const sender = Principal.fromUint8Array(content['sender'] as Uint8Array);
  if (sender.isAnonymous()) return { content, request_id };
  if (sender_pubkey === undefined || sender_sig === undefined) {
    throw httpError(400, 'Missing signature');
  }
  const of = Principal.selfAuthenticating(sender_pubkey);
  const key = createPublicKey({ key: Buffer.from(sender_pubkey), format: 'der', type: 'spki' });
  const signed = join(separator('ic-request'), request_id);
  if (of.toText() !== sender.toText() || !verify(null, signed, key, sender_sig)) {
    throw httpError(400, 'Invalid signature');
  }
  return { content, request_id };
}
