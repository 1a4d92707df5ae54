import { permissionOfSide, scopeOf } from '../access.ts';
import { decide } from '../machine.ts';
import { checkAuthority, type AuthorityAsk, type Claim } from '../signing/authority.ts';
import { autoAcceptText } from '../signing/auto-accept.ts';
import type { EvidenceEntry, EvidenceFile } from '../signing/evidence.ts';
import { isRevoked, speaksFor, wasEncryptionKey, type KeyHistory } from '../signing/key-history.ts';
import { isServiceKeyAt } from '../signing/service-key.ts';
import {
  privateDigest,
  signingInputOf,
  subjectOf,
  versionOf,
  type AnyStatement,
  type Mode,
} from '../signing/statement.ts';
import { sha256Hex } from '../canonical.ts';
import { CLOCK_SKEW_MS } from '../time.ts';
import { MAX_PAUSES } from './deadlines.ts';
import { problemOfImportedReply, problemOfImportedRequest } from './evidence-import.ts';
import {
  contractActions,
  contractMachine,
  isEnded,
  type ContractAction,
  type ContractMove,
  type ContractRole,
  type ContractState,
} from './machine.ts';
import { privateParts } from './schemas.ts';
import type { SentenceName } from './sentences.ts';
import { standingAfter, type GoverningTerms, type Standing } from './standing.ts';
import {
  dataKindOf,
  statementData,
  statementDataV1,
  type DataKind,
  type DataOf,
} from './statement-data.ts';
import { breach, breachOfData, breachOfFrame, type Breach } from './statement-rules.ts';

/** A log as far as it has been replayed. */
export interface Replay {
  readonly file: EvidenceFile;
  /** What the key events come to. */
  readonly history: KeyHistory;
  readonly terms: GoverningTerms;
  readonly terms_hash: string;
  /** Null where the reader does not say what time it is. */
  readonly now_ms: number | null;
  /** Entries so far; the next one's seq. */
  version: number;
  head_hash: string | null;
  head_at: string | null;
  mode: Mode | null;
  versions: Set<1 | 2>;
  slack_ms: number;
  standing: Standing;
}

type Claims = (claim: Claim, broke: SentenceName) => void;

/** How far v1 times may be off: the API counted by its own clock, and two signers by theirs. */
const V1_SLACK_MS = 2 * CLOCK_SKEW_MS;

/** Takes one entry, or says what is wrong with it; its signatures are claims, verified apart. */
export function replayEntry(replay: Replay, entry: EvidenceEntry, claims: Claims): Breach | null {
  const { statement } = entry;
  let text: string;
  try {
    text = signingInputOf(statement);
  } catch {
    return breach('form', 'It holds what JSON cannot carry.');
  }
  claims({ key: entry.key, text, signature: entry.signature }, 'signature');
  const hash = sha256Hex(text);
  if (replay.version === 0 && versionOf(statement) === 1) replay.slack_ms = V1_SLACK_MS;
  const framed = breachOfPlace(replay, statement, hash);
  if (framed !== null) return framed;
  const action = contractActions.find((one) => one === statement.action);
  if (action === undefined) return breach('move', `No move is called ${statement.action}.`);
  const outside = breachOfLife(replay.standing, action, statement.role);
  if (outside !== null) return outside;
  const kind = dataKindOf(action, statement.role, statement.seq);
  const data = readData(kind, statement);
  if ('broke' in data) return data;
  const move = allowed(replay, entry, action, kind, data.data);
  if ('broke' in move) return move;
  const found =
    breachOfSigner(replay, entry, data.data, claims) ??
    breachOfPersonal(entry, action) ??
    breachOfSaid(replay, statement, kind, data.data, move.row, claims);
  if (found !== null) return found;
  advance(replay, entry, { kind, data: data.data, move: move.row, to: move.to, hash });
  return null;
}

