import { counted } from '../count.ts';
import type { ProblemCode } from '../problems.ts';
import { subjectOf, type AnyStatement, type Mode } from '../signing/statement.ts';
import { isoAt } from '../time.ts';
import { MAX_TOTAL_E9S } from '../money.ts';
import { extensionPriceOf, MAX_HOURS, priceOf, refundOf, type RefundRule } from '../price.ts';
import { openSystems, type Choices } from './choices.ts';
import type { SentenceName } from './sentences.ts';
import { faultIn, faultsOf, ruleWith } from './faults.ts';
import { paidOf, type GoverningTerms, type Standing } from './standing.ts';
import type { DataKind, DataOf } from './statement-data.ts';

/** What is wrong with a statement, and how the API answers it. */
export interface Breach {
  broke: SentenceName;
  /** A sentence that says what to do, or what is expected. */
  detail: string;
  code: ProblemCode;
  /** Of the statement's data, where it is about one. */
  field?: string;
  /** What the problem carries: the values that would have been right. */
  right?: Record<string, unknown>;
}

export const breach = (
  broke: SentenceName,
  detail: string,
  code: ProblemCode = 'statement.invalid',
  right?: Record<string, unknown>,
): Breach => ({ broke, detail, code, ...(right ? { right } : {}) });

/** All that a statement is compared with. */
export interface About {
  statement: AnyStatement;
  /** Where the contract stands before it. */
  standing: Standing;
  terms: GoverningTerms;
  terms_hash: string;
  /** The refund rule of the move, where it ends the contract. */
  money: RefundRule | undefined;
  /** How far times may be off: the API once counted by its own clock and not by the signed one. */
  slack_ms: number;
  /** Whether a request must choose of what is open: logs from before there were choices do not. */
  needs_choices: boolean;
  /** The digest of the envelope that came with the statement; null where it is not there to see. */
  envelope_digest: string | null;
  /** Whether the renter has published this encryption key; null where it is not there to see. */
  isRecipient: (encryption_key: string) => boolean;
  /** What is wrong with the rule that the service accepts under. */
  breachOfRule: (data: DataOf<'accept_by_rule'>) => Breach | null;
  /** What is wrong with what was brought from the Internet Computer. */
  problemOfImport: (data: DataOf<'import_request'> | DataOf<'import_reply'>) => string | null;
}

type Rule<V, D> = (value: V, about: About, data: D) => Breach | null;

/** The signer says what it likes here, or another field's rule looks at it. */
const free = (): null => null;

/** The one value that is right, which the problem carries by `names` too. */
const equal =
  <V>(
    broke: SentenceName,
    right: (about: About) => V,
    code: ProblemCode = 'statement.invalid',
    names?: (about: About) => Record<string, unknown>,
  ) =>
  (value: V, about: About): Breach | null => {
    const expected = right(about);
    if (value === expected) return null;
    return breach(broke, `It should be ${String(expected)}.`, code, names?.(about));
  };

const price = (about: About, hours: unknown) => ({
  total_e9s: priceOf(about.terms, Number(hours)).total_e9s.toString(),
  currency: about.terms.currency,
});

/** A refund may be that of a moment before or after where times are not exact. */
function refund(value: string | undefined, about: About, data: object): Breach | null {
  const { money, standing, terms, statement, slack_ms } = about;
  const rule = money && ruleWith(money, faultIn(data));
  const at = (ms: number) =>
    rule === undefined
      ? undefined
      : refundOf(rule, paidOf(standing, terms), isoAt(Date.parse(statement.at) + ms)).toString();
  if (value === at(0) || value === at(slack_ms) || value === at(-slack_ms)) return null;
  return breach(
    'refund',
    `The refund is ${at(0) ?? 'none'} by now; look again, then sign.`,
    'price.changed',
    { refund_e9s: at(0) },
  );
}
const ending = { refund_e9s: refund };
/** First whether the fault is theirs to give, then what comes back by it. */
const early = {
  fault: (value: number | undefined, { statement: { action, role } }: About) =>
    value === undefined || faultsOf(action, role).some(({ code }) => code === value)
      ? null
      : breach('fault', 'Give one of the reasons that are yours to give; load the page again.'),
  ...ending,
};

