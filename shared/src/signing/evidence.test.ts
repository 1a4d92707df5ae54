import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scope } from '../access.ts';
import { canonical, sha256Hex } from '../canonical.ts';
import { addHours } from '../time.ts';
import { autoAcceptText, type AutoAcceptRule } from './auto-accept.ts';
import { delegationText, keyLinkText, type KeyLink, type SignedKeyLink } from './delegation.ts';
import { verifyEvidence, type Evidence, type EvidenceEntry, type Expected } from './evidence.ts';
import { keyPairOf, signText, type KeyPair } from './keys.ts';
import {
  contractIdOf,
  hashOf,
  makeSalt,
  privateDigest,
  signingInputOf,
  type Statement,
} from './statement.ts';
import { verifyEd25519 } from './verify.ts';
import { verifyEd25519Node } from './verify-node.ts';

const pairOf = (n: number) => keyPairOf(new Uint8Array(32).fill(n));
const [renter, provider, service, stranger] = [1, 2, 3, 4].map(pairOf) as [
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
];
const [renterDevice, providerDevice, renterTwo, renterThree] = [5, 6, 7, 8].map(pairOf) as [
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
];
const audience = 'https://berth.example';
const begun = '2026-01-01T00:00:00.000Z';
const terms = { offering_id: 'off_1', title: 'Big GPU', price_e9s: '100' };

interface Step {
  action: string;
  role: Statement['role'];
  by: KeyPair;
  device?: KeyPair;
  part?: Record<string, unknown>;
  data?: Record<string, unknown>;
  scopes?: Scope[];
  label?: string;
  expires_at?: string;
  audience?: string;
}

const steps: Step[] = [
  {
    action: 'request',
    role: 'renter',
    by: renter,
    device: renterDevice,
    part: { memo: 'for training' },
    data: {
      terms_hash: sha256Hex(canonical(terms)),
      renter: renter.public_key,
      provider: provider.public_key,
    },
  },
  { action: 'submit', role: 'system', by: service },
  { action: 'accept', role: 'provider', by: provider },
  { action: 'start_provisioning', role: 'provider', by: provider, device: providerDevice },
  { action: 'mark_provisioned', role: 'provider', by: provider, part: { address: '10.0.0.1' } },
];

/** A log of these steps, an hour apart, each signed as it says. */
function logOf(log: Step[], key_links: SignedKeyLink[] = []): Evidence {
  const entries: EvidenceEntry[] = [];
  let contract_id = '';
  for (const [seq, step] of log.entries()) {
    const kept = step.part ? { salt: makeSalt(), part: step.part } : null;
    const last = entries.at(-1);
    const statement: Statement = {
      contract_id: last ? contract_id : null,
      seq,
      prev: last ? hashOf(last.statement) : null,
      action: step.action,
      by: step.by.public_key,
      role: step.role,
      at: addHours(begun, seq),
      data: step.data ?? {},
      private_digest: kept && privateDigest(kept),
    };
    if (!last) contract_id = contractIdOf(statement);
    const signer = step.device ?? step.by;
    entries.push({
      statement,
      signature: signText(signer, signingInputOf(statement)),
      key: signer.public_key,
      delegation: step.device ? delegationOf(step, step.device) : null,
      private: kept,
    });
  }
  const { public_key: service_key } = service;
  const format = 'berth/evidence/v1';
  return { format, contract_id, audience, service_key, terms, entries, key_links };
}

function delegationOf(step: Step, device: KeyPair) {
  const delegation = {
    account_key: step.by.public_key,
    device_key: device.public_key,
    label: step.label ?? 'Laptop',
    scopes: step.scopes ?? (['read', 'rent', 'provide'] as Scope[]),
    audience: step.audience ?? audience,
    issued_at: begun,
    expires_at: step.expires_at ?? addHours(begun, 24),
  };
  return { delegation, signature: signText(step.by, delegationText(delegation)) };
}

function linkOf(by: KeyPair, key: KeyPair, change: Partial<KeyLink> = {}): SignedKeyLink {
  const link = {
    account_id: 'acc_1',
    key: key.public_key,
    by: by.public_key,
    at: begun,
    ...change,
  };
  const text = keyLinkText(link);
  return { link, signature: signText(by, text), key_signature: signText(key, text) };
}

const good = logOf(steps);
const head = hashOf((good.entries.at(-1) as EvidenceEntry).statement);
const expected: Expected = { head, service_key: service.public_key, audience };
const verify = (evidence: unknown, from: Expected = expected) =>
  verifyEvidence(evidence, verifyEd25519, from);
const edited = (edit: (evidence: Evidence) => void): Evidence => {
  const copy = structuredClone(good);
  edit(copy);
  return copy;
};
const withStep = (place: number, change: Partial<Step>, links: SignedKeyLink[] = []) =>
  logOf(
    steps.map((step, n) => (n === place ? { ...step, ...change } : step)),
    links,
  );
const entryOf = (evidence: Evidence, place: number) => evidence.entries[place] as EvidenceEntry;

const containing = (words: string): unknown => expect.stringContaining(words);

