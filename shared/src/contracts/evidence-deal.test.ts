import { expect, test } from 'vitest';
import {
  PLACE,
  acceptedUnder,
  begun,
  life,
  provider,
  renter,
  service,
  stranger,
  terms,
  withStep,
  writeLog,
  type Step,
} from '../../test/log.ts';
import { canonical, sha256Hex } from '../canonical.ts';
import type { Evidence } from '../signing/evidence.ts';
import { hashOf } from '../signing/statement.ts';
import { verifyEd25519Node } from '../signing/verify-node.ts';
import { addHours } from '../time.ts';
import { verifyEvidence } from './evidence.ts';
import type { SentenceName } from './sentences.ts';

const verify = (evidence: Evidence) =>
  verifyEvidence(evidence, verifyEd25519Node, { service_keys: [service.public_key] });

const hashed = (shown: object) => sha256Hex(canonical(shown));

test('a whole life verifies, and shows where the contract stands', async () => {
  expect(await verify(writeLog(life))).toMatchObject({
    ok: true,
    entries: life.length,
    versions: [2],
    standing: {
      state: 'cancelled',
      renter_key: renter.public_key,
      provider_key: provider.public_key,
      hours: 27,
      total_e9s: 5_000_000_000n + 24n * 1_000_000_001n + 3n * 1_000_000_001n,
      // Begun hours were used: 150 minutes and what came before are four of 27.
      refund_e9s: 23n * 1_000_000_001n,
    },
  });
});

test('a request from before there were choices verifies, as does one on terms that leave none', async () => {
  const unsaid = withStep(PLACE.request, { data: { choices: undefined } });
  for (const shown of [terms, { ...terms, operating_systems: [] }]) {
    expect(await verify(writeLog(unsaid, shown))).toMatchObject({
      ok: true,
      standing: { choices: null },
    });
  }
  expect(await verify(writeLog(life))).toMatchObject({
    standing: { choices: { operating_system: 'Ubuntu 24.04' } },
  });
});

const { public_key: strangerKey } = stranger;
const dearer = { ...terms, price_e9s: '2' };
const theirs = { ...terms, provider_key: strangerKey };
const choosing = (choices: unknown): Step[] => withStep(PLACE.request, { data: { choices } });
const fixed = { ...terms, operating_systems: ['Debian 13', 'Debian 13'] };
type Forgery = [string, () => Evidence, number, SentenceName];