function advance(
  replay: Replay,
  { statement }: EvidenceEntry,
  {
    kind,
    data,
    move,
    to,
    hash,
  }: {
    kind: DataKind;
    data: DataOf<DataKind>;
    move: ContractMove;
    to: ContractState;
    hash: string;
  },
): void {
  replay.standing = standingAfter(
    replay.standing,
    { statement, hash, kind, data, move, to },
    replay.terms,
  );
  replay.version += 1;
  replay.head_hash = hash;
  replay.head_at = statement.at;
  replay.mode = subjectOf(statement).mode;
  replay.versions.add(versionOf(statement));
}

function breachOfPlace(replay: Replay, statement: AnyStatement, hash: string): Breach | null {
  const { file, version, now_ms } = replay;
  const isFirst = version === 0;
  const framed = breachOfFrame(statement, {
    ...replay,
    contract_id: isFirst ? null : file.subject_id,
  });
  if (framed !== null) return framed;
  // One that was imported is named after its payload, which is compared with what it says.
  if (isFirst && statement.action !== 'import' && hash !== file.subject_id) {
    return breach('named', 'The first statement is another one.');
  }
  if (versionOf(statement) === 1 && replay.versions.has(2)) {
    return breach('version', 'It is of version 1, after one of version 2.');
  }
  return now_ms !== null && Date.parse(statement.at) > now_ms + CLOCK_SKEW_MS
    ? breach('time', 'It is dated in the future.')
    : null;
}

function readData(kind: DataKind, statement: AnyStatement): { data: DataOf<DataKind> } | Breach {
  const isOld = versionOf(statement) === 1 && kind in statementDataV1;
  const schema = isOld
    ? statementDataV1[kind as keyof typeof statementDataV1]
    : statementData[kind];
  const parsed = schema.safeParse(statement.data);
  if (parsed.success) return { data: parsed.data as DataOf<DataKind> };
  const [issue] = parsed.error.issues;
  return breach('data', `${issue?.path.join('.') || 'data'}: ${issue?.message ?? ''}.`);
}

/** Before it begins and after it has ended a contract has no moves but its first. */
function breachOfLife({ state }: Standing, action: ContractAction, role: string): Breach | null {
  if (state !== null) return isEnded(state) ? breach('ended', `It was ${state} already.`) : null;
  const begins = contractMachine.moves.some(
    (row) =>
      row.action === action && row.from.includes(null) && row.by.includes(role as ContractRole),
  );
  return begins ? null : breach('begins', `It begins with ${action} by ${role}.`);
}

interface Allowed {
  row: ContractMove;
  to: ContractState;
}

/** The row of the machine that makes this move, its guards held against what the log shows. */
function allowed(
  { standing, slack_ms }: Replay,
  { statement }: EvidenceEntry,
  action: ContractAction,
  kind: DataKind,
  data: DataOf<DataKind>,
): Allowed | Breach {
  const { state, due_at, has_opened, pauses } = standing;
  const facts = {
    has_details: 'envelope_digest' in data && statement.private_digest !== null,
    has_rule: kind === 'accept_by_rule',
    is_due: due_at !== null && Date.parse(statement.at) + slack_ms >= Date.parse(due_at),
    has_opened,
    // The API asks for it; logs from before it did need not have left the renter any.
    had_time: true,
    can_pause: pauses.length < MAX_PAUSES,
  };
  const to = importedTo(data, kind);
  const role = statement.role as ContractRole;
  const ask = { state, action, role, facts, ...(to === null ? {} : { to }) };
  const decision = decide(contractMachine, ask);
  if (decision.ok) return decision;
  return breach(decision.code === 'not_yet' ? 'guard' : 'move', decision.sentence);
}

/** Where an import leads, which is the one action with several ends. */
function importedTo(data: DataOf<DataKind>, kind: DataKind): ContractState | null {
  if (kind === 'import_request') return 'pending';
  if (!('accepted' in data)) return null;
  return data.accepted ? 'accepted' : 'rejected';
}