test('a log as it was signed verifies, in the browser and in Node', () => {
  expect(verify(good)).toEqual({ ok: true, entries: 5 });
  expect(verify(JSON.parse(JSON.stringify(good)))).toEqual({ ok: true, entries: 5 });
  expect(verifyEvidence(good, verifyEd25519Node, expected)).toEqual({ ok: true, entries: 5 });
  expect(verify(good, {})).toEqual({ ok: true, entries: 5 });
});

test('no byte of the evidence can be changed', () => {
  const text = JSON.stringify(good);
  const letters = '0123456789abcdefghijklmnopqrstuvwxyzABCXYZ{}[]",:. _-\\\u0000é'.split('');
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom(...letters).filter((letter) => letter.length === 1),
      (place, letter) => {
        fc.pre(text[place] !== letter);
        const changed = text.slice(0, place) + letter + text.slice(place + 1);
        let parsed: unknown;
        try {
          parsed = JSON.parse(changed);
        } catch {
          return;
        }
        expect(verifyEvidence(parsed, verifyEd25519Node, expected).ok).toBe(false);
      },
    ),
    { numRuns: 1_500 },
  );
});

test('no entry can be dropped, doubled, swapped or cut off, and the first break is named', () => {
  const last = good.entries.length - 1;
  fc.assert(
    fc.property(fc.nat(last), fc.nat(last), (a, b) => {
      const dropped = edited(({ entries }) => entries.splice(a, 1));
      expect(verify(dropped)).toMatchObject({ ok: false, at: a });
      const doubled = edited(({ entries }) => entries.splice(a, 0, entryOf(good, a)));
      expect(verify(doubled)).toMatchObject({ ok: false, at: a + 1 });
      const cut = edited(({ entries }) => entries.splice(a + 1));
      if (a < last) expect(verify(cut)).toMatchObject({ ok: false, at: a + 1 });
      if (a === b) return;
      const swapped = edited(({ entries }) => {
        [entries[a], entries[b]] = [entryOf(good, b), entryOf(good, a)];
      });
      expect(verify(swapped)).toMatchObject({ ok: false, at: Math.min(a, b) });
    }),
  );
  const cut = edited(({ entries }) => entries.pop());
  expect(verify(cut, { service_key: service.public_key })).toEqual({ ok: true, entries: 4 });
});

test('the first of several breaks is the one that is named', () => {
  for (const place of [1, 2, 3, 4]) {
    const broken = edited(({ entries }) => {
      for (const entry of entries.slice(place)) entry.statement.action = 'changed';
    });
    expect(verify(broken)).toMatchObject({ ok: false, at: place });
  }
  const misshapen = edited((evidence) => {
    entryOf(evidence, 3).key = 'no key';
    entryOf(evidence, 2).statement.seq = -1;
  });
  expect(verify(misshapen)).toMatchObject({ ok: false, at: 2 });
});

test('only the service imports: nobody else names a contract after what they like', () => {
  const [first] = steps as [Step];
  const own = logOf([{ ...first, action: 'import' }]);
  expect(verifyEvidence(own, verifyEd25519)).toEqual({ ok: true, entries: 1 });
  const renamed = { ...own, contract_id: good.contract_id };
  expect(verifyEvidence(renamed, verifyEd25519)).toMatchObject({ ok: false, at: 0 });
});

test('an entry taken from another contract of the same parties does not fit', () => {
  const other = logOf([{ ...(steps[0] as Step), part: { memo: 'another' } }, ...steps.slice(1)]);
  const mixed = edited(({ entries }) => (entries[2] = entryOf(other, 2)));
  expect(verify(mixed)).toEqual({ ok: false, at: 2, reason: 'It belongs to another contract' });
});

test.each<[string, number, Partial<Step>, string]>([
  ['a stranger', 2, { by: stranger }, 'not by the provider'],
  ['the other party', 2, { by: renter }, 'not by the provider'],
  ['a stranger in the service’s name', 1, { by: stranger }, 'not signed by the service'],
  ['the service in a party’s name', 2, { by: service }, 'not by the provider'],
  ['a device without the scope', 0, { scopes: ['read', 'provide'] }, 'session.scope'],
  ['a device of another site', 3, { audience: 'https://evil.example' }, 'delegation.invalid'],
  ['a device after its time', 3, { expires_at: addHours(begun, 2) }, 'delegation.expired'],
  ['a device for the service', 1, { device: renterDevice }, 'not signed by the service'],
])('a statement signed by %s does not verify', (_, place, change, reason) => {
  const verdict = verify(withStep(place, change), { service_key: service.public_key });
  expect(verdict).toMatchObject({ ok: false, at: place });
  expect(verdict).toHaveProperty('reason', containing(reason));
});

