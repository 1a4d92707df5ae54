import { expect, test } from 'vitest';
import {
  PLACE,
  acceptedUnder,
  audience,
  begun,
  delegate,
  life,
  provider,
  providerDevice,
  renter,
  renterDevice,
  service,
  stranger,
  terms,
  withStep,
  writeLog,
  type Step,
} from '../../test/log.ts';
import { authorityOf, checkAuthority, type AuthorityAsk } from '../signing/authority.ts';
import type { Evidence } from '../signing/evidence.ts';
import { verifyEd25519Node } from '../signing/verify-node.ts';
import { addHours, MINUTE_MS } from '../time.ts';
import { verifyEvidence } from './evidence.ts';
import type { SentenceName } from './sentences.ts';

const verify = (evidence: Evidence) =>
  verifyEvidence(evidence, verifyEd25519Node, { service_keys: [service.public_key] });

const asked = life.slice(0, 2);

const { public_key: strangerKey } = stranger;
const inTheirName = (steps: readonly Step[]) =>
  steps.map((one): Step => ({ ...one, role: 'provider', by: provider, device: null }));

const START = 'start_provisioning';
const agent = (actions: string[], offerings: string[] | null) => ({ actions, offerings });

type Forgery = [string, () => Evidence, number, SentenceName];

/** What one party, or the service, could write alone: signatures and hashes are all right. */
const forgeries: Forgery[] = [
  ['a whole life by the provider', () => writeLog(inTheirName(life)), 0, 'begins'],
  ['a life that begins with its acceptance', () => writeLog(life.slice(PLACE.accept)), 0, 'begins'],
  [
    'a request by the service in the renter’s name',
    () =>
      writeLog(withStep(PLACE.request, { role: 'system', by: service, device: null, part: null })),
    0,
    'begins',
  ],
  [
    'a request that names an innocent renter',
    () => writeLog(withStep(PLACE.request, { data: { renter: strangerKey } })),
    0,
    'party',
  ],
  [
    'a request that the provider signed for its renter',
    () => writeLog(withStep(PLACE.request, { by: provider, device: providerDevice })),
    0,
    'party',
  ],
  [
    'times that run backwards',
    () => writeLog(withStep(PLACE.start, { after: -1 })),
    PLACE.start,
    'time',
  ],
  [
    'an action that is none',
    () => writeLog(withStep(PLACE.message, { statement: { action: 'pay' } })),
    PLACE.message,
    'move',
  ],
  [
    'terms whose hash is not said',
    () => writeLog(withStep(PLACE.request, { data: { terms_hash: undefined } })),
    0,
    'data',
  ],
  [
    'a move after the end',
    () => writeLog([...life, { action: 'message', role: 'provider' }]),
    life.length,
    'ended',
  ],
  [
    'a second end with another refund',
    () => writeLog([...life, { action: 'cancel', role: 'provider', data: { refund_e9s: '0' } }]),
    life.length,
    'ended',
  ],
  ['the service’s asking left out', () => writeLog(life.toSpliced(PLACE.submit, 1)), 1, 'move'],
  [
    'an acceptance by the renter',
    () => writeLog(withStep(PLACE.accept, { role: 'renter' })),
    PLACE.accept,
    'move',
  ],
  [
    'an acceptance by the service without a rule',
    () => writeLog(withStep(PLACE.accept, { role: 'system', data: { rule: undefined } })),
    PLACE.accept,
    'data',
  ],
  [
    'an acceptance under a rule that somebody else signed',
    () => writeLog(withStep(PLACE.accept, { role: 'system', data: acceptedUnder({}, stranger) })),
    PLACE.accept,
    'authority',
  ],
  [
    'an expiry before the answer was due',
    () => writeLog([...asked, { action: 'expire', role: 'system', after: 24 * 60 - 1 }]),
    2,
    'guard',
  ],
  [
    'a failure before provisioning was due',
    () =>
      writeLog([...life.slice(0, PLACE.deliver), { action: 'fail', role: 'system', after: 600 }]),
    PLACE.deliver,
    'guard',
  ],
  [
    'a paid clock that starts before anything was opened',
    () => writeLog(life.toSpliced(PLACE.open, 1)),
    PLACE.open,
    'guard',
  ],
  [
    'a paid clock that the renter starts',
    () => writeLog(withStep(PLACE.activate, { role: 'renter' })),
    PLACE.activate,
    'move',
  ],
  [
    'a completion before the hours are over',
    () =>
      writeLog([...life.slice(0, PLACE.cancel), { action: 'complete', role: 'system', after: 60 }]),
    PLACE.cancel,
    'guard',
  ],
  [
    'a delivery without details',
    () => writeLog(withStep(PLACE.deliver, { part: null })),
    PLACE.deliver,
    'guard',
  ],
  [
    'an end without its refund',
    () => writeLog(withStep(PLACE.cancel, { data: { refund_e9s: undefined } })),
    PLACE.cancel,
    'data',
  ],
  [
    'an end that puts the fault on the other side',
    () => writeLog(withStep(PLACE.cancel, { data: { fault: 10_000 } })),
    PLACE.cancel,
    'fault',
  ],
  [
    'an end with a fault that there is not',
    () => writeLog(withStep(PLACE.cancel, { data: { fault: 999_999 } })),
    PLACE.cancel,
    'fault',
  ],
  [
    'something added to what is said',
    () => writeLog(withStep(PLACE.message, { data: { price_e9s: '0' } })),
    PLACE.message,
    'data',
  ],
  [
    'a personal part where there is none',
    () => writeLog(withStep(PLACE.start, { part: { note: 'hidden' } })),
    PLACE.start,
    'personal',
  ],
  [
    'an end without its reason',
    () => writeLog(withStep(PLACE.cancel, { part: null })),
    PLACE.cancel,
    'personal',
  ],
  [
    'a sandbox’s statement in a live contract',
    () => writeLog(withStep(PLACE.start, { statement: { mode: 'sandbox' } })),
    PLACE.start,
    'mode',
  ],
  [
    'a statement about another kind of thing',
    () => writeLog(withStep(PLACE.start, { statement: { subject_kind: 'payment' } })),
    PLACE.start,
    'order',
  ],
  [
    'a place that is not its own',
    () => writeLog(withStep(PLACE.start, { statement: { seq: PLACE.start + 1 } })),
    PLACE.start,
    'order',
  ],
  [
    'a head that is not its own',
    () => writeLog(withStep(PLACE.start, { statement: { prev: 'b'.repeat(64) } })),
    PLACE.start,
    'order',
  ],
  [
    'a stranger’s move',
    () => writeLog(withStep(PLACE.rotate, { by: stranger, device: null })),
    PLACE.rotate,
    'party',
  ],
  [
    'the renter’s key in the provider’s role',
    () => writeLog(withStep(PLACE.rotate, { by: renter, device: renterDevice })),
    PLACE.rotate,
    'party',
  ],
  [
    'the service in a party’s role',
    () => writeLog(withStep(PLACE.accept, { by: service, device: null })),
    PLACE.accept,
    'party',
  ],
  [
    'a stranger in the service’s role',
    () => writeLog(withStep(PLACE.submit, { by: stranger })),
    PLACE.submit,
    'service',
  ],
  [
    'a party in the service’s role',
    () => writeLog(withStep(PLACE.activate, { by: provider })),
    PLACE.activate,
    'service',
  ],
  [
    'a role that is none',
    () => writeLog(withStep(PLACE.message, { statement: { role: 'witness' } })),
    PLACE.message,
    'move',
  ],
  [
    'a device without the scope',
    () => writeLog(withStep(PLACE.request, { delegation: { scopes: ['read', 'provide'] } })),
    0,
    'authority',
  ],
  [
    'a device of another site',
    () => writeLog(withStep(PLACE.start, { delegation: { audience: 'https://evil.example' } })),
    PLACE.start,
    'authority',
  ],
  [
    'a device after its time',
    () => writeLog(withStep(PLACE.start, { delegation: { expires_at: addHours(begun, 0.2) } })),
    PLACE.start,
    'authority',
  ],
  [
    'an agent without leave for the move',
    () => writeLog(withStep(PLACE.start, { delegation: { agent: agent(['accept'], null) } })),
    PLACE.start,
    'authority',
  ],
  [
    'an agent of another offering',
    () => writeLog(withStep(PLACE.start, { delegation: { agent: agent([START], ['off_other']) } })),
    PLACE.start,
    'authority',
  ],
];

