/** Contract logs for tests, written and signed as clients and service do, or as a forger would. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Scope } from '../src/access.ts';
import { canonical, sha256Hex } from '../src/canonical.ts';
import {
  contractMachine,
  type ContractAction,
  type ContractRole,
} from '../src/contracts/machine.ts';
import { faultsOf, ruleWith } from '../src/contracts/faults.ts';
import { extensionPriceOf, priceOf, refundOf } from '../src/price.ts';
import {
  beforeAll,
  governingTerms,
  paidOf,
  standingAfter,
  type Standing,
} from '../src/contracts/standing.ts';
import { dataKindOf, type DataOf } from '../src/contracts/statement-data.ts';
import { decide } from '../src/machine.ts';
import { authorityOf } from '../src/signing/authority.ts';
import { autoAcceptText, type AutoAcceptRule } from '../src/signing/auto-accept.ts';
import {
  delegationText,
  type AgentLeave,
  type SignedDelegation,
} from '../src/signing/delegation.ts';
import type { Evidence, EvidenceEntry } from '../src/signing/evidence.ts';
import type { KeyEvent } from '../src/signing/key-events.ts';
import { encryptionKeyText } from '../src/signing/keys.ts';
import { serviceKeyText, type SignedServiceKey } from '../src/signing/service-key.ts';
import {
  hashOf,
  privateDigest,
  signingInputOf,
  type AnyStatement,
  type Statement,
} from '../src/signing/statement.ts';
import { addHours, isoAt, MINUTE_MS } from '../src/time.ts';

const SECRET_BYTES = 32;
/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key on node:crypto, which signs faster than JavaScript. */
export interface Key {
  public_key: string;
  sign: (text: string) => string;
}

export function keyOf(n: number): Key {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(SECRET_BYTES, n)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    public_key: spki.subarray(-SECRET_BYTES).toString('hex'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('hex'),
  };
}

export const [renter, provider, service, stranger, renterDevice, providerDevice] = [
  1, 2, 3, 4, 5, 6,
].map(keyOf) as [Key, Key, Key, Key, Key, Key];

export const audience = 'https://berth.example';
export const begun = '2026-01-01T00:00:00.000Z';

/** Terms as they are shown and hashed; the verifier looks at those that govern alone. */
export const terms = {
  offering_id: `off_${'0'.repeat(20)}`,
  provider_key: provider.public_key,
  title: 'Big GPU',
  price_e9s: '1000000001',
  unit: 'hour',
  setup_fee_e9s: '5000000000',
  currency: 'USD',
  min_hours: 2,
  max_hours: 48,
  response_hours: 24,
  provisioning_hours: 12,
  operating_systems: ['Debian 13', 'Ubuntu 24.04'],
};
export type Terms = typeof terms;
const termsHash = (some: object) => sha256Hex(canonical(some));

/** One entry to be; what is not said is as it should be. */
export interface Step {
  action: ContractAction;
  role: ContractRole;
  /** Minutes since the entry before. */
  after?: number;
  data?: Record<string, unknown>;
  part?: Record<string, unknown> | null;
  by?: Key;
  /** The device that signs for `by`; none where `by` signs itself. */
  device?: Key | null;
  delegation?: DelegationChange;
  /** Fields of the statement that are not as they should be. */
  statement?: Partial<Statement>;
}
export interface DelegationChange {
  scopes?: Scope[];
  audience?: string;
  expires_at?: string;
  agent?: AgentLeave;
}

export function delegate(by: Key, device: Key, change: DelegationChange = {}): SignedDelegation {
  const delegation = {
    account_key: by.public_key,
    device_key: device.public_key,
    label: 'Laptop',
    scopes: ['read', 'rent', 'provide'] as Scope[],
    audience,
    issued_at: begun,
    expires_at: addHours(begun, 89 * 24),
    ...change,
  };
  return { delegation, signature: by.sign(delegationText(delegation)) };
}