/** What one party, or the service, could write alone: signatures and hashes are all right. */
const forgeries: Forgery[] = [
  [
    'a request to oneself',
    () =>
      writeLog([{ ...life[0], data: { provider: renter.public_key } } as Step], {
        ...terms,
        provider_key: renter.public_key,
      }),
    0,
    'parties',
  ],
  ['terms that are not those signed', () => ({ ...writeLog(life), terms: dearer }), 0, 'price'],
  [
    'terms changed in nothing that governs',
    () => ({ ...writeLog(life), terms: { ...terms, title: 'Small GPU' } }),
    0,
    'terms',
  ],
  [
    'a total that is not the price',
    () => writeLog(withStep(PLACE.request, { data: { total_e9s: '1' } })),
    0,
    'price',
  ],
  [
    'another currency',
    () => writeLog(withStep(PLACE.request, { data: { currency: 'EUR' } })),
    0,
    'price',
  ],
  [
    'fewer hours than the terms allow, at their price',
    () => writeLog(withStep(PLACE.request, { data: { hours: 1, total_e9s: '6000000001' } })),
    0,
    'hours',
  ],
  [
    'more hours than the terms allow, at their price',
    () => writeLog(withStep(PLACE.request, { data: { hours: 49, total_e9s: '54000000049' } })),
    0,
    'hours',
  ],
  [
    'an offering that the terms are not of',
    () => writeLog(withStep(PLACE.request, { data: { offering_id: `off_${'1'.repeat(20)}` } })),
    0,
    'offering',
  ],
  [
    'a choice that the terms do not leave',
    () => writeLog(choosing({ operating_system: 'Windows' })),
    0,
    'choices',
  ],
  [
    'a choice where nothing is open',
    () =>
      writeLog(
        withStep(PLACE.request, { data: { choices: { operating_system: 'Debian 13' } } }),
        fixed,
      ),
    0,
    'choices',
  ],
  [
    'a choice of more than there is to choose',
    () => writeLog(choosing({ operating_system: 'Debian 13', country: 'NL' })),
    0,
    'data',
  ],
  ['an empty choice', () => writeLog(choosing({})), 0, 'data'],
  [
    'an acceptance of another choice',
    () =>
      writeLog(withStep(PLACE.accept, { data: { choices: { operating_system: 'Debian 13' } } })),
    PLACE.accept,
    'choices',
  ],
  [
    'an acceptance that leaves the choice out',
    () => writeLog(withStep(PLACE.accept, { data: { choices: undefined } })),
    PLACE.accept,
    'choices',
  ],
  [
    'a provider that the terms are not of',
    () => writeLog(withStep(PLACE.request, { data: { provider: strangerKey } })),
    0,
    'parties',
  ],
  [
    'terms of another provider',
    () =>
      writeLog(
        withStep(PLACE.request, {
          data: { provider: provider.public_key, terms_hash: hashed(theirs) },
        }),
        theirs,
      ),
    0,
    'parties',
  ],
  [
    'an acceptance under a rule of somebody else',
    () =>
      writeLog(
        withStep(PLACE.accept, {
          role: 'system',
          data: acceptedUnder({ provider_key: strangerKey }, stranger),
        }),
      ),
    PLACE.accept,
    'rule',
  ],
  [
    'an acceptance under a rule for fewer hours',
    () =>
      writeLog(withStep(PLACE.accept, { role: 'system', data: acceptedUnder({ max_hours: 23 }) })),
    PLACE.accept,
    'rule',
  ],
  [
    'an acceptance under a rule that has run out',
    () =>
      writeLog(
        withStep(PLACE.accept, {
          role: 'system',
          data: acceptedUnder({ expires_at: addHours(begun, 0.3) }),
        }),
      ),
    PLACE.accept,
    'rule',
  ],
  [
    'an acceptance of other terms',
    () => writeLog(withStep(PLACE.accept, { data: { terms_hash: hashed(dearer) } })),
    PLACE.accept,
    'terms',
  ],
  [
    'an acceptance of another total',
    () => writeLog(withStep(PLACE.accept, { data: { total_e9s: '1' } })),
    PLACE.accept,
    'price',
  ],
  [
    'an acceptance of other hours',
    () => writeLog(withStep(PLACE.accept, { data: { hours: 25 } })),
    PLACE.accept,
    'hours',
  ],
  [
    'credentials opened that were not posted',
    () => writeLog(withStep(PLACE.open, { data: { envelope_digest: 'd'.repeat(64) } })),
    PLACE.open,
    'envelope',
  ],
  [
    'old credentials opened after new ones were posted',
    () => {
      const log = writeLog(life.slice(0, PLACE.open));
      const { envelope_digest } = log.entries[PLACE.deliver]?.statement.data ?? {};
      return writeLog(withStep(PLACE.reopen, { data: { envelope_digest } }));
    },
    PLACE.reopen,
    'envelope',
  ],
  [
    'an extension at another price',
    () => writeLog(withStep(PLACE.propose, { data: { extra_e9s: '0' } })),
    PLACE.propose,
    'extension',
  ],
  [
    'an extension accepted by who proposed it',
    () => {
      const accepts = hashOf(
        (writeLog(life).entries[PLACE.propose] as Evidence['entries'][0]).statement,
      );
      return writeLog(withStep(PLACE.agree, { role: 'renter', data: { accepts } }));
    },
    PLACE.agree,
    'extension',
  ],
  [
    'an acceptance of more hours than were proposed',
    () => writeLog(withStep(PLACE.agree, { data: { hours: 4, extra_e9s: '4000000004' } })),
    PLACE.agree,
    'extension',
  ],
  [
    'an acceptance of an extension that nobody proposed',
    () => writeLog(withStep(PLACE.propose, { data: { accepts: 'a'.repeat(64) } })),
    PLACE.propose,
    'extension',
  ],
  [
    'an extension beyond what a contract can last',
    () =>
      writeLog(withStep(PLACE.propose, { data: { hours: 43_800, extra_e9s: '43800000043800' } })),
    PLACE.propose,
    'hours',
  ],
  [
    'a refund that keeps too much',
    () => writeLog(withStep(PLACE.cancel, { data: { refund_e9s: '0' } })),
    PLACE.cancel,
    'refund',
  ],
  [
    'a refund of everything from a contract that ran',
    () => writeLog(withStep(PLACE.cancel, { data: { refund_e9s: '32000000027' } })),
    PLACE.cancel,
    'refund',
  ],
];

test.each(forgeries)('a log with %s is refused', async (_, forge, at, broke) => {
  expect(await verify(forge())).toMatchObject({ ok: false, at, broke });
});
