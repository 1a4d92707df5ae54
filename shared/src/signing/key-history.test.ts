import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, isoAt, MINUTE_MS } from '../time.ts';
import { sha256Hex } from '../canonical.ts';
import type { Delegation } from './delegation.ts';
import type { KeyEvent } from './key-events.ts';
import {
  encryptionKeyOf,
  eventsAbout,
  foldKeyEvents,
  isRevoked,
  keysOf,
  RESTORE_MS,
  speaksFor,
  wasEncryptionKey,
} from './key-history.ts';

const account_id = 'acc_1';
const start_ms = Date.parse('2026-01-01T00:00:00.000Z');
const signature = 'ab'.repeat(64);
const time = (hours: number) => isoAt(start_ms + hours * HOUR_MS);
const keyOf = (n: number) => sha256Hex(`key ${n}`);
const encryptionOf = (n: number) => sha256Hex(`encryption ${n}`);
const deviceOf = (n: number) => sha256Hex(`device ${n}`);

/** Events by numbered keys at hours; the fold is given what was verified before. */
const link = (by: number, key: number, hours: number): KeyEvent => ({
  kind: 'link',
  said: { account_id, key: keyOf(key), by: keyOf(by), at: time(hours) },
  signature,
  key_signature: signature,
});
const removal = (by: number, key: number, hours: number): KeyEvent => ({
  kind: 'removal',
  said: { account_id, key: keyOf(key), by: keyOf(by), at: time(hours) },
  signature,
});
const restoration = (key: number, hours: number): KeyEvent => ({
  kind: 'restoration',
  said: { account_id, key: keyOf(key), at: time(hours) },
  signature,
});
const publication = (by: number, hours: number): KeyEvent => ({
  kind: 'encryption_key',
  said: { account_id, encryption_key: encryptionOf(by), by: keyOf(by), at: time(hours) },
  signature,
});
const made = (by: number): KeyEvent => ({
  kind: 'first_encryption_key',
  account_id,
  by: keyOf(by),
  said: { encryption_key: encryptionOf(by) },
  signature,
});
const revocation = (by: number, device: number, hours: number): KeyEvent => ({
  kind: 'revocation',
  said: { account_id, device_key: deviceOf(device), by: keyOf(by), at: time(hours) },
  signature,
  key: keyOf(by),
  delegation: null,
});
const delegation = (by: number, device: number, hours: number): Delegation => ({
  account_key: keyOf(by),
  device_key: deviceOf(device),
  label: 'Firefox',
  scopes: ['rent'],
  audience: 'https://berth.example',
  issued_at: time(hours),
  expires_at: time(hours + 24),
});

/** What the last of these events is refused for; null where it counts. */
function refusalOf(...events: KeyEvent[]) {
  return foldKeyEvents(events).refused.get(events.at(-1) as KeyEvent) ?? null;
}
/** The numbers of the keys that stand after these events. */
function standing(...events: KeyEvent[]): number[] {
  const keys = keysOf(account_id, foldKeyEvents(events)).filter((key) => key.stands);
  return keys.map(({ key }) => numbers.get(key) ?? -1);
}
const numbers = new Map(Array.from({ length: 100 }, (_, n) => [keyOf(n), n]));
const speaks = (by: number, party: number, hours: number, ...events: KeyEvent[]) =>
  speaksFor({ by: keyOf(by), at: time(hours) }, keyOf(party), foldKeyEvents(events));

describe('who speaks for a party', () => {
  const events = [link(1, 2, 10), link(2, 3, 20)];

  test('a key speaks for itself, and for those its account vouched for by then, both ways', () => {
    expect(speaks(1, 1, 0)).toBe(true);
    expect(speaks(3, 1, 21, ...events)).toBe(true);
    expect(speaks(1, 3, 21, ...events)).toBe(true);
    expect(speaks(3, 1, 19, ...events)).toBe(false);
    expect(speaks(4, 1, 21, ...events)).toBe(false);
  });

  test('a removed key speaks for nobody from then on, itself included, and did before', () => {
    const all = [...events, removal(1, 2, 30)];
    expect(speaks(2, 1, 29, ...all)).toBe(true);
    expect(speaks(2, 1, 31, ...all)).toBe(false);
    expect(speaks(2, 2, 31, ...all)).toBe(false);
  });

  test('what was signed by clocks that differ within the leave is not called too late', () => {
    const all = [...events, removal(1, 2, 30)];
    const minute = MINUTE_MS / HOUR_MS;
    expect(speaks(2, 1, 30 + 9 * minute, ...all)).toBe(true);
    expect(speaks(2, 1, 30 + 11 * minute, ...all)).toBe(false);
  });

  test('while a key was removed it did not speak, and after it came back it does', () => {
    const all = [...events, removal(2, 1, 30), restoration(1, 40)];
    expect([29, 35, 41].map((at) => speaks(1, 1, at, ...all))).toEqual([true, false, true]);
  });

  test('a removed key cannot begin another account and speak on in it', () => {
    const other: KeyEvent = {
      kind: 'link',
      said: { account_id: 'acc_2', key: keyOf(9), by: keyOf(2), at: time(40) },
      signature,
      key_signature: signature,
    };
    const all = [...events, removal(1, 2, 30), other];
    expect(speaks(2, 2, 41, ...all)).toBe(false);
  });
});

