import type { FastifyReply, FastifyRequest } from 'fastify';
import { findIpv4, findIpv6 } from '@berth/shared/net-address';
import { problem } from '@berth/shared/problems';
import { policies, type PolicyName } from '@berth/shared/rate-limits';
import { isoAt } from '@berth/shared/time';
import type { Logger } from 'pino';
import type { Deps } from '../context.ts';
import { addToWindow } from '../db/rate-windows.ts';
import type { Actor } from '../lib/actor.ts';
import type { Clock } from '../lib/clock.ts';

const MAX_WINDOWS = 100_000;
/**
 * How many times in a quota a process tells the others what it has counted. Together they let
 * through at most a tenth more each, and nobody who asks little costs a write.
 */
const TOLD_IN_A_QUOTA = 10;

interface Window {
  used: number;
  ends_at_ms: number;
  /** What of it the others have not been told. */
  untold: number;
  /** Whether they are being told. */
  telling: boolean;
}

/** Adds to what all processes have counted, and answers what they have. */
export type Tell = (
  window: { policy: PolicyName; who: string; used: number; ends_at: string },
  now: string,
) => Promise<{ used: number; ends_at: string }>;

export interface Limiter {
  /** Counts one request; `left` is negative when there was none left. */
  take(policy: PolicyName, who: string): { left: number; resets_in_s: number };
}

/**
 * Fixed windows in memory; when there are too many the oldest is forgotten. Where several processes
 * answer, `tell` makes them one: nobody waits for it.
 */
export function makeLimiter(
  clock: Clock,
  shared: { tell: Tell; log: Pick<Logger, 'warn'> } | null = null,
): Limiter {
  const windows = new Map<string, Window>();

  async function tellOthers(policy: PolicyName, who: string, window: Window): Promise<void> {
    const { untold, ends_at_ms } = window;
    Object.assign(window, { untold: 0, telling: true });
    try {
      const said = { policy, who, used: untold, ends_at: isoAt(ends_at_ms) };
      const all = await shared?.tell(said, clock.now());
      if (all !== undefined) {
        window.used = all.used + window.untold;
        window.ends_at_ms = Date.parse(all.ends_at);
      }
    } catch (error) {
      window.untold += untold;
      shared?.log.warn({ err: error }, 'a rate limit was not shared');
    }
    window.telling = false;
  }

  return {
    take(name, who) {
      const { quota, window_s } = policies[name];
      const now_ms = clock.nowMs();
      const key = `${name} ${who}`;
      let window = windows.get(key);
      if (window === undefined || window.ends_at_ms <= now_ms) {
        windows.delete(key);
        if (windows.size >= MAX_WINDOWS) windows.delete(windows.keys().next().value ?? key);
        window = { used: 0, ends_at_ms: now_ms + window_s * 1000, untold: 0, telling: false };
        windows.set(key, window);
      }
      window.used += 1;
      window.untold += 1;
      const left = quota - window.used;
      // Beyond the quota nothing more is told: a flood costs no writes.
      const isMuch = window.untold >= quota / TOLD_IN_A_QUOTA;
      if (shared !== null && isMuch && left >= 0 && !window.telling) {
        void tellOthers(name, who, window);
      }
      return { left, resets_in_s: Math.ceil((window.ends_at_ms - now_ms) / 1000) };
    },
  };
}

/** On PostgreSQL there may be other processes; SQLite's single one keeps all in memory. */
export const limiterOf = ({
  clock,
  database,
  log,
}: Pick<Deps, 'clock' | 'database' | 'log'>): Limiter =>
  makeLimiter(
    clock,
    database.dialect === 'postgres'
      ? { tell: (window, now) => database.write((tx) => addToWindow(tx, window, now)), log }
      : null,
  );

/** Counts the request and says so in the headers; throws `rate_limit.exceeded` beyond the quota. */
export function limitRate(
  request: FastifyRequest,
  reply: FastifyReply,
  name: PolicyName,
  actor: Actor,
): void {
  const { limiter } = request.server;
  if (limiter === null) return;
  const { quota, window_s, by } = policies[name];
  const who =
    by === 'account' && actor.kind === 'account'
      ? `${actor.principal} ${actor.acting_for}`
      : networkOf(request.ip);
  const { left, resets_in_s } = limiter.take(name, who);
  reply.header('ratelimit-policy', `"${name}";q=${quota};w=${window_s}`);
  reply.header('ratelimit', `"${name}";r=${Math.max(left, 0)};t=${resets_in_s}`);
  if (left >= 0) return;
  reply.header('retry-after', resets_in_s);
  throw problem('rate_limit.exceeded', `Try again in ${resets_in_s} s.`);
}

const NETWORK_GROUPS = 4;
const IPV4_MAPPED = '0:0:0:0:0:ffff';
const UNKNOWN = 'unknown';

/**
 * Who counts together as one visitor: an IPv4 address, or the /64 of an IPv6 address, of which one
 * household or server has a whole one. A port or zone makes no other visitor, and what is no
 * address is one visitor in all.
 */
export function networkOf(address: string | undefined): string {
  const [, bare = ''] = /^\[?([^[\]%]*)/.exec(address ?? '') ?? [];
  const [, ipv4 = bare] = /^([\d.]+):\d+$/.exec(bare) ?? [];
  if (findIpv4(ipv4) !== null) return ipv4;
  const groups = findIpv6(bare);
  if (groups === null) return UNKNOWN;
  const written = groups.map((group) => group.toString(16));
  const [high = 0, low = 0] = groups.slice(-2);
  return written.slice(0, -2).join(':') === IPV4_MAPPED
    ? [high >> 8, high & 255, low >> 8, low & 255].join('.')
    : written.slice(0, NETWORK_GROUPS).join(':');
}
