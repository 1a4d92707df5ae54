import { offerings } from '@berth/shared/offerings/endpoints';
import { HOLD_MS, type HoldView } from '@berth/shared/offerings/hold';
import { isProblem, type ProblemDocument } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { serverClock } from '#lib/features/keys/clock.ts';

const TICK_MS = 500;
/** A hold that has less left is renewed, where somebody is there. */
const RENEWED_AT_S = HOLD_MS / 2_000;
/** Asked for no more often than this, also where the account has no time left to give. */
const RENEWED_APART_MS = 60_000;
/** What shows that somebody is. */
const ACTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'];
const SECOND_MS = 1_000;

/** One unit and its price, kept for the dialog that is open; at most one at a time. */
export function makeHolding(offering_id: () => string) {
  let hold = $state.raw<HoldView | null>(null);
  let left_s = $state(0);
  let refusal = $state.raw<ProblemDocument | null>(null);
  let asking = $state(false);
  let ticking: ReturnType<typeof setInterval> | undefined;
  let watching: AbortController | undefined;
  let isThere = false;
  let renewed_at_ms = -Infinity;
  /** Counts the openings: what an earlier one is answered is given back. */
  let opening = 0;

  function follow(now: () => number, hours: number) {
    clearInterval(ticking);
    const look = () => {
      const end_ms = hold === null ? 0 : Date.parse(hold.expires_at);
      left_s = Math.max(0, Math.ceil((end_ms - now()) / SECOND_MS));
      if (left_s === 0) clearInterval(ticking);
      else if (left_s <= RENEWED_AT_S && isThere && document.visibilityState === 'visible') {
        const isSoon = performance.now() - renewed_at_ms < RENEWED_APART_MS;
        if (!isSoon) void renew(hours);
      }
    };
    ticking = setInterval(look, TICK_MS);
    watch();
    look();
  }

  function watch() {
    watching?.abort();
    watching = new AbortController();
    const { signal } = watching;
    for (const act of ACTS) {
      window.addEventListener(act, () => (isThere = true), { passive: true, signal });
    }
  }

  /** Without a word: where it fails, what is held is held until its end. */
  async function renew(hours: number): Promise<void> {
    const asked_in = opening;
    isThere = false;
    renewed_at_ms = performance.now();
    try {
      const params = { offering_id: offering_id() };
      const held = await call(offerings.hold, { params, body: { hours } });
      if (asked_in === opening && held.hold_id === hold?.hold_id) hold = held;
      else await giveBack(held);
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  /** Whether a unit is held after it; else `refusal` says why not. */
  async function ask(hours: number): Promise<boolean> {
    const asked_in = opening;
    asking = true;
    refusal = null;
    try {
      const params = { offering_id: offering_id() };
      const [now, held] = await Promise.all([
        serverClock(),
        call(offerings.hold, { params, body: { hours } }),
      ]);
      if (asked_in !== opening) {
        await giveBack(held);
        return false;
      }
      hold = held;
      follow(now, hours);
      return true;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (asked_in === opening) refusal = error.problem;
      return false;
    } finally {
      if (asked_in === opening) asking = false;
    }
  }

  function forget(): HoldView | null {
    opening += 1;
    clearInterval(ticking);
    watching?.abort();
    const held = left_s > 0 ? hold : null;
    hold = null;
    left_s = 0;
    asking = false;
    refusal = null;
    return held;
  }

  return {
    get hold() {
      return hold;
    },
    /** Whole seconds; nothing is held at 0. */
    get left_s() {
      return left_s;
    },
    get asking() {
      return asking;
    },
    get refusal() {
      return refusal;
    },
    ask,
    /** It was used up by a request. */
    forget,
    /** Gives the unit back, where one is held. */
    release() {
      const held = forget();
      if (held) void giveBack(held);
    },
  };
}

export type Holding = ReturnType<typeof makeHolding>;

/** What is not given back now ends by itself in its time. */
async function giveBack({ offering_id, hold_id }: HoldView): Promise<void> {
  try {
    await call(offerings.releaseHold, { params: { offering_id, hold_id } });
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
}