const whoOf = { renter, provider, system: service };
const deviceOf = { renter: renterDevice, provider: providerDevice, system: null };
const partOf: Partial<Record<ContractAction, Record<string, unknown>>> = {
  request: { memo: 'for training' },
  reject: { reason: 'Full.' },
  cancel: { reason: 'Done.' },
  fail: { reason: 'Broken.' },
  mark_provisioned: { address: '10.0.0.1' },
  rotate_credentials: { address: '10.0.0.1' },
  message: { text: 'Hello.' },
};
const HOURS = 24;
const MINUTES_BETWEEN = 10;

export const firstServiceKey = (key: Key = service): SignedServiceKey => {
  const record = { key: key.public_key, prev: null, at: '1970-01-01T00:00:00.000Z' };
  return { record, signature: null, key_signature: key.sign(serviceKeyText(record)) };
};

const recipient_key = 'cc'.repeat(32);

/** What the renter's credentials are sealed to. */
export const published: KeyEvent = {
  kind: 'first_encryption_key',
  account_id: 'acc_1',
  by: renter.public_key,
  said: { encryption_key: recipient_key },
  signature: renter.sign(encryptionKeyText(recipient_key)),
};

/** The provider's rule under which the service accepts. */
export function acceptedUnder(change: Partial<AutoAcceptRule> = {}, signer: Key = provider) {
  const rule: AutoAcceptRule = {
    offering_id: terms.offering_id,
    provider_key: provider.public_key,
    max_hours: HOURS,
    at: begun,
    expires_at: addHours(begun, HOURS),
    ...change,
  };
  return {
    rule,
    rule_signature: signer.sign(autoAcceptText(rule)),
    rule_key: signer.public_key,
    rule_authority: [],
  };
}

/** What a statement of this kind has to say here, by the functions that everybody uses. */
function rightData(
  { action, role }: Step,
  at: string,
  standing: Standing,
  shown: Terms,
): Record<string, unknown> {
  const governing = governingTerms.parse(shown);
  const terms_hash = termsHash(shown);
  const { currency } = shown;
  const move = contractMachine.moves.find(
    (row) =>
      row.action === action &&
      row.by.includes(role) &&
      (row.from.includes(standing.state) || standing.state === null),
  );
  if (move?.money !== undefined) {
    const [fault] = faultsOf(action, role);
    const rule = ruleWith(move.money, fault ?? null);
    const refund_e9s = refundOf(rule, paidOf(standing, governing), at).toString();
    return { refund_e9s, ...(fault ? { fault: fault.code } : {}) };
  }
  switch (action) {
    case 'request':
      return {
        offering_id: shown.offering_id,
        terms_hash,
        renter: renter.public_key,
        provider: shown.provider_key,
        hours: HOURS,
        total_e9s: priceOf(governing, HOURS).total_e9s.toString(),
        currency,
        nonce: 'ab'.repeat(16),
        choices: { operating_system: shown.operating_systems[1] },
      };
    case 'accept': {
      if (role === 'system') return acceptedUnder();
      const { hours, total_e9s } = standing;
      const choices = standing.choices ?? undefined;
      return { terms_hash, hours, total_e9s: total_e9s.toString(), currency, choices };
    }
    case 'extend': {
      const { extension } = standing;
      const accepts = extension && extension.by_role !== role ? extension : null;
      const hours = accepts?.hours ?? 3;
      const extra_e9s = extensionPriceOf(governing, hours).toString();
      return { hours, extra_e9s, accepts: accepts?.hash ?? null };
    }
    case 'mark_provisioned':
    case 'rotate_credentials':
      return { envelope_digest: sha256Hex(at), recipient_key };
    case 'open_credentials':
      return { envelope_digest: standing.delivery?.envelope_digest ?? '0'.repeat(64) };
    default:
      return {};
  }
}

/** Writes these steps one after another, each signed as it says; `shown` are the terms beside. */
export const writeLog = (steps: readonly Step[], shown: Terms = terms): Evidence =>
  write(steps, shown).log;

/** Where the contract stands after these steps. */
export const writeStanding = (steps: readonly Step[]): Standing => write(steps, terms).standing;

