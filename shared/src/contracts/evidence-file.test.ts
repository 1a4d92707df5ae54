import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  audience,
  begun,
  firstServiceKey,
  keyOf,
  life,
  PLACE,
  provider,
  published,
  renter,
  service,
  stranger,
  withStep,
  writeLog,
  type Key,
} from '../../test/log.ts';
import type { KeyLink } from '../signing/delegation.ts';
import { keyEventText, type KeyEvent } from '../signing/key-events.ts';
import type { Evidence, EvidenceEntry } from '../signing/evidence.ts';
import { serviceKeyText } from '../signing/service-key.ts';
import { hashOf, signingInputOf, type Statement } from '../signing/statement.ts';
import { verifyEd25519Node } from '../signing/verify-node.ts';
import { verifyEd25519Web } from '../signing/verify-web.ts';
import { verifyEd25519 } from '../signing/verify.ts';
import { addHours } from '../time.ts';
import { verifyEvidence, type Expected } from './evidence.ts';
import { sentences } from './sentences.ts';

const good = writeLog(life);
const entryOf = (evidence: Evidence, place: number) => evidence.entries[place] as EvidenceEntry;
const head = hashOf(entryOf(good, life.length - 1).statement);
const known: Expected = { head, service_keys: [service.public_key], audience };
const verify = (evidence: unknown, from: Expected = known) =>
  verifyEvidence(evidence, verifyEd25519Node, from);
const edited = (edit: (evidence: Evidence) => void): Evidence => {
  const copy = structuredClone(good);
  edit(copy);
  return copy;
};
const [renterTwo, renterThree, secondService] = [7, 8, 9].map(keyOf) as [Key, Key, Key];

test('a log as it was signed verifies by each of the three verifiers', async () => {
  for (const one of [verifyEd25519, verifyEd25519Node, verifyEd25519Web]) {
    expect(await verifyEvidence(good, one, known)).toMatchObject({ ok: true, entries: 13 });
  }
  expect(await verify(JSON.parse(JSON.stringify(good)), {})).toMatchObject({ ok: true });
});

test.each([
  ['life', 13, 'cancelled'],
  ['rule', 3, 'accepted'],
  ['icp', 2, 'rejected'],
])('evidence that the code of version 1 wrote still verifies: %s', async (name, entries, state) => {
  const file = new URL(`../../test/evidence-v1/${name}.json`, import.meta.url);
  const evidence = JSON.parse(readFileSync(file, 'utf8')) as {
    entries: { statement: Statement }[];
  };
  const found = { ok: true, entries, versions: [1], standing: { state } };
  expect(await verify(evidence, {})).toMatchObject(found);
  const { statement } = evidence.entries.at(-1) ?? {};
  if (statement) statement.at = addHours(statement.at, 1);
  expect(await verify(evidence, {})).toMatchObject({ ok: false, at: entries - 1 });
});

/** Where a text has the account's name in what a key published first, which signs no account. */
function unsignedNames(text: string): { from: number; to: number }[] {
  return good.key_events.flatMap((event) => {
    if (event.kind !== 'first_encryption_key') return [];
    const said = JSON.stringify(event);
    const from = text.indexOf(said) + said.indexOf(event.account_id);
    return [{ from, to: from + event.account_id.length }];
  });
}

test('no byte of the evidence can be changed but a name that says nothing of it', async () => {
  const text = JSON.stringify(good);
  const names = unsignedNames(text);
  expect(names.length).toBeGreaterThan(0);
  const whole = await verify(good);
  const letters = '0123456789abcdefghijklmnopqrstuvwxyzABCXYZ{}[]",:. _-\\\u0000é'.split('');
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.constantFrom(...letters).filter((letter) => letter.length === 1),
      async (place, letter) => {
        fc.pre(text[place] !== letter);
        const changed = text.slice(0, place) + letter + text.slice(place + 1);
        let parsed: unknown;
        try {
          parsed = JSON.parse(changed);
        } catch {
          return;
        }
        const verdict = await verify(parsed);
        const isName = names.some(({ from, to }) => from <= place && place < to);
        if (verdict.ok && isName) expect(verdict).toEqual(whole);
        else expect(verdict.ok).toBe(false);
      },
    ),
    { numRuns: 400 },
  );
});