function breachOfSigner(
  replay: Replay,
  { statement, key, authority }: EvidenceEntry,
  data: DataOf<DataKind>,
  claims: Claims,
): Breach | null {
  const { file, history, standing, version } = replay;
  const { role, by, at } = statement;
  if (role === 'system') {
    const isService =
      file.service_keys === null
        ? by === file.service_key
        : isServiceKeyAt(file.service_keys, by, at);
    const isOwn = isService && key === by && authority.length === 0;
    return isOwn ? null : breach('service', 'It is not signed by the service.');
  }
  const side = role === 'renter' ? 'renter' : 'provider';
  // The first statement itself says who the renter is; that it is its signer is a rule of its data.
  const party = version === 0 && 'renter' in data ? data.renter : standing[`${side}_key`];
  if (!speaksFor({ by, at }, party, history)) {
    return breach('party', `It is not by the ${side} of this contract.`);
  }
  const scope = scopeOf(permissionOfSide[side]);
  const move = { action: statement.action, offering_id: String(file.terms.offering_id) };
  return breachOfAuthority({ key, by, at, authority, scope, move }, replay, claims);
}

function breachOfAuthority(
  {
    authority,
    ...ask
  }: Pick<EvidenceEntry, 'key' | 'authority'> &
    Pick<AnyStatement, 'by' | 'at'> &
    Pick<AuthorityAsk, 'scope' | 'move'>,
  { file: { audience }, history }: Replay,
  claims: Claims,
): Breach | null {
  const checked = checkAuthority(authority, { ...ask, audience });
  for (const claim of checked.claims) claims(claim, 'authority');
  if (checked.problem !== null) return breach('authority', `${checked.problem}.`);
  return authority.some(({ delegation }) => isRevoked(delegation, ask.at, history))
    ? breach('authority', 'The device that signed it was removed before.')
    : null;
}

function breachOfPersonal(
  { statement, private: kept }: EvidenceEntry,
  action: ContractAction,
): Breach | null {
  const hasOne = action in privateParts && statement.role !== 'system';
  if ((statement.private_digest !== null) !== hasOne) {
    return breach('personal', hasOne ? 'It has no personal part.' : 'It has a personal part.');
  }
  if (kept === null || statement.private_digest === privateDigest(kept)) return null;
  return breach('personal', 'Its personal part is another one.');
}

function breachOfSaid(
  replay: Replay,
  statement: AnyStatement,
  kind: DataKind,
  data: DataOf<DataKind>,
  { money }: ContractMove,
  claims: Claims,
): Breach | null {
  // An acceptance of version 1 said nothing: it binds by the hash of the entry before alone.
  if (kind === 'accept' && versionOf(statement) === 1) return null;
  const { file, history, standing, terms, terms_hash, slack_ms } = replay;
  return breachOfData(kind, data, {
    ...{ statement, standing, terms, terms_hash, money, slack_ms },
    needs_choices: false,
    envelope_digest: null,
    // Files of version 1 say nothing of encryption keys.
    isRecipient: (key) =>
      file.service_keys === null ||
      wasEncryptionKey(key, { party: standing.renter_key, at: statement.at }, history),
    breachOfRule: (accepted) => breachOfRule(accepted, statement, replay, claims),
    problemOfImport: (said) =>
      'accepted' in said
        ? problemOfImportedReply(said, file.subject_id, standing)
        : problemOfImportedRequest(said, file.subject_id, terms),
  });
}

/** The service accepts only in the provider's name: under a rule that its key signed. */
function breachOfRule(
  { rule, rule_signature: signature, rule_key: key, rule_authority }: DataOf<'accept_by_rule'>,
  { at }: AnyStatement,
  replay: Replay,
  claims: Claims,
): Breach | null {
  const by = rule.provider_key;
  if (!speaksFor({ by, at }, replay.standing.provider_key, replay.history)) {
    return breach('rule', 'The rule is not by the provider of this contract.');
  }
  claims({ key, text: autoAcceptText(rule), signature }, 'rule');
  // A rule accepts without end, so a person signs it: it is no move that an agent could be given.
  const leave = { authority: rule_authority, scope: 'provide' as const, move: null };
  const signed = { key, by, at: rule.at, ...leave };
  return breachOfAuthority(signed, replay, claims);
}
