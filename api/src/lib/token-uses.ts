import { MINUTE_MS } from '@berth/shared/time';
import type { Clock } from './clock.ts';

/** That a secret was used, and from which network. */
export interface TokenUse {
  hash: string;
  at: string;
  network: string;
}

/** Kept in memory until it is written down, so that a request writes nothing of it. */
export interface TokenUses {
  /** Counts a use; one within a minute of that which is written is not told again. */
  count(use: { hash: string; network: string; last_used_at: string | null }): void;
  /** Takes what was counted since the last time. */
  take(): TokenUse[];
}

const TOLD_EVERY_MS = MINUTE_MS;
const MAX_USES = 10_000;

export function makeTokenUses(clock: Clock): TokenUses {
  const uses = new Map<string, TokenUse>();
  return {
    count({ hash, network, last_used_at }) {
      const told_ms = last_used_at === null ? -Infinity : Date.parse(last_used_at);
      if (clock.nowMs() - told_ms < TOLD_EVERY_MS) return;
      if (uses.size < MAX_USES || uses.has(hash))
        uses.set(hash, { hash, at: clock.now(), network });
    },
    take() {
      const taken = [...uses.values()];
      uses.clear();
      return taken;
    },
  };
}
