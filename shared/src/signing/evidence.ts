import * as z from 'zod';
import type { Scope } from '../access.ts';
import { canonical, sha256Hex } from '../canonical.ts';
import { hex64, signatureHex } from '../fields.ts';
import { CLOCK_SKEW_MS } from '../time.ts';
import { autoAcceptRule, autoAcceptText } from './auto-accept.ts';
import {
  checkDelegation,
  delegationText,
  keyLinkText,
  MAX_ORIGIN_CHARS,
  signedDelegationSchema,
  signedKeyLinkSchema,
  type SignedKeyLink,
} from './delegation.ts';
import { problemOfImport } from './evidence-import.ts';
import {
  contractIdOf,
  hashOf,
  privateDigest,
  privatePartSchema,
  signedRecord,
  signingInputOf,
  statementSchema,
  type Statement,
} from './statement.ts';
import type { Verify } from './verify.ts';

export const MAX_EVIDENCE_ENTRIES = 10_000;
export const MAX_EVIDENCE_LINKS = 100;

/** One entry of a log: `key` made the signature, under a delegation where it is not `by` itself. */
const entrySchema = z.strictObject({
  statement: statementSchema,
  signature: signatureHex,
  key: hex64,
  delegation: signedDelegationSchema.nullable(),
  /** Null where there is none or it was erased; the statement keeps its digest. */
  private: privatePartSchema.nullable(),
});
export type EvidenceEntry = z.infer<typeof entrySchema>;