test('no entry can be dropped, doubled, swapped or cut off, and the first break is named', async () => {
  const last = good.entries.length - 1;
  await fc.assert(
    fc.asyncProperty(fc.nat(last), fc.nat(last), async (a, b) => {
      const dropped = edited(({ entries }) => entries.splice(a, 1));
      expect(await verify(dropped)).toMatchObject({ ok: false, at: a });
      const doubled = edited(({ entries }) => entries.splice(a, 0, entryOf(good, a)));
      expect(await verify(doubled)).toMatchObject({ ok: false, at: a + 1 });
      const cut = edited(({ entries }) => entries.splice(a + 1));
      if (a < last) expect(await verify(cut)).toMatchObject({ at: a + 1, broke: 'head' });
      if (a === b) return;
      const swapped = edited(({ entries }) => {
        [entries[a], entries[b]] = [entryOf(good, b), entryOf(good, a)];
      });
      expect(await verify(swapped)).toMatchObject({ ok: false, at: Math.min(a, b) });
    }),
    { numRuns: 30 },
  );
});

test('the first of several breaks is the one that is named', async () => {
  for (const place of [1, 2, 3, 4]) {
    const broken = edited(({ entries }) => {
      for (const entry of entries.slice(place)) entry.signature = '11'.repeat(64);
    });
    expect(await verify(broken)).toMatchObject({ ok: false, at: place, broke: 'signature' });
  }
  const misshapen = edited((evidence) => {
    entryOf(evidence, 3).key = 'no key';
    entryOf(evidence, 2).statement.seq = -1;
  });
  expect(await verify(misshapen)).toMatchObject({ ok: false, at: 2, broke: 'form' });
});

test('a device verifies only under a leave that its own account signed', async () => {
  const none = edited((evidence) => (entryOf(evidence, PLACE.start).authority = []));
  expect(await verify(none)).toMatchObject({ at: PLACE.start, broke: 'authority' });
  const forged = edited((evidence) => {
    const [link] = entryOf(evidence, PLACE.start).authority;
    if (link) link.signature = stranger.sign('anything');
  });
  expect(await verify(forged)).toMatchObject({ at: PLACE.start, broke: 'authority' });
  const spare = edited((evidence) => {
    entryOf(evidence, PLACE.accept).authority = entryOf(good, PLACE.start).authority;
  });
  expect(await verify(spare)).toMatchObject({ at: PLACE.accept, broke: 'authority' });
});

function linkOf(by: Key, key: Key, change: Partial<KeyLink> = {}): KeyEvent {
  const said = {
    account_id: 'acc_1',
    key: key.public_key,
    by: by.public_key,
    at: begun,
    ...change,
  };
  const text = keyEventText('link', said);
  return { kind: 'link', said, signature: by.sign(text), key_signature: key.sign(text) };
}

test('a further key of the account may move its contract, however it was linked', async () => {
  const moved = writeLog(withStep(PLACE.reopen, { by: renterTwo, device: null }));
  const verifyWith = (...key_events: KeyEvent[]) => verify({ ...moved, key_events }, {});
  expect(await verifyWith(published, linkOf(renter, renterTwo))).toMatchObject({ ok: true });
  expect(await verifyWith(linkOf(renterTwo, renter), published)).toMatchObject({ ok: true });
  const [up, down] = [linkOf(renterThree, renter), linkOf(renterThree, renterTwo)];
  expect(await verifyWith(down, up, published)).toMatchObject({ ok: true });
  const refused = { ok: false, at: PLACE.reopen, broke: 'party' };
  expect(await verifyWith(published, down)).toMatchObject(refused);
  const late = linkOf(renter, renterTwo, { at: addHours(begun, 24) });
  expect(await verifyWith(published, late)).toMatchObject(refused);
  const elsewhere = linkOf(renterThree, renterTwo, { account_id: 'acc_2' });
  expect(await verifyWith(up, published, elsewhere)).toMatchObject(refused);
  for (const name of ['signature', 'key_signature'] as const) {
    const link = { ...linkOf(renter, renterTwo), [name]: service.sign('x') };
    expect(await verifyWith(published, link)).toMatchObject({ ok: false, at: 0, broke: 'keys' });
  }
});

test('a personal part may be erased, never replaced or added', async () => {
  const erased = edited((evidence) => (entryOf(evidence, 0).private = null));
  expect(await verify(erased)).toMatchObject({ ok: true });
  const kept = { salt: 'b2'.repeat(16), part: { memo: 'something else' } };
  for (const place of [PLACE.request, PLACE.submit]) {
    const forged = edited((evidence) => (entryOf(evidence, place).private = kept));
    expect(await verify(forged)).toMatchObject({ ok: false, at: place, broke: 'personal' });
  }
});

test('a log of another service, or for another site, is told apart by who knows', async () => {
  const other = { ...good, service_keys: [firstServiceKey(stranger)] };
  expect(await verify(other)).toMatchObject({ at: 0, broke: 'service' });
  expect(await verify(other, {})).toMatchObject({ at: PLACE.submit, broke: 'service' });
  const elsewhere = { ...good, audience: 'https://evil.example' };
  expect(await verify(elsewhere)).toMatchObject({ at: 0, broke: 'authority' });
});

