/**
 * A stand-in for Stripe over real HTTP, for tests and the demo: Checkout sessions with a page where
 * test cards are paid with, idempotency by Stripe's rules, signed events, and faults on order. The
 * shapes are those of Stripe's API reference; its official SDK is what talks to it.
 */
import { createHmac, hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkoutPage } from './page.ts';

const MAX_BODY = 64 * 1024;
const MS = 1_000;

/** What test cards come to: https://docs.stripe.com/testing. */
const testCards = {
  '4242424242424242': { does: 'pays' },
  '4000000000000002': { does: 'declines', code: 'card_declined', says: 'Your card was declined.' },
  '4000000000009995': {
    ...{ does: 'declines', code: 'insufficient_funds' },
    says: 'Your card has insufficient funds.',
  },
  '4000002500003155': { does: 'asks' },
} as const satisfies Record<string, { does: string; code?: string; says?: string }>;

export interface Session {
  id: string;
  url: string;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid';
  amount_total: number;
  currency: string;
  metadata: Record<string, string>;
  success_url: string;
  title: string;
  intent: { id: string; status: string; last_payment_error: { message: string } | null };
}

/** What goes wrong with the next request of the API; one that was done is done all the same. */
export type Fault = 'limited' | 'broken' | 'lost';

interface Options {
  secret_key: string;
  webhook_secret: string;
  /** Where events are sent; null sends none. */
  webhook_url?: () => string | null;
  /** Epoch milliseconds. */
  nowMs?: () => number;
  /** How often an event is sent; once, unless a test drops or doubles some. */
  copiesOf?: () => number;
}

/** An answer. */
interface Made {
  status: number;
  text: string;
}
interface Kept extends Made {
  request_hash: string;
}

export interface StripeStandIn {
  origin: string;
  sessions: Map<string, Session>;
  /** For the next requests, one each. */
  faults: Fault[];
  /** How many requests of the API there were. */
  count(): number;
  /** Makes a session paid, refused by the bank, on its way, or over. */
  settle(id: string, what: 'paid' | 'failed' | 'processing' | 'expired'): Promise<void>;
  /** Resolves once every event has been sent. */
  sent(): Promise<unknown>;
  close(): Promise<void>;
}

const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new Error('The body is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

const problem = (type: string, code: string, message: string) =>
  JSON.stringify({ error: { type, code, message } });

/** What one stand-in has. */
interface State {
  readonly options: Options;
  readonly origin: string;
  readonly sessions: Map<string, Session>;
  readonly kept: Map<string, Kept>;
  readonly faults: Fault[];
  readonly sending: Set<Promise<unknown>>;
  asked: number;
}

export async function openStripe(options: Options): Promise<StripeStandIn> {
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      response.writeHead(500).end(problem('api_error', 'broken', String(error)));
    });
  });
  server.listen(0, '127.0.0.1');
  // It keeps no process that has nothing else to do.
  server.unref();
  await once(server, 'listening');
  const state: State = {
    options,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions: new Map(),
    kept: new Map(),
    faults: [],
    sending: new Set(),
    asked: 0,
  };
  return {
    origin: state.origin,
    sessions: state.sessions,
    faults: state.faults,
    count: () => state.asked,
    settle: async (session_id, what) => settle(state, session_id, what),
    sent: () => Promise.all(state.sending),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', state.origin);
  if (pathname.startsWith('/pay/')) {
    return showPage(state, request, response, pathname.slice('/pay/'.length));
  }
  state.asked += 1;
  const body = await read(request);
  if (request.headers.authorization !== `Bearer ${state.options.secret_key}`) {
    const text = problem('invalid_request_error', 'api_key_invalid', 'No such key');
    return reply(response, { status: 401, text });
  }
  const fault = state.faults.shift();
  if (fault === 'limited') {
    const text = problem('invalid_request_error', 'rate_limit', 'Too many requests');
    return reply(response, { status: 429, text });
  }
  const key = request.headers['idempotency-key'];
  const act = () => actOn(state, request.method ?? '', pathname, body);
  const made = typeof key === 'string' ? actOnce(state, key, `${pathname}\n${body}`, act) : act();
  if (fault === 'lost') response.destroy();
  else if (fault !== 'broken') reply(response, made);
  else reply(response, { status: 500, text: problem('api_error', 'broken', 'Try again') });
}

/** The same key with the same request is answered as before; with another it is refused. */
function actOnce({ kept }: State, key: string, request: string, act: () => Made): Made {
  const request_hash = hash('sha256', request);
  const before = kept.get(key);
  if (before !== undefined && before.request_hash !== request_hash) {
    return { status: 400, text: problem('idempotency_error', 'idempotency_error', 'Another') };
  }
  const made = before ?? { request_hash, ...act() };
  kept.set(key, made);
  return made;
}