const delivery = {
  envelope_digest: (value: string, { envelope_digest }: About) =>
    envelope_digest === null || value === envelope_digest
      ? null
      : breach('envelope', 'The envelope is not the one that was signed.'),
  recipient_key: (value: string, { isRecipient }: About) =>
    isRecipient(value) ? null : breach('recipient', 'Seal to the renter’s present encryption key.'),
};

const named = {
  offering_id: equal('offering', ({ terms }) => terms.offering_id),
  terms_hash: equal(
    'terms',
    ({ terms_hash }) => terms_hash,
    'offering.moved',
    ({ terms_hash }) => ({
      terms_hash,
    }),
  ),
  currency: equal(
    'price',
    ({ terms }) => terms.currency,
    'price.changed',
    ({ terms }) => ({
      currency: terms.currency,
    }),
  ),
};

/** What is chosen is open; what is open is chosen. */
function choices(value: Choices | undefined, { terms, needs_choices }: About): Breach | null {
  const open = openSystems(terms);
  if (value === undefined) {
    if (open.length === 0 || !needs_choices) return null;
    return breach('choices', `Choose one of ${open.join(', ')}`, 'request.invalid');
  }
  if (open.includes(value.operating_system)) return null;
  const detail =
    open.length === 0 ? 'The terms leave nothing to choose' : `Choose one of ${open.join(', ')}`;
  return breach('choices', detail, 'request.invalid');
}

type Table = {
  [K in DataKind]: { [F in keyof DataOf<K>]-?: Rule<DataOf<K>[F], DataOf<K>> };
};

/**
 * What each field of each statement must be, for the API and the verifier alike: a field without a
 * rule does not compile. Of several that break the first counts.
 */