/** The service's second key, which takes over in the middle of the life. */
function replacedBy(key: Key, by: Key = service, at = entryOf(good, PLACE.message).statement.at) {
  const record = { key: key.public_key, prev: service.public_key, at };
  const text = serviceKeyText(record);
  return { record, signature: by.sign(text), key_signature: key.sign(text) };
}

test('a replaced service key keeps what it signed, and signs nothing more', async () => {
  const steps = withStep(PLACE.activate, { by: secondService });
  const moved = writeLog(steps);
  const keys = (...more: ReturnType<typeof replacedBy>[]) => [firstServiceKey(), ...more];
  const ask = (service_keys: ReturnType<typeof keys>, log = moved) =>
    verify({ ...log, service_keys }, {});
  expect(await ask(keys(replacedBy(secondService)))).toMatchObject({ ok: true });
  expect(await ask(keys())).toMatchObject({ at: PLACE.activate, broke: 'service' });
  // The old key more than a moment after, and the new one before its time.
  expect(await ask(keys(replacedBy(secondService, service, begun)), good)).toMatchObject({
    at: PLACE.submit,
    broke: 'service',
  });
  const late = addHours(begun, 5);
  expect(await ask(keys(replacedBy(secondService, service, late)))).toMatchObject({
    at: PLACE.activate,
    broke: 'service',
  });
  // A key that the one before never named.
  expect(await ask(keys(replacedBy(secondService, stranger)))).toMatchObject({
    at: 0,
    broke: 'service',
  });
});

test('a log never goes back to version 1', async () => {
  const log = structuredClone(good);
  const entry = entryOf(log, PLACE.accept);
  const {
    subject_id: contract_id,
    subject_kind: _,
    mode: __,
    ...rest
  } = entry.statement as Statement;
  const statement = { ...rest, contract_id, role: 'provider' as const, data: {} };
  const signature = provider.sign(signingInputOf(statement));
  log.entries[PLACE.accept] = { ...entry, statement, signature };
  expect(await verify(log)).toMatchObject({ ok: false, at: PLACE.accept, broke: 'version' });
});

test('anything that is no evidence is refused in a sentence, without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (value) => {
      expect((await verify(value)).ok).toBe(false);
    }),
  );
  expect(await verify({ ...good, entries: [] })).toMatchObject({ ok: false, broke: 'form' });
});

const anHour = (place: number) => addHours(entryOf(good, place).statement.at, -1);

test('what a removed key or a revoked device signs later fails', async () => {
  const said = { account_id: 'acc_1', by: renter.public_key };
  const joined = linkOf(renter, renterTwo, { at: addHours(begun, -2) });
  const moved = writeLog(withStep(PLACE.reopen, { by: renterTwo, device: null }));
  const removed = (at: string): KeyEvent => {
    const removal = { ...said, key: renterTwo.public_key, at };
    const signature = renter.sign(keyEventText('removal', removal));
    return { kind: 'removal', said: removal, signature };
  };
  const before = { ...moved, key_events: [published, joined, removed(anHour(PLACE.reopen))] };
  expect(await verify(before, {})).toMatchObject({ at: PLACE.reopen, broke: 'party' });
  const after = { ...moved, key_events: [published, joined, removed(addHours(begun, 9))] };
  expect(await verify(after, {})).toMatchObject({ ok: true });

  const revoked = (at: string): KeyEvent => {
    const { device_key } = entryOf(good, 0).authority[0]?.delegation ?? { device_key: '' };
    const revocation = { ...said, device_key, at };
    const signature = renter.sign(keyEventText('revocation', revocation));
    const { public_key: key } = renter;
    return { kind: 'revocation', said: revocation, signature, key, delegation: null };
  };
  const out = { ...good, key_events: [published, revoked(addHours(begun, 0.5))] };
  expect(await verify(out, {})).toMatchObject({ at: PLACE.open, broke: 'authority' });
  const late = { ...good, key_events: [published, revoked(addHours(begun, 9))] };
  expect(await verify(late, {})).toMatchObject({ ok: true });
});

test('credentials sealed to a key that the renter never published are named', async () => {
  expect(await verify({ ...good, key_events: [] })).toMatchObject({
    at: PLACE.deliver,
    broke: 'recipient',
  });
});

test('docs/domain.md lists every sentence that evidence is held to', () => {
  const page = readFileSync(new URL('../../../docs/domain.md', import.meta.url), 'utf8');
  const text = page.replaceAll(/\s+/g, ' ');
  for (const sentence of Object.values(sentences)) expect(text).toContain(`- ${sentence}`);
});
