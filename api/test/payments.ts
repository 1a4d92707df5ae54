/** An effect of the tests, and the server that it calls, which fails in every way it can. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AnyEffect, EffectAsk, WriteCtx } from '../src/context.ts';
import { insertStreamEvents } from '../src/db/stream-events.ts';
import type { Known, Outcome } from '../src/lib/effects.ts';

declare module '../src/lib/effects.ts' {
  interface EffectKinds {
    'test.pay': { payload: { n: number }; reply: { receipt: string } };
  }
}

interface Reply {
  receipt: string;
}
type Asked = EffectAsk<{ n: number }>;

/** A call gets one of these; `lose` and `late` do the thing, `double` twice. */
export type Fault = 'none' | 'drop' | 'busy' | 'crash' | 'lose' | 'late' | 'double';

export interface PaymentServer {
  address: string;
  /** What the next requests get, in turns. */
  faults: { call: readonly Fault[]; ask: readonly Fault[] };
  /** Requests, as they came. */
  asked: string[];
  /** What was done, by the id of the effect. */
  paid: Map<string, { n: number; times: number }>;
  close(): Promise<void>;
}

/** What it takes no money for. */
export const isRefused = (n: number): boolean => n % 10 === 3;

export async function openPayments(): Promise<PaymentServer> {
  const turns = { call: 0, ask: 0 };
  const made: Omit<PaymentServer, 'address' | 'close'> = {
    ...{ faults: { call: ['none'], ask: ['none'] }, asked: [], paid: new Map() },
  };
  const pay = (id: string, n: number): Reply => {
    const before = made.paid.get(id);
    if (before === undefined) made.paid.set(id, { n, times: 1 });
    else if (before.n !== n) before.times += 1;
    return { receipt: `receipt of ${id}` };
  };
  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const [, id = ''] = request.url!.split('/');
    const what = request.method === 'POST' ? 'call' : 'ask';
    made.asked.push(`${what} ${id}`);
    const body = await text(request);
    const faults = made.faults[what];
    const fault = faults[turns[what]++ % faults.length]!;
    const send = (status: number, said: object) => {
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    };
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 'busy') return send(503, {});
    if (fault === 'crash') return send(500, {});
    if (what === 'ask') {
      return made.paid.has(id) ? send(200, { receipt: `receipt of ${id}` }) : send(404, {});
    }
    const { n } = JSON.parse(body) as { n: number };
    if (isRefused(n)) return send(422, {});
    if (fault === 'late') await once(reply, 'close');
    if (fault === 'double') pay(id, n);
    const said = pay(id, n);
    if (fault === 'lose') return void request.socket.destroy();
    send(200, said);
  }
  const server = createServer((request, reply) => {
    answer(request, reply).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(made, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

export interface PaymentOptions {
  time_limit_ms?: number;
  /** Around each call, for what happens in the middle of one. */
  before?: () => Promise<void> | void;
  after?: () => Promise<void> | void;
  /** In the transaction that ends the effect. */
  onOutcome?: (ctx: WriteCtx, outcome: Known<Reply>) => void;
}

const LIMIT_MS = 1_000;

/** Pays at a server; leaves a stream event for each outcome, so that two would be seen. */
export function makePayments(address: string, options: PaymentOptions = {}): AnyEffect {
  const { time_limit_ms = LIMIT_MS, before, after, onOutcome } = options;
  async function reach(method: string, { id, payload, signal }: Asked): Promise<Outcome<Reply>> {
    const body = method === 'POST' ? { body: JSON.stringify(payload) } : {};
    const reply = await fetch(`${address}/${id}`, { method, signal, ...body });
    const said = (await reply.json()) as Reply;
    if (reply.status === 200) return { outcome: 'done', reply: said };
    if (reply.status === 422) return { outcome: 'refused', reason: 'no money for this' };
    const was_not_done = reply.status === 503 || (method === 'GET' && reply.status === 404);
    return { outcome: was_not_done ? 'failed' : 'unknown', reason: `it said ${reply.status}` };
  }
  return {
    kind: 'test.pay',
    time_limit_ms,
    async call(_tools, asked) {
      await before?.();
      const outcome = await reach('POST', asked);
      await after?.();
      return outcome;
    },
    ask: (_tools, asked) => reach('GET', asked),
    async onOutcome(ctx, { id }, outcome) {
      const subject_id = `${id} ${outcome.outcome === 'done' ? outcome.reply.receipt : 'refused'}`;
      const event = { account_id: 'payments', topic: 'contract', subject_id } as const;
      await insertStreamEvents(ctx.tx, [{ ...event, created_at: ctx.clock.now() }]);
      onOutcome?.(ctx, outcome);
    },
  };
}