const rules: Table = {
  request: {
    renter: equal('parties', ({ statement }) => statement.by),
    total_e9s(value, about, { hours }) {
      const right = price(about, hours);
      return value === right.total_e9s
        ? null
        : breach('price', 'Look at the new total, then sign again.', 'price.changed', right);
    },
    ...named,
    provider: (value, { terms, statement }) =>
      value === terms.provider_key && value !== statement.by
        ? null
        : breach('parties', 'Look at the new terms, then sign again.', 'offering.moved'),
    hours(value, { terms: { min_hours, max_hours } }) {
      if (value >= min_hours && value <= max_hours) return null;
      return breach(
        'hours',
        `Choose ${min_hours.toLocaleString('en')} to ${counted(max_hours, 'hour')}`,
        'request.invalid',
      );
    },
    choices,
    pays_by: free,
    nonce: free,
  },
  submit: {},
  import_request: {
    payload: (_, { problemOfImport }, data) => imported(problemOfImport(data)),
    ...named,
    provider: equal('parties', ({ terms }) => terms.provider_key),
    block_offset: free,
    block_hash: free,
    entry: free,
    signature: free,
    renter: free,
    hours: free,
    total_e9s: free,
  },
  import_reply: {
    payload: (_, { problemOfImport }, data) => imported(problemOfImport(data)),
    refund_e9s: refund,
    block_offset: free,
    block_hash: free,
    entry: free,
    signature: free,
    accepted: free,
  },
  accept: {
    terms_hash: named.terms_hash,
    hours: equal('hours', ({ standing }) => standing.hours),
    total_e9s: equal('price', ({ standing }) => standing.total_e9s.toString()),
    currency: named.currency,
    choices: (value, { standing }) =>
      value?.operating_system === standing.choices?.operating_system
        ? null
        : breach('choices', 'Accept what the renter chose; load the page again, then sign.'),
  },
  accept_by_rule: {
    rule({ offering_id, max_hours, expires_at }, { standing, terms, statement }) {
      const covers =
        offering_id === terms.offering_id &&
        standing.hours <= max_hours &&
        Date.parse(statement.at) < Date.parse(expires_at);
      return covers ? null : breach('rule', 'The rule does not cover this request.');
    },
    rule_signature: (_, { breachOfRule }, data) => breachOfRule(data),
    rule_key: free,
    rule_authority: free,
  },
  reject: ending,
  start_provisioning: {},
  mark_provisioned: delivery,
  activate: {},
  suspend: {},
  resume: {},
  complete: ending,
  cancel: early,
  expire: ending,
  fail: early,
  extend: {
    extra_e9s(value, { terms, standing }, { hours }) {
      const extra_e9s = extensionPriceOf(terms, hours).toString();
      if (standing.total_e9s + BigInt(extra_e9s) > MAX_TOTAL_E9S) {
        return breach('extension', 'With these hours it would cost more than a contract can.');
      }
      return value === extra_e9s
        ? null
        : breach(
            'extension',
            'Look at the price of the extension, then sign again.',
            'price.changed',
            { extra_e9s },
          );
    },
    hours: (value, { standing }) =>
      standing.hours + value <= MAX_HOURS
        ? null
        : breach('hours', `A contract lasts at most ${MAX_HOURS} hours in all.`),
    accepts(value, { standing: { extension }, statement }, { hours }) {
      const isSame =
        value === null ||
        (extension?.hash === value &&
          extension.hours === hours &&
          extension.by_role !== statement.role);
      return isSame
        ? null
        : breach('extension', 'Accept the other party’s newest extension as it stands.');
    },
  },
  open_credentials: {
    envelope_digest: (value, { standing }) =>
      value === standing.delivery?.envelope_digest
        ? null
        : breach('envelope', 'Sign for the newest credentials; load the page again.'),
  },
  rotate_credentials: delivery,
  message: {},
};

const imported = (problem: string | null): Breach | null =>
  problem === null ? null : breach('icp', problem);

/** What is wrong with what a statement says, or null. `data` is as its schema has read it. */
export function breachOfData<K extends DataKind>(
  kind: K,
  data: DataOf<K>,
  about: About,
): Breach | null {
  const said = data as Record<string, unknown>;
  for (const [field, rule] of Object.entries(rules[kind]) as [string, Rule<unknown, unknown>][]) {
    const found = rule(said[field], about, data);
    if (found !== null) return { ...found, field };
  }
  return null;
}

/** Where a log stands, as far as the frame of the next statement hangs on it. */
export interface Place {
  contract_id: string | null;
  /** Entries so far. */
  version: number;
  head_hash: string | null;
  head_at: string | null;
  /** Null before the first statement. */
  mode: Mode | null;
  slack_ms: number;
}

/** What is wrong with what every statement says: what it moves, from where, and when. */
export function breachOfFrame(statement: AnyStatement, place: Place): Breach | null {
  const { seq, prev, at } = statement;
  const { kind, id, mode } = subjectOf(statement);
  if (kind !== 'contract' || id !== place.contract_id) {
    return breach('order', 'It is a statement about something else than this contract.');
  }
  if (seq !== place.version || prev !== place.head_hash) {
    const detail = `It says it is entry ${seq} after ${prev ?? 'nothing'}, and is entry ${place.version} after ${place.head_hash ?? 'nothing'}.`;
    return breach('order', detail, 'contract.moved');
  }
  if (place.mode !== null && mode !== place.mode) {
    return breach('mode', `The contract is ${place.mode}.`);
  }
  const { head_at, slack_ms } = place;
  return head_at !== null && Date.parse(at) + slack_ms < Date.parse(head_at)
    ? breach('time', `It is dated before the entry before it, of ${head_at}.`, 'statement.clock')
    : null;
}