/** A contract log with all that is needed to verify it offline. */
export const evidenceSchema = z.strictObject({
  format: z.literal('berth/evidence/v1'),
  contract_id: hex64,
  /** The origin that every delegation is for. */
  audience: z.string().max(MAX_ORIGIN_CHARS),
  service_key: hex64,
  /** The terms as shown, which the request names by hash. */
  terms: signedRecord,
  entries: z.array(entrySchema).min(1).max(MAX_EVIDENCE_ENTRIES),
  key_links: z.array(signedKeyLinkSchema).max(MAX_EVIDENCE_LINKS),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What the reader knows from elsewhere; each is compared only where it is given. */
export interface Expected {
  /** Hash of the last statement: without it a log cut at its end cannot be told. */
  head?: string;
  /** Without it the system's entries prove only that one key signed them all. */
  service_key?: string;
  audience?: string;
}

/** `at` is the place of the first entry that breaks; 0 also for what stands beside the entries. */
export type Verdict = { ok: true; entries: number } | { ok: false; at: number; reason: string };

const broken = (at: number, reason: string): Verdict => ({ ok: false, at, reason });

/**
 * Verifies a contract log by itself: order, hashes, signatures, delegations and personal parts.
 * It does not know the machine (whether each move was allowed) or revoked delegations.
 */
export function verifyEvidence(input: unknown, verify: Verify, expected: Expected = {}): Verdict {
  const parsed = evidenceSchema.safeParse(input);
  if (!parsed.success) return malformed(parsed.error);
  const evidence = parsed.data;
  const problem = problemBeside(evidence, verify, expected);
  if (problem !== null) return broken(0, problem);
  let previous: Statement | null = null;
  for (const [place, entry] of evidence.entries.entries()) {
    const reason =
      problemOfPlace(entry.statement, place, previous, evidence.contract_id) ??
      problemOfSigner(entry, evidence, verify) ??
      problemOfPrivate(entry);
    if (reason !== null) return broken(place, reason);
    previous = entry.statement;
  }
  const entries = evidence.entries.length;
  if (expected.head !== undefined && previous !== null && hashOf(previous) !== expected.head) {
    return broken(entries, 'The log does not end with the expected entry');
  }
  return { ok: true, entries };
}

function malformed(error: z.ZodError): Verdict {
  const issues = error.issues.map(({ path, message }) => {
    const at = path[0] === 'entries' && typeof path[1] === 'number' ? path[1] : 0;
    return { at, reason: `${path.join('.') || 'evidence'}: ${message}` };
  });
  const first = issues.reduce((a, b) => (b.at < a.at ? b : a));
  return broken(first.at, first.reason);
}

function problemBeside(evidence: Evidence, verify: Verify, expected: Expected): string | null {
  if ((expected.service_key ?? evidence.service_key) !== evidence.service_key) {
    return 'The service key is not the expected one';
  }
  if ((expected.audience ?? evidence.audience) !== evidence.audience) {
    return 'The audience is not the expected one';
  }
  const first = (evidence.entries[0] as EvidenceEntry).statement;
  const { terms_hash } = first.data;
  if (terms_hash !== undefined && terms_hash !== sha256Hex(canonical(evidence.terms))) {
    return 'The terms are not those that were signed';
  }
  for (const { link, signature, key_signature } of evidence.key_links) {
    const text = keyLinkText(link);
    if (!verify(link.by, text, signature) || !verify(link.key, text, key_signature)) {
      return 'A key link is not signed by both of its keys';
    }
  }
  return null;
}

function problemOfPlace(
  statement: Statement,
  place: number,
  previous: Statement | null,
  contract_id: string,
): string | null {
  if (statement.seq !== place) return `Its seq is ${statement.seq}, not ${place}`;
  if (previous === null) {
    if (statement.contract_id !== null || statement.prev !== null) {
      return 'The first statement names a contract or an entry before it';
    }
    // One that was imported is named after the payload on the chain, which its entry carries.
    return isImport(statement) || contractIdOf(statement) === contract_id
      ? null
      : 'The first statement is not the one that the contract is named after';
  }
  if (statement.contract_id !== contract_id) return 'It belongs to another contract';
  return statement.prev === hashOf(previous)
    ? null
    : 'It does not name the hash of the entry before';
}

const isImport = ({ action, role }: Statement): boolean => action === 'import' && role === 'system';

const SCOPE_OF = { renter: 'rent', provider: 'provide' } as const satisfies Record<string, Scope>;

function problemOfSigner(entry: EvidenceEntry, evidence: Evidence, verify: Verify): string | null {
  const { statement, signature, key, delegation } = entry;
  if (!verify(key, signingInputOf(statement), signature)) return 'Its signature does not match';
  if (statement.role === 'system') {
    const isService = statement.by === evidence.service_key && key === statement.by;
    if (!isService || delegation !== null) return 'It is not signed by the service';
    return problemOfSystem(statement, evidence, verify);
  }
  const first = (evidence.entries[0] as EvidenceEntry).statement;
  const party = first.data[statement.role];
  if (typeof party !== 'string' || !speaksFor(statement, party, evidence.key_links)) {
    return `It is not by the ${statement.role} of this contract`;
  }
  const { by, at } = statement;
  const scope = SCOPE_OF[statement.role];
  return problemOfDelegation({ by, at, key, delegation, scope }, evidence.audience, verify);
}

/** What the service says in somebody's name carries that one's own signature. */
function problemOfSystem(statement: Statement, evidence: Evidence, verify: Verify): string | null {
  if (statement.action === 'accept') return problemOfRule(statement, evidence, verify);
  if (!isImport(statement)) return null;
  const first = (evidence.entries[0] as EvidenceEntry).statement;
  return problemOfImport(statement, first, evidence.contract_id);
}

/** Whether `key` may sign for the account key `by`: it is that key, or has its delegation. */
function problemOfDelegation(
  {
    by,
    at,
    key,
    delegation,
    scope,
  }: Pick<Statement, 'by' | 'at'> & Pick<EvidenceEntry, 'key' | 'delegation'> & { scope: Scope },
  audience: string,
  verify: Verify,
): string | null {
  if (key === by) {
    return delegation === null ? null : 'It carries a delegation that it does not need';
  }
  if (delegation?.delegation.account_key !== by) return 'The key that signed it has no delegation';
  if (!verify(by, delegationText(delegation.delegation), delegation.signature)) {
    return 'The delegation’s signature does not match';
  }
  const problem = checkDelegation(delegation.delegation, { audience, at, device_key: key, scope });
  return problem === null ? null : `The delegation does not cover it (${problem})`;
}

/** What the system's acceptance carries: the provider's rule, as it was signed. */
const acceptData = z.strictObject({
  rule: autoAcceptRule,
  rule_signature: signatureHex,
  rule_key: hex64,
  rule_delegation: signedDelegationSchema.nullable(),
});

/** The service accepts only in the provider's name: its signed rule must cover this request. */
function problemOfRule(statement: Statement, evidence: Evidence, verify: Verify): string | null {
  const parsed = acceptData.safeParse(statement.data);
  const { offering_id, provider, hours } = (evidence.entries[0] as EvidenceEntry).statement.data;
  if (!parsed.success) return 'It carries no rule of the provider';
  const { rule, rule_signature, rule_key: key, rule_delegation: delegation } = parsed.data;
  const by = rule.provider_key;
  if (
    typeof provider !== 'string' ||
    !speaksFor({ ...statement, by }, provider, evidence.key_links)
  ) {
    return 'The rule is not by the provider of this contract';
  }
  const covers =
    rule.offering_id === offering_id &&
    Number(hours) <= rule.max_hours &&
    Date.parse(statement.at) < Date.parse(rule.expires_at);
  if (!covers) return 'The rule does not cover this request';
  if (!verify(key, autoAcceptText(rule), rule_signature)) {
    return 'The rule’s signature does not match';
  }
  const signed = { by, at: rule.at, key, delegation, scope: 'provide' as const };
  return problemOfDelegation(signed, evidence.audience, verify);
}

/**
 * Whether a statement's key is the party's, or was linked to it in one account by then. Both keys
 * sign a link, so it holds either way round.
 */
function speaksFor({ by, at }: Statement, party: string, links: readonly SignedKeyLink[]): boolean {
  const until = Date.parse(at) + CLOCK_SKEW_MS;
  const inTime = links.map(({ link }) => link).filter((link) => Date.parse(link.at) <= until);
  const accounts = new Set(inTime.map(({ account_id }) => account_id));
  const reaches = (account_id: string) => {
    const keys = new Set([party]);
    const pairs = inTime.filter((link) => link.account_id === account_id);
    for (const _ of pairs) {
      for (const pair of pairs) {
        if (keys.has(pair.by)) keys.add(pair.key);
        else if (keys.has(pair.key)) keys.add(pair.by);
      }
    }
    return keys.has(by);
  };
  return by === party || [...accounts].some(reaches);
}

function problemOfPrivate({ statement, private: kept }: EvidenceEntry): string | null {
  if (kept === null) return null;
  return statement.private_digest === privateDigest(kept)
    ? null
    : 'Its personal part is not the one that was signed';
}