test('a device verifies only under a delegation that its own account signed', () => {
  const forged = edited((evidence) => {
    const entry = entryOf(evidence, 0);
    entry.delegation = delegationOf({ ...(steps[0] as Step), by: stranger }, renterDevice);
  });
  expect(verify(forged)).toMatchObject({ at: 0, reason: containing('no delegation') });
  const none = edited((evidence) => (entryOf(evidence, 3).delegation = null));
  expect(verify(none)).toMatchObject({ at: 3, reason: containing('no delegation') });
  const spare = edited((evidence) => {
    entryOf(evidence, 2).delegation = entryOf(good, 3).delegation;
  });
  expect(verify(spare)).toMatchObject({ at: 2, reason: containing('does not need') });
});

test('a further key of the account may move its contract, however it was linked', () => {
  const change = { by: renterTwo, role: 'renter' } as const;
  const anyHead = { service_key: service.public_key };
  const verifyWith = (...links: SignedKeyLink[]) => verify(withStep(4, change, links), anyHead);
  expect(verifyWith(linkOf(renter, renterTwo))).toMatchObject({ ok: true });
  expect(verifyWith(linkOf(renterTwo, renter))).toMatchObject({ ok: true });
  const [up, down] = [linkOf(renterThree, renter), linkOf(renterThree, renterTwo)];
  expect(verifyWith(down, up)).toMatchObject({ ok: true });
  expect(verifyWith(down)).toMatchObject({ ok: false, at: 4 });
  expect(verifyWith(linkOf(renter, renterTwo, { at: addHours(begun, 5) }))).toMatchObject({
    at: 4,
  });
  const elsewhere = linkOf(renterThree, renterTwo, { account_id: 'acc_2' });
  expect(verifyWith(up, elsewhere)).toMatchObject({ ok: false, at: 4 });
});

test('a key link needs the signatures of both of its keys', () => {
  for (const name of ['signature', 'key_signature'] as const) {
    const link = { ...linkOf(renter, stranger), [name]: signText(service, 'x') };
    expect(verify(withStep(2, {}, [link]), {})).toEqual({
      ok: false,
      at: 0,
      reason: 'A key link is not signed by both of its keys',
    });
  }
});

test('a personal part may be erased, never replaced or added', () => {
  expect(verify(edited((evidence) => (entryOf(evidence, 0).private = null)))).toMatchObject({
    ok: true,
  });
  const kept = { salt: makeSalt(), part: { memo: 'something else' } };
  for (const place of [0, 2]) {
    const forged = edited((evidence) => (entryOf(evidence, place).private = kept));
    expect(verify(forged)).toMatchObject({ ok: false, at: place });
  }
});

test('the terms are those that the request names', () => {
  const forged = edited((evidence) => (evidence.terms['price_e9s'] = '1'));
  expect(verify(forged)).toMatchObject({ at: 0, reason: containing('terms') });
});

test('a log of another service, or for another site, is told apart where the reader knows', () => {
  const other = { ...good, service_key: stranger.public_key };
  expect(verify(other)).toMatchObject({ at: 0, reason: containing('service key') });
  expect(verify(other, {})).toMatchObject({ ok: false, at: 1 });
  expect(verify({ ...good, audience: 'https://evil.example' })).toMatchObject({ at: 0 });
});

test('anything that is no evidence is refused in a sentence, without throwing', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(verify(value).ok).toBe(false);
    }),
  );
  expect(verify({ ...good, entries: [] })).toMatchObject({ ok: false, at: 0 });
});

/** The first entries of a contract that the service accepted under a rule with these changes. */
function acceptedUnder(change: Partial<AutoAcceptRule> = {}, signer: KeyPair = provider) {
  const offering_id = `off_${'0'.repeat(20)}`;
  const rule: AutoAcceptRule = {
    offering_id,
    provider_key: provider.public_key,
    max_hours: 24,
    at: begun,
    expires_at: addHours(begun, 24),
    ...change,
  };
  const data = {
    rule,
    rule_signature: signText(signer, autoAcceptText(rule)),
    rule_key: signer.public_key,
    rule_delegation: null,
  };
  const [request, submit] = steps as [Step, Step];
  return logOf([
    { ...request, data: { ...request.data, offering_id, hours: 24 } },
    submit,
    { action: 'accept', role: 'system', by: service, data },
  ]);
}

test('an acceptance by the service verifies only under the provider’s own rule', () => {
  const reasonOf = (evidence: Evidence) => {
    const verdict = verifyEvidence(evidence, verifyEd25519);
    return verdict.ok ? null : [verdict.at, verdict.reason];
  };
  expect(reasonOf(acceptedUnder())).toBe(null);
  expect(reasonOf(acceptedUnder({ max_hours: 23 }))).toEqual([
    2,
    'The rule does not cover this request',
  ]);
  expect(reasonOf(acceptedUnder({ expires_at: addHours(begun, 1) }))).toEqual([
    2,
    'The rule does not cover this request',
  ]);
  expect(reasonOf(acceptedUnder({ provider_key: stranger.public_key }, stranger))).toEqual([
    2,
    'The rule is not by the provider of this contract',
  ]);
  expect(reasonOf(acceptedUnder({}, stranger))).toEqual([
    2,
    'The key that signed it has no delegation',
  ]);
  const bare = withStep(2, { role: 'system', by: service });
  expect(reasonOf(bare)).toEqual([2, 'It carries no rule of the provider']);
});
