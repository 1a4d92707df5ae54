import { expect, test } from 'vitest';
import { PLACE, life, writeLog, writeStanding, type Step } from '../../test/log.ts';
import { canonical, sha256Hex } from '../canonical.ts';
import { hashOf } from '../signing/statement.ts';
import { addHours } from '../time.ts';
import { differencesOf, type ShownField, type SignedLog } from './differences.ts';
import { extensionPriceOf } from '../price.ts';
import type { ContractView } from './schemas.ts';
import { governingTerms } from './standing.ts';

/** The part of a delivery as a provider signs it. */
const part = {
  address: 'node7.example.net',
  port: 22,
  username: 'root',
  host_key_fingerprint: 'SHA256:abc',
  instructions: 'Be kind.',
};
const request = {
  ssh_public_key: 'ssh-ed25519 AAAA',
  contact: { kind: 'email' as const, value: 'ada@example.net' },
  memo: 'for training',
};
const steps: Step[] = life.map((step) => {
  if (step.action === 'request') return { ...step, part: request };
  return step.action === 'mark_provisioned' || step.action === 'rotate_credentials'
    ? { ...step, part }
    : step;
});

/** A log of so many of its steps, and the page that shows it as it is. */
function shownOf(length: number): { view: ContractView; log: SignedLog } {
  const some = steps.slice(0, length);
  const { entries, terms, subject_id } = writeLog(some);
  const standing = writeStanding(some);
  const { extension, delivery } = standing;
  const opened = entries.find(
    ({ statement: { action, data } }) =>
      action === 'open_credentials' && data['envelope_digest'] === delivery?.envelope_digest,
  );
  const view = {
    contract_id: subject_id,
    title: terms['title'],
    state: standing.state,
    renter: { key: standing.renter_key },
    provider: { key: standing.provider_key },
    offering_id: terms['offering_id'],
    terms,
    terms_hash: sha256Hex(canonical(terms)),
    currency: terms['currency'],
    operating_system: standing.choices?.operating_system ?? null,
    hours: standing.hours,
    total_e9s: standing.total_e9s.toString(),
    refund_e9s: standing.refund_e9s?.toString() ?? null,
    requested_at: entries[0]?.statement.at,
    active_at: standing.active_at,
    pauses: [...standing.pauses],
    ends_at: standing.ends_at,
    due_at: standing.due_at,
    ended_at: standing.ended_at,
    request,
    extension: extension && {
      ...extension,
      seq: PLACE.propose,
      extra_e9s: extensionPriceOf(governingTerms.parse(terms), extension.hours).toString(),
    },
    details: delivery
      ? [
          {
            ...{ ...part, ...delivery },
            envelope: null,
            opened_at: opened?.statement.at ?? null,
            erased_at: null,
          },
        ]
      : [],
    entries: entries.map(({ statement, key, private: kept }) => ({
      ...{ seq: statement.seq, action: statement.action, role: statement.role, key },
      ...{ at: statement.at, hash: hashOf(statement), data: statement.data },
      private: kept?.part ?? null,
    })),
  } as unknown as ContractView;
  return { view, log: { contract_id: subject_id, standing, versions: [2], terms, entries } };
}

const whole = shownOf(life.length);
const proposed = shownOf(PLACE.propose + 1);
const fieldsOf = (view: ContractView, { log } = whole) =>
  differencesOf(view, log).map(({ field }) => field);

/** Without the seal itself: these logs hold its digest alone. */
const envelopeAside = (fields: readonly ShownField[]) => fields.filter((one) => one !== 'envelope');

test('a page that shows what was signed differs in nothing, wherever its contract stands', () => {
  for (let length = 1; length <= life.length; length += 1) {
    const { view, log } = shownOf(length);
    expect(envelopeAside(fieldsOf(view, { view, log }))).toEqual([]);
  }
});

const { view } = whole;
const other = 'f'.repeat(64);
const later = addHours(view.requested_at, 1);
const [details, entry] = [view.details[0], view.entries[PLACE.message]];
const posted = (change: object): Partial<ContractView> =>
  ({ details: [{ ...details, ...change }] }) as unknown as Partial<ContractView>;
const asked = (change: object): Partial<ContractView> => ({ request: { ...request, ...change } });
const logged = (change: object): Partial<ContractView> => ({
  entries: view.entries.map((one) => (one === entry ? { ...one, ...change } : one)),
});