function actOn(state: State, method: string, pathname: string, body: string): Made {
  if (method === 'POST' && pathname === '/v1/checkout/sessions') {
    return create(state, new URLSearchParams(body));
  }
  const [session_id = '', act] = pathname.replace('/v1/checkout/sessions/', '').split('/');
  const session = state.sessions.get(session_id);
  if (method === 'POST' && act === 'expire' && session !== undefined) {
    if (session.status === 'open') settle(state, session_id, 'expired');
    else {
      const said = `Only open sessions can be expired, and this one is ${session.status}`;
      return { status: 400, text: problem('invalid_request_error', 'not_open', said) };
    }
    return { status: 200, text: JSON.stringify(viewOf(session)) };
  }
  if (method === 'GET' && session !== undefined) {
    return { status: 200, text: JSON.stringify(viewOf(session)) };
  }
  return {
    status: 404,
    text: problem('invalid_request_error', 'resource_missing', 'No such session'),
  };
}

const LEAST_CENTS = 50;
const MOST_CENTS = 99_999_999;

function create({ sessions, origin }: State, form: URLSearchParams): Made {
  const price = 'line_items[0][price_data]';
  const given = (name: string): string => form.get(name) ?? '';
  const amount = Number(given(`${price}[unit_amount]`));
  if (!Number.isSafeInteger(amount) || amount < LEAST_CENTS || amount > MOST_CENTS) {
    const text = problem('invalid_request_error', 'amount_too_small', 'Not such an amount');
    return { status: 400, text };
  }
  const session_id = id('cs_test');
  const session: Session = {
    ...{ id: session_id, url: `${origin}/pay/${session_id}`, status: 'open' },
    ...{ payment_status: 'unpaid', amount_total: amount },
    currency: given(`${price}[currency]`),
    metadata: { payment_id: given('metadata[payment_id]') },
    success_url: given('success_url'),
    title: given(`${price}[product_data][name]`),
    intent: { id: id('pi'), status: 'requires_payment_method', last_payment_error: null },
  };
  sessions.set(session_id, session);
  return { status: 200, text: JSON.stringify(viewOf(session)) };
}

const viewOf = ({ intent, title: _, ...session }: Session) => ({
  ...{ ...session, object: 'checkout.session', livemode: false, mode: 'payment' },
  payment_intent: { ...intent, object: 'payment_intent' },
});

type Settling = Parameters<StripeStandIn['settle']>[1];

/** What happens to a session: how it stands then, at the bank, and what is told of it later. */
const settlings: Record<Settling, { intent: string; says?: string; later: string }> = {
  paid: { intent: 'succeeded', later: 'async_payment_succeeded' },
  processing: { intent: 'processing', later: 'completed' },
  failed: {
    ...{ intent: 'requires_payment_method', later: 'async_payment_failed' },
    says: 'The bank account could not be debited.',
  },
  expired: { intent: 'canceled', later: 'expired' },
};

function settle(state: State, session_id: string, what: Settling): void {
  const session = state.sessions.get(session_id);
  if (session === undefined) throw new Error('No such session');
  const { intent, says, later } = settlings[what];
  const isFirst = session.status === 'open' && what !== 'expired';
  session.status = what === 'expired' ? 'expired' : 'complete';
  if (what === 'paid') session.payment_status = 'paid';
  session.intent.status = intent;
  session.intent.last_payment_error = says === undefined ? null : { message: says };
  tell(state, `checkout.session.${isFirst ? 'completed' : later}`, viewOf(session));
}

/** Sends an event as Stripe signs it, as often as it is told to. */
function tell({ options, sending }: State, type: string, object: unknown): void {
  const { webhook_url, webhook_secret, nowMs = Date.now, copiesOf = () => 1 } = options;
  const url = webhook_url?.() ?? null;
  if (url === null) return;
  const created = Math.floor(nowMs() / MS);
  const event = { id: id('evt'), object: 'event', type, created, data: { object } };
  const text = JSON.stringify(event);
  const signed = createHmac('sha256', webhook_secret).update(`${created}.${text}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'stripe-signature': `t=${created},v1=${signed}`,
  };
  for (let copies = copiesOf(); copies > 0; copies -= 1) {
    const sent = fetch(url, { method: 'POST', headers, body: text }).catch(() => undefined);
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  }
}

async function showPage(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  session_id: string,
): Promise<void> {
  const session = state.sessions.get(session_id);
  if (session === undefined) {
    response.writeHead(404).end('No such page');
    return;
  }
  const form = new URLSearchParams(request.method === 'POST' ? await read(request) : '');
  const card = testCards[form.get('card')?.replaceAll(' ', '') as keyof typeof testCards];
  const confirmed = form.get('confirmed');
  const pays = card?.does === 'pays' || (card?.does === 'asks' && confirmed === 'yes');
  if (session.status === 'open' && form.get('way') === 'bank') {
    settle(state, session_id, 'processing');
  } else if (session.status === 'open' && pays) settle(state, session_id, 'paid');
  if (session.status !== 'open') {
    response.writeHead(303, { location: session.success_url }).end();
    return;
  }
  const says =
    card?.does === 'declines'
      ? card.says
      : confirmed === 'no'
        ? 'We are unable to authenticate your payment method.'
        : form.has('card') && card === undefined
          ? 'Your card number is invalid.'
          : '';
  const asks = card?.does === 'asks' && confirmed === null;
  const head = { 'content-type': 'text/html; charset=utf-8' };
  response.writeHead(200, head).end(checkoutPage(session, { asks, says }));
}

function reply(response: ServerResponse, { status, text }: Made): void {
  const head = { 'content-type': 'application/json', 'request-id': id('req') };
  response.writeHead(status, head).end(text);
}