describe('removing and undoing', () => {
  const two = [link(1, 2, 1)];

  test('any key removes any other, and what is removed removes nothing', () => {
    expect(standing(...two, removal(1, 2, 2))).toEqual([1]);
    expect(standing(...two, removal(2, 1, 2))).toEqual([2]);
    expect(refusalOf(...two, removal(2, 1, 2), removal(1, 2, 3))).toBe('not_a_key');
    expect(refusalOf(...two, removal(1, 2, 2), link(1, 2, 3))).toBe('key_taken');
  });

  test('the removed key comes back within 72 hours and not later', () => {
    const gone = [...two, removal(2, 1, 2)];
    expect(standing(...gone, restoration(1, 2 + 72))).toEqual([1, 2]);
    expect(refusalOf(...gone, restoration(1, 2 + 72 + 1))).toBe('too_late');
    expect(refusalOf(...two, restoration(1, 3))).toBe('not_removed');
  });

  test('an older key’s second removal stands', () => {
    const again = [...two, removal(1, 2, 2), restoration(2, 3), removal(1, 2, 4)];
    expect(refusalOf(...again, restoration(2, 5))).toBe('final');
  });

  test('a key that undid a younger one’s removal is safe from younger keys for 72 hours', () => {
    const back = [...two, removal(2, 1, 2), restoration(1, 3)];
    expect(refusalOf(...back, removal(2, 1, 4))).toBe('protected');
    expect(refusalOf(...back, link(2, 3, 4), removal(3, 1, 5))).toBe('protected');
    expect(refusalOf(...back, removal(2, 1, 3 + 72))).toBeNull();
  });

  test('an older key takes out what a removed key vouched for; a younger one only the key', () => {
    const three = [...two, link(2, 3, 2), link(3, 4, 3)];
    expect(standing(...three, removal(1, 2, 4))).toEqual([1]);
    expect(standing(...three, removal(1, 2, 4), restoration(2, 5))).toEqual([1, 2, 3, 4]);
    expect(refusalOf(...three, removal(1, 2, 4), restoration(3, 5))).toBe('not_removed');
    expect(standing(...three, removal(4, 2, 4))).toEqual([1, 3, 4]);
  });

  test('an event counts once, and an undo signed before the removal undoes nothing', () => {
    const undo = restoration(1, 3);
    const back = [...two, removal(2, 1, 2), undo];
    expect(refusalOf(...back, undo)).toBe('already');
    expect(refusalOf(...two, removal(2, 1, 5), restoration(1, 4))).toBe('overtaken');
  });
});

describe('devices', () => {
  const revoked = (by: number, device: number, [from, at]: [number, number], all: KeyEvent[]) =>
    isRevoked(delegation(by, device, from), time(at), foldKeyEvents(all));

  test('a revoked device signs nothing later, under whatever leave', () => {
    const all = [revocation(1, 1, 10)];
    expect([5, 11].map((at) => revoked(1, 1, [1, at], all))).toEqual([false, true]);
    expect(revoked(1, 1, [20, 21], all)).toBe(true);
    expect(revoked(1, 2, [1, 11], all)).toBe(false);
  });

  test('a removed key’s devices are out, and stay out when it comes back', () => {
    const all = [link(1, 2, 0), removal(2, 1, 10), restoration(1, 20)];
    expect([9, 15, 21].map((at) => revoked(1, 1, [1, at], all))).toEqual([false, true, true]);
    expect(revoked(1, 1, [21, 22], all)).toBe(false);
  });

  test('a stranger’s or a removed key’s revocation counts for nothing', () => {
    const all = [link(1, 2, 0), revocation(9, 1, 1), removal(1, 2, 2), revocation(2, 1, 3)];
    expect(revoked(1, 1, [1, 5], all)).toBe(false);
  });
});

