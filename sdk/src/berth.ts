import type { Answer, Ask, Endpoint } from '@berth/shared/endpoint';
import { endpoints } from '@berth/shared/endpoints';
import { readPage } from './answer.ts';
import { keysOf, type Device, type StoredDevice } from './device.ts';
import { readEvents, type BerthEvent, type EventsOptions } from './events.ts';
import type { LoggedIn, LoginAsk } from './login.ts';
import { refuse } from './problem.ts';
import { makeRentals, type Rentals } from './rentals.ts';
import { bySession, makeClock, type SessionStore } from './session.ts';
import {
  makeTransport,
  type Ask as AnyAsk,
  type Authority,
  type Call,
  type CallOptions,
  type Route,
} from './transport.ts';

export interface BerthOptions {
  /** Where Berth is, as people open it: what is signed is bound to it. */
  origin: string;
  /** An API token, `berth_live_…`: it reads and writes, and never signs. */
  token?: string;
  /** A device of an account: it signs. Neither it nor a token makes a guest. */
  device?: Device | StoredDevice;
  /** Where the device's sessions are kept; in memory unless told. */
  sessions?: SessionStore;
  /** How often a call without an answer is repeated, with the same key; 3 unless told. */
  retries?: number;
  /** How long an answer may take before it counts as lost, in ms; a minute unless told. */
  answer_ms?: number;
  fetch?: typeof fetch;
}

/** `ask` is left out where the endpoint takes nothing, optional where all of it is. */
type Given<E extends Endpoint> =
  unknown extends Ask<E>
    ? [ask?: undefined, options?: CallOptions]
    : Record<never, never> extends Ask<E>
      ? [ask?: Ask<E>, options?: CallOptions]
      : [ask: Ask<E>, options?: CallOptions];

/** Pages are walked where an answer has them. */
type Each<E extends Endpoint> =
  Answer<E> extends { items: (infer Item)[]; next_cursor: string | null }
    ? { each(...given: Given<E>): AsyncGenerator<Item> }
    : unknown;

type CallOf<E extends Endpoint> = ((...given: Given<E>) => Promise<Answer<E>>) & Each<E>;
type Streams = 'stream' | 'publicStream';
type Groups = typeof endpoints;
export type Calls = {
  [G in keyof Groups]: {
    [N in Exclude<keyof Groups[G], Streams>]: Groups[G][N] extends Endpoint
      ? CallOf<Groups[G][N]>
      : never;
  };
};

export interface Berth extends Calls {
  /** What is signed about contracts; needs a device. */
  readonly rentals: Rentals;
  /** What changes, as it changes, until the signal or `break` ends it. */
  events(options?: EventsOptions): AsyncGenerator<BerthEvent>;
  /** Makes a device by a recovery phrase, which is then forgotten. */
  login(ask: LoginAsk): Promise<LoggedIn>;
  /** Takes the device off its account: it signs nothing any more. */
  logout(): Promise<void>;
}

const asGuest: Authority = { token: async () => null, renew: async () => false };
const byToken = (token: string): Authority => ({
  token: async () => token,
  renew: async () => false,
});

/** Everything that a Berth can be asked, as a guest, by a token or as a device. */
export function createBerth(options: BerthOptions): Berth {
  const { device, token, sessions } = options;
  const { origin } = new URL(options.origin);
  const clock = makeClock();
  const { retries, answer_ms } = options;
  const to = { origin, fetch: options.fetch ?? fetch, retries, answer_ms };
  const guest = makeTransport(to, asGuest);
  const keys = device === undefined ? null : keysOf(device);
  const authority =
    keys !== null
      ? bySession(keys, { origin, guest: () => guest.call, clock }, sessions)
      : token === undefined
        ? asGuest
        : byToken(token);
  const transport = makeTransport(to, authority);
  const { call } = transport;
  return {
    ...callsBy(call),
    get rentals() {
      if (keys === null) {
        throw refuse('signature.invalid', 'Only a device signs: sign in with a recovery phrase.');
      }
      return makeRentals({ call, keys, clock, origin });
    },
    events: (given = {}) => readEvents(transport, given),
    login: async (ask) => (await import('./login.ts')).loginWith(guest.call, origin, ask),
    async logout() {
      if (device === undefined || keys === null || !('delegation' in device)) return;
      const now_ms = (await clock.now(call))();
      await (await import('./login.ts')).logoutWith(call, device, keys, now_ms);
      sessions?.save(null);
    },
  };
}

function callsBy(call: Call): Calls {
  const groups = Object.entries(endpoints).map(([group, members]) => {
    const calls = Object.entries(members as Record<string, Route>).map(([name, route]) => {
      const one = (ask?: AnyAsk, options?: CallOptions) => call(route, ask, options);
      const each = (ask?: AnyAsk, options?: CallOptions) => walk(call, route, ask, options);
      return [name, Object.assign(one, { each })];
    });
    return [group, Object.fromEntries(calls) as unknown];
  });
  return Object.fromEntries(groups) as Calls;
}

/** The items of every page, each page asked for when the one before is used up. */
async function* walk(
  call: Call,
  route: Route,
  ask: AnyAsk = {},
  options?: CallOptions,
): AsyncGenerator<unknown> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const query = { ...ask.query, ...(cursor === null ? {} : { cursor }) };
    const page = readPage(await call(route, { ...ask, query }, options), seen);
    yield* page.items;
    cursor = page.next_cursor;
  } while (cursor !== null);
}