test('a log of an agent within its delegation verifies', async () => {
  const within = agent([START], [terms.offering_id]);
  const log = writeLog(withStep(PLACE.start, { delegation: { agent: within } }));
  expect(await verify(log)).toMatchObject({ ok: true });
});

test('no agent signs the rule by which requests are accepted', async () => {
  const by = delegate(provider, providerDevice, { agent: agent(['accept'], null) });
  const ask = { key: providerDevice.public_key, by: provider.public_key, at: begun, audience };
  const asked = { ...ask, scope: 'provide' as const };
  const checked = (move: AuthorityAsk['move']) =>
    checkAuthority(authorityOf(by), { ...asked, move }).problem;
  expect(checked(null)).toContain('delegation.limit');
  expect(checked({ action: 'accept', offering_id: terms.offering_id })).toBeNull();
});

test.each(forgeries)('a log with %s is refused', async (_, forge, at, broke) => {
  expect(await verify(forge())).toMatchObject({ ok: false, at, broke });
});

test('a log that lies in the future is refused by who knows what time it is', async () => {
  const log = writeLog(life);
  const last = Date.parse(log.entries.at(-1)?.statement.at ?? '');
  const at = (ms: number) => ({ now: new Date(last + ms).toISOString() });
  expect(await verifyEvidence(log, verifyEd25519Node, at(0))).toMatchObject({ ok: true });
  expect(await verifyEvidence(log, verifyEd25519Node, at(-6 * MINUTE_MS))).toMatchObject({
    ok: false,
    at: life.length - 1,
    broke: 'time',
  });
});