describe('what to seal to', () => {
  const found = (party: number, ...events: KeyEvent[]) =>
    encryptionKeyOf(keyOf(party), foldKeyEvents(events));
  const by = (n: number) => ({ encryption_key: encryptionOf(n), by: keyOf(n) });
  const two = [made(1), link(1, 2, 1)];

  test('it is the last that a present key of the account has published', () => {
    expect(found(1)).toBeNull();
    expect(found(1, ...two)).toEqual(by(1));
    expect(found(1, ...two, publication(2, 2))).toEqual(by(2));
    expect(found(2, ...two, publication(2, 2), publication(1, 3))).toEqual(by(1));
    expect(found(1, ...two, publication(2, 2), removal(1, 2, 3))).toEqual(by(1));
    expect(found(1, ...two, removal(2, 1, 3))).toBeNull();
  });

  test('a stranger publishes nothing for the account, and an older one does not come back', () => {
    expect(found(1, ...two, publication(9, 2))).toEqual(by(1));
    expect(refusalOf(...two, publication(2, 5), publication(1, 4))).toBe('overtaken');
  });

  test('a key that was published by then, by a key that stood, was the party’s', () => {
    const history = foldKeyEvents([...two, publication(2, 5), removal(1, 2, 10)]);
    const was = (n: number, at: number) =>
      wasEncryptionKey(encryptionOf(n), { party: keyOf(1), at: time(at) }, history);
    expect([was(1, 6), was(2, 4), was(2, 6), was(2, 11), was(9, 6)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

interface Step {
  kind: 'link' | 'removal' | 'restoration' | 'revocation' | 'publication';
  by: number;
  to: number;
  wait: number;
}

/** Anything that up to eight keys may do, at once or some days apart. */
const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('link', 'removal', 'restoration', 'revocation', 'publication'),
    by: fc.integer({ min: 1, max: 8 }),
    to: fc.integer({ min: 1, max: 8 }),
    wait: fc.constantFrom(0, 1, 30, 80),
  }),
  { maxLength: 40 },
);

function eventOf({ kind, by, to }: Step, hours: number): KeyEvent {
  if (kind === 'link') return link(by, to, hours);
  if (kind === 'removal') return removal(by, to, hours);
  if (kind === 'restoration') return restoration(by, hours);
  return kind === 'revocation' ? revocation(by, to, hours) : publication(by, hours);
}

/** An account whose events count as an API would take them, on a clock that always goes on. */
function makeLedger() {
  const taken: KeyEvent[] = [made(1)];
  const now = { hours: 0 };
  const act = (step: Omit<Step, 'wait'> & { wait?: number }): void => {
    now.hours += (step.wait ?? 0) + MINUTE_MS / HOUR_MS;
    const event = eventOf({ wait: 0, ...step }, now.hours);
    if (refusalOf(...taken, event) !== null) return;
    // The API refuses to remove an account’s last key, which a fold of some events cannot see.
    if (standing(...taken, event).length > 0) taken.push(event);
  };
  const one = (n: number) =>
    keysOf(account_id, foldKeyEvents(taken)).find(({ key }) => key === keyOf(n));
  return { taken, now, act, one };
}

test('whatever others did and do meanwhile, the first key is back and alone within 72 hours', () => {
  fc.assert(
    fc.property(anySteps, anySteps, (before, script) => {
      const { taken, now, act, one } = makeLedger();
      for (const step of before) act(step);
      const mine = one(1);
      const until_ms = mine?.returns_until_ms ?? -Infinity;
      fc.pre(mine?.stands === true || until_ms > start_ms + (now.hours + 1) * HOUR_MS);
      // The attackers' script runs in full between any two acts of the owner.
      const attack = () => {
        for (const step of script) if (step.by !== 1) act({ ...step, wait: 0 });
      };
      attack();
      for (const _ of ['removed', 'came back once', 'came back from before']) {
        for (const to of standing(...taken).filter((n) => n !== 1)) {
          for (const kind of ['restoration', 'removal'] as const) {
            act({ kind, by: 1, to });
            attack();
          }
        }
      }
      expect(standing(...taken)).toEqual([1]);
    }),
    { numRuns: 300 },
  );
});

test('of any two keys the older one wins against the younger one’s script', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), anySteps, (older, script) => {
      const { taken, act } = makeLedger();
      for (const to of [2, 3, 4]) act({ kind: 'link', by: 1, to });
      const attack = () => {
        for (const step of script) if (step.by > older) act({ ...step, wait: 0 });
      };
      attack();
      for (const _ of ['removed', 'came back once', 'came back from before']) {
        for (const kind of ['restoration', 'removal'] as const) {
          act({ kind, by: older, to: 4 });
          attack();
        }
      }
      act({ kind: 'restoration', by: older, to: 4 });
      expect(standing(...taken)).toContain(older);
      expect(standing(...taken)).not.toContain(4);
    }),
    { numRuns: 300 },
  );
});

test('the events about some keys and devices answer about them as all events do', () => {
  fc.assert(
    fc.property(
      anySteps,
      fc.subarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 }),
      fc.integer({ min: 0, max: 900 }),
      (steps, chosen, hours) => {
        const { taken, act } = makeLedger();
        for (const step of steps) act(step);
        const about = { keys: chosen.map(keyOf), device_keys: chosen.map(deviceOf) };
        const all = foldKeyEvents(taken);
        const some = foldKeyEvents(eventsAbout(about, taken));
        for (const by of chosen) {
          const said = { by: keyOf(by), at: time(hours) };
          for (const party of chosen) {
            expect(speaksFor(said, keyOf(party), some)).toBe(speaksFor(said, keyOf(party), all));
          }
          const leave = delegation(by, by, hours / 2);
          expect(isRevoked(leave, said.at, some)).toBe(isRevoked(leave, said.at, all));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the times a key stood never overlap, and its last goes on if and only if it stands', () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      const { taken, act, now } = makeLedger();
      for (const step of steps) act(step);
      const history = foldKeyEvents(taken);
      const later = time(now.hours + (RESTORE_MS + DAY_MS) / HOUR_MS);
      for (const { key, stands } of keysOf(account_id, history)) {
        expect(speaksFor({ by: key, at: later }, key, history)).toBe(stands);
      }
    }),
  );
});
