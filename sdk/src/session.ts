import { accounts } from '@berth/shared/accounts/endpoints';
import { platform } from '@berth/shared/platform/endpoints';
import { challengeText } from '@berth/shared/signing/challenge';
import type { Keys } from './device.ts';
import { refuse } from './problem.ts';
import type { Authority, Call } from './transport.ts';

/** What a device has opened; it lasts an hour and is renewed by itself. */
export interface Session {
  token: string;
  expires_at: string;
}

/** Where a session is kept between programs, so that they do not end each other's. */
export interface SessionStore {
  load(): Session | null;
  save(session: Session | null): void;
}

const inMemory = (): SessionStore => {
  let kept: Session | null = null;
  return { load: () => kept, save: (session) => void (kept = session) };
};

/** The server's time, as well as this side knows it. */
export interface Clock {
  note(at: string, asked_ms: number): void;
  now(call: Call): Promise<() => number>;
}

export function makeClock(): Clock {
  let ahead_ms: number | null = null;
  const note: Clock['note'] = (at, asked_ms) => {
    ahead_ms = Date.parse(at) - (asked_ms + Date.now()) / 2;
  };
  return {
    note,
    async now(call) {
      const asked_ms = Date.now();
      if (ahead_ms === null) note(((await call(platform.about)) as { now: string }).now, asked_ms);
      return () => Date.now() + (ahead_ms ?? 0);
    },
  };
}

/**
 * A text that a key signs once to sign in. Throws unless it says, letter by letter, that this key
 * signs in at this origin: nothing else is ever signed for a sign-in.
 */
export async function getChallenge(call: Call, origin: string, key: string, clock: Clock) {
  const asked_ms = Date.now();
  const answer = await call(accounts.challenge, { body: { key } });
  const { nonce, text, expires_at } = answer as { nonce: string; text: string; expires_at: string };
  const issued_at = /^Issued At: (.+)$/m.exec(text)?.[1] ?? '';
  const domain = new URL(origin).host;
  if (text !== challengeText({ domain, key, uri: origin, nonce, issued_at, expires_at })) {
    const meant = /^URI: (.+)$/m.exec(text)?.[1] ?? 'another address';
    throw refuse('origin.foreign', `People sign in at ${meant}, not at ${origin}. Use that one.`);
  }
  clock.note(issued_at, asked_ms);
  return { nonce, text, issued_at };
}

/** Opens sessions with a device's key as they are needed; `guest` asks without one. */
export function bySession(
  { device_key, sign }: Keys,
  { origin, guest, clock }: { origin: string; guest: () => Call; clock: Clock },
  store: SessionStore = inMemory(),
): Authority {
  let opening: Promise<string> | null = null;

  async function openOnce(): Promise<string> {
    const { nonce, text } = await getChallenge(guest(), origin, device_key, clock);
    const signature = await sign(text);
    const body = { key: device_key, nonce, signature, transport: 'bearer' };
    const { token, expires_at } = (await guest()(accounts.signIn, { body })) as Session;
    store.save({ token, expires_at });
    return token;
  }

  const open = (): Promise<string> =>
    (opening ??= openOnce().finally(() => {
      opening = null;
    }));

  let refused: string | null = null;
  return {
    token: async () => store.load()?.token ?? open(),
    async renew(used) {
      // Another program may have opened one meanwhile; one that is refused twice has no more.
      if (used !== null && used === refused) return false;
      if (store.load()?.token === used) refused = await open();
      return true;
    },
  };
}