function write(steps: readonly Step[], shown: Terms): { log: Evidence; standing: Standing } {
  const entries: EvidenceEntry[] = [];
  let standing = beforeAll;
  let head: { hash: string; at: string } | null = null;
  let subject_id: string | null = null;
  for (const [seq, step] of steps.entries()) {
    const after = (step.after ?? MINUTES_BETWEEN) * MINUTE_MS;
    const at: string = head === null ? begun : isoAt(Date.parse(head.at) + after);
    const { entry, data } = writeEntry(step, at, standing, shown, {
      seq,
      subject_id,
      prev: head?.hash ?? null,
    });
    const { statement } = entry;
    const hash = hashOf(statement);
    entries.push(entry);
    subject_id ??= hash;
    head = { hash, at: statement.at };
    standing = follow(standing, statement, data, hash, shown);
  }
  const log: Evidence = {
    format: 'berth/evidence/v2',
    subject_kind: 'contract',
    subject_id: subject_id ?? '',
    audience,
    service_keys: [firstServiceKey()],
    terms: shown,
    key_events: [published],
    entries,
  };
  return { log, standing };
}

function writeEntry(
  step: Step,
  at: string,
  standing: Standing,
  shown: Terms,
  place: Pick<Statement, 'seq' | 'subject_id' | 'prev'>,
): { entry: EvidenceEntry; data: Record<string, unknown> } {
  const { action, role, by = whoOf[role], device = deviceOf[role] } = step;
  const said = Object.entries({ ...rightData(step, at, standing, shown), ...step.data });
  // What is undefined is left out.
  const data = Object.fromEntries(said.filter(([, value]) => value !== undefined));
  const usual = role === 'system' ? null : (partOf[action] ?? null);
  const part = step.part === undefined ? usual : step.part;
  const kept = part && { salt: 'a1'.repeat(16), part };
  const statement: Statement = {
    subject_kind: 'contract',
    mode: 'live',
    ...place,
    action,
    by: by.public_key,
    role,
    at,
    data,
    private_digest: kept && privateDigest(kept),
    ...step.statement,
  };
  const signer = device ?? by;
  const entry = {
    statement,
    signature: signer.sign(signingInputOf(statement)),
    key: signer.public_key,
    authority: authorityOf(device && delegate(by, device, step.delegation)),
    private: kept,
  };
  return { entry, data };
}

/** Where the contract stands next; where it was before, after a statement that was not allowed. */
function follow(
  standing: Standing,
  { action, role, at, seq }: AnyStatement,
  data: Record<string, unknown>,
  hash: string,
  shown: Terms,
): Standing {
  const facts = {
    has_details: true,
    has_rule: true,
    is_due: true,
    has_opened: true,
    had_time: true,
    can_pause: true,
  };
  const one = { action: action as ContractAction, role: role as ContractRole };
  const decision = decide(contractMachine, { state: standing.state, ...one, facts });
  if (!decision.ok) return standing;
  const kind = dataKindOf(one.action, role, seq);
  const made = { statement: { action, role, at }, hash, kind, move: decision.row, to: decision.to };
  return standingAfter(
    standing,
    { ...made, data: data as DataOf<typeof kind> },
    governingTerms.parse(shown),
  );
}

const step = (action: ContractAction, role: ContractRole, more: Partial<Step> = {}): Step => ({
  action,
  role,
  ...more,
});

/** A whole life: asked, accepted, provisioned, opened, extended by both, and cancelled. */
export const life: readonly Step[] = [
  step('request', 'renter'),
  step('submit', 'system'),
  step('accept', 'provider', { device: null }),
  step('start_provisioning', 'provider'),
  step('mark_provisioned', 'provider'),
  step('message', 'provider'),
  step('open_credentials', 'renter'),
  step('activate', 'system', { after: 0 }),
  step('extend', 'renter'),
  step('extend', 'provider'),
  step('rotate_credentials', 'provider'),
  step('open_credentials', 'renter'),
  step('cancel', 'renter', { after: 150 }),
];

/** Where its steps stand. */
export const PLACE = {
  request: 0,
  submit: 1,
  accept: 2,
  start: 3,
  deliver: 4,
  message: 5,
  open: 6,
  activate: 7,
  propose: 8,
  agree: 9,
  rotate: 10,
  reopen: 11,
  cancel: 12,
} as const;

/** The life with one step changed. */
export const withStep = (place: number, change: Partial<Step>): Step[] =>
  life.map((one, n) => (n === place ? { ...one, ...change } : one));