const changes: [what: string, field: ShownField, change: Partial<ContractView>][] = [
  ['contract_id', 'contract_id', { contract_id: other }],
  ['title', 'title', { title: 'Bigger GPU' }],
  ['state', 'state', { state: 'completed' }],
  ['renter', 'renter', { renter: { ...view.renter, key: other } }],
  ['provider', 'provider', { provider: { ...view.provider, key: other } }],
  ['offering_id', 'offering_id', { offering_id: `off_${'1'.repeat(20)}` }],
  ['terms', 'terms', { terms: { ...view.terms, price_e9s: '1' } }],
  ['terms_hash', 'terms_hash', { terms_hash: other }],
  ['currency', 'currency', { currency: 'EUR' }],
  ['operating_system', 'operating_system', { operating_system: 'Debian 13' }],
  ['the absence of a choice', 'operating_system', { operating_system: null }],
  ['hours', 'hours', { hours: view.hours + 1 }],
  ['total', 'total', { total_e9s: '1' }],
  ['refund', 'refund', { refund_e9s: '1' }],
  ['requested_at', 'requested_at', { requested_at: later }],
  ['active_at', 'active_at', { active_at: null }],
  ['pauses', 'pauses', { pauses: [{ from: '2026-01-01T00:00:00.000Z', to: null }] }],
  ['ends_at', 'ends_at', { ends_at: later }],
  ['due_at', 'due_at', { due_at: later }],
  ['ended_at', 'ended_at', { ended_at: null }],
  ['ssh_public_key', 'ssh_public_key', asked({ ssh_public_key: 'ssh-ed25519 BBBB' })],
  ['contact', 'contact', asked({ contact: { kind: 'email', value: 'eve@example.net' } })],
  ['memo', 'memo', asked({ memo: '' })],
  ['address', 'address', posted({ address: 'evil.example.net' })],
  ['port', 'port', posted({ port: 2222 })],
  ['username', 'username', posted({ username: 'eve' })],
  ['host_key_fingerprint', 'host_key_fingerprint', posted({ host_key_fingerprint: null })],
  ['instructions', 'instructions', posted({ instructions: 'Be quick.' })],
  ['envelope_digest', 'envelope_digest', posted({ envelope_digest: other })],
  ['recipient_key', 'recipient_key', posted({ recipient_key: other })],
  ['opened_at', 'opened_at', posted({ opened_at: null })],
  ['the text of a message', 'entry', logged({ private: { text: 'Hello!' } })],
  ['the absence of a message', 'entry', logged({ private: null })],
  ['an entry’s time', 'entry', logged({ at: later })],
  ['an entry’s role', 'entry', logged({ role: 'renter' })],
  ['an entry’s action', 'entry', logged({ action: 'extend' })],
  ['an entry’s key', 'entry', logged({ key: other })],
  ['an entry’s hash', 'entry', logged({ hash: other })],
  ['an entry’s data', 'entry', logged({ data: { a: 1 } })],
];

test.for(changes)('%s that is not what was signed is found', ([, field, change]) => {
  expect(envelopeAside(fieldsOf({ ...view, ...change }))).toEqual([field]);
});

test('a sealed envelope that is not the signed one is found, and one that was erased is not missed', () => {
  const erased = { address: null, port: null, username: null, envelope: null, erased_at: later };
  expect(fieldsOf({ ...view, ...posted(erased) })).toEqual([]);
  const envelope = { nonce: 'a' };
  expect(fieldsOf({ ...view, ...posted({ envelope }) })).toEqual(['envelope']);
});

test('credentials that are hidden, and those that are shown for ones replaced since, are found', () => {
  expect(fieldsOf({ ...view, details: [] })).toEqual([
    'envelope_digest',
    'recipient_key',
    'opened_at',
  ]);
});

test('an extension at another price or length, by another, hidden or made up, is found', () => {
  const { view: page, log } = proposed;
  const of = (change: object | null) => {
    const extension = change && { ...page.extension, ...change };
    const shown = { ...page, extension } as ContractView;
    return envelopeAside(differencesOf(shown, log).map(({ field }) => field));
  };
  expect(of({})).toEqual([]);
  expect(of({ extra_e9s: '1' })).toEqual(['extension_price']);
  expect(of({ hours: 99 })).toEqual(['extension_hours']);
  expect(of({ by_role: 'provider' })).toEqual(['extension']);
  expect(of({ hash: other })).toEqual(['extension']);
  expect(of(null)).toContain('extension');
  expect(fieldsOf({ ...view, extension: page.extension })).toContain('extension');
});

test('a difference says in words what is shown and what was signed', () => {
  const [found] = differencesOf({ ...view, total_e9s: '1500000000' }, whole.log);
  expect(found).toMatchObject({ label: 'Total', shown: '1.5 USD' });
  expect(found?.signed).toMatch(/^\d+\.\d+ USD$/);
});

test('a log of version 1 leaves its times ten minutes, and no more', () => {
  const log: SignedLog = { ...whole.log, versions: [1] };
  const at = (minutes: number) => addHours(view.ended_at ?? '', minutes / 60);
  const fields = (ended_at: string) => fieldsOf({ ...view, ended_at }, { view, log });
  expect(envelopeAside(fields(at(10)))).toEqual([]);
  expect(envelopeAside(fields(at(11)))).toEqual(['ended_at']);
});
