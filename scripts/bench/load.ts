import { Pool } from 'undici';

/** One request that is ready to be sent: everything is signed before the clock starts. */
export interface Shot {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Figures {
  /** Answers a second over the whole round. */
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  /** The bodies of the answers, in the order of the shots. */
  bodies: string[];
}

const TIMEOUT_MS = 60_000;
/** So many are sent even where the time is over. */
const LEAST_SHOTS = 5;

interface Firing {
  clients: number;
  pipelining?: number;
  within_ms?: number;
}

/**
 * Sends every shot once from so many clients, each with a connection of its own that waits for an
 * answer before it sends the next; `pipelining` lets each send ahead. After `within_ms` no more are
 * sent, so that a slow machine measures fewer. Throws where one is refused.
 */
export async function fire(
  origin: string,
  shots: readonly Shot[],
  { clients, pipelining = 1, within_ms = Infinity }: Firing,
): Promise<Figures> {
  const pool = new Pool(origin, {
    connections: clients,
    pipelining,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const bodies: string[] = [];
  const took_ms: number[] = [];
  let next = 0;
  const started = performance.now();
  const isOver = () => next >= LEAST_SHOTS && performance.now() - started > within_ms;
  const client = async (): Promise<void> => {
    while (next < shots.length && !isOver()) {
      const place = next++;
      const shot = shots[place] as Shot;
      const sent = performance.now();
      const { statusCode, body } = await pool.request(shot);
      const text = await body.text();
      if (statusCode >= 400) throw new Error(`${shot.path} answered ${statusCode}: ${text}`);
      took_ms.push(performance.now() - sent);
      bodies[place] = text;
    }
  };
  await Promise.all(Array.from({ length: clients * pipelining }, client));
  const per_second = took_ms.length / ((performance.now() - started) / 1000);
  await pool.close();
  return { per_second, p50_ms: quantile(took_ms, 0.5), p99_ms: quantile(took_ms, 0.99), bodies };
}

/** The nearest-rank quantile. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
