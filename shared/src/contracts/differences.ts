import { canonical, sha256Hex } from '../canonical.ts';
import { cleanText } from '../letters.ts';
import { decimalOf, type Currency } from '../money.ts';
import type { EvidenceEntry } from '../signing/evidence.ts';
import { envelopeDigest } from '../signing/seal.ts';
import { hashOf } from '../signing/statement.ts';
import { CLOCK_SKEW_MS } from '../time.ts';
import { contractStates } from './machine.ts';
import { extensionPriceOf } from '../price.ts';
import type { ContractView, DetailsView, EntryView } from './schemas.ts';
import { governingTerms, type Standing } from './standing.ts';

/** What of a contract's page is compared with its signed log, by the name that readers see. */
const shownFields = {
  contract_id: 'Contract',
  title: 'Title',
  state: 'State',
  renter: 'Renter’s key',
  provider: 'Provider’s key',
  offering_id: 'Offering',
  terms: 'Hash of the terms shown',
  terms_hash: 'Hash of the terms',
  currency: 'Currency',
  operating_system: 'Operating system',
  hours: 'Hours',
  total: 'Total',
  refund: 'Paid back',
  requested_at: 'Requested',
  active_at: 'Paid clock started',
  ends_at: 'Ends',
  pauses: 'Paused',
  due_at: 'Deadline',
  ended_at: 'Ended',
  ssh_public_key: 'SSH key',
  contact: 'Contact',
  memo: 'Memo',
  extension: 'Proposed extension',
  extension_hours: 'Hours of the extension',
  extension_price: 'Price of the extension',
  address: 'Address',
  port: 'Port',
  username: 'User',
  host_key_fingerprint: 'Host-key fingerprint',
  instructions: 'Instructions',
  envelope: 'Digest of the sealed credentials',
  envelope_digest: 'Envelope digest',
  recipient_key: 'Recipient key',
  opened_at: 'Credentials opened',
  entry: 'Entry of the log',
} as const satisfies Record<string, string>;
export type ShownField = keyof typeof shownFields;

/** Something that a page shows and that was not signed so, both in words. */
export interface Difference {
  field: ShownField;
  /** Its field's name, and for an entry of the log which one it is. */
  label: string;
  /** The entry of the log that it stands in; null elsewhere. */
  seq: number | null;
  shown: string;
  signed: string;
}

/** A log that was found right, with where its replay ends. */
export interface SignedLog {
  contract_id: string;
  standing: Standing;
  versions: readonly (1 | 2)[];
  terms: Record<string, unknown>;
  entries: readonly Pick<EvidenceEntry, 'statement' | 'private' | 'key'>[];
}

type Value = string | number | bigint | null;
type Words = (value: Exclude<Value, null>) => string;
type Row = readonly [field: ShownField, shown: Value, signed: Value, words?: Words];

/** The API once counted by its own clock and not by the signed one, as for imports it does. */
const V1_SLACK_MS = 2 * CLOCK_SKEW_MS;

const said = (value: Value, words: Words): string =>
  value === null || value === '' ? 'nothing' : words(value);
/** One text for one JSON value, whatever the order of its names. */
const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : canonical(value);
const amountOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const moneyIn =
  (currency: Currency): Words =>
  (value) =>
    `${decimalOf(BigInt(value))} ${currency}`;
const nameOfState: Words = (state) =>
  contractStates[state as keyof typeof contractStates]?.label ?? String(state);

/** What a contract's page shows otherwise than its log, which was verified before, has it. */
export function differencesOf(view: ContractView, log: SignedLog): Difference[] {
  const rows = [
    ...dealRows(view, log),
    ...timeRows(view, log),
    ...requestRows(view, log),
    ...extensionRows(view, log),
    ...connectionRows(view, log),
  ];
  const found = differencesIn(rows, log);
  return [...found, ...view.entries.flatMap((entry) => entryDifferences(entry, log))];
}

/** What details show otherwise than the newest delivery of a log that was verified before. */
export const detailsDifferences = (shown: DetailsView, log: SignedLog): Difference[] =>
  differencesIn(connectionRows({ details: [shown] }, log), log);

function differencesIn(rows: readonly Row[], log: SignedLog): Difference[] {
  const isSame = sameIn(log);
  return rows.flatMap(([field, shown, signed, words = String]) =>
    isSame(shown, signed)
      ? []
      : [{ ...namesOf(field), shown: said(shown, words), signed: said(signed, words) }],
  );
}

const namesOf = (field: ShownField) => ({ field, label: shownFields[field], seq: null });

/** Equal, or times of a log that is old or imported, which leave some minutes. */
const sameIn =
  ({ versions, entries }: SignedLog) =>
  (shown: Value, signed: Value): boolean => {
    const isExact = !versions.includes(1) && entries[0]?.statement.action !== 'import';
    if (shown === signed || isExact) return shown === signed;
    if (typeof shown !== 'string' || typeof signed !== 'string') return false;
    return Math.abs(Date.parse(shown) - Date.parse(signed)) <= V1_SLACK_MS;
  };

function dealRows(view: ContractView, { contract_id, standing, terms, entries }: SignedLog): Row[] {
  const { currency, offering_id } = governingTerms.parse(terms);
  const money = moneyIn(currency);
  const { terms_hash } = (entries[0]?.statement.data ?? {}) as { terms_hash?: string };
  const signed_hash = terms_hash ?? null;
  return [
    ['contract_id', view.contract_id, contract_id],
    ['title', view.title, typeof terms['title'] === 'string' ? cleanText(terms['title']) : null],
    ['state', view.state, standing.state, nameOfState],
    ['renter', view.renter.key, standing.renter_key],
    ['provider', view.provider.key, standing.provider_key],
    ['offering_id', view.offering_id, offering_id],
    ['terms', sha256Hex(canonical(view.terms)), signed_hash],
    ['terms_hash', view.terms_hash, signed_hash],
    ['currency', view.currency, currency],
    ['operating_system', view.operating_system, standing.choices?.operating_system ?? null],
    ['hours', view.hours, standing.hours],
    ['total', amountOf(view.total_e9s), standing.total_e9s, money],
    ['refund', amountOf(view.refund_e9s), standing.refund_e9s, money],
  ];
}

const timeRows = (view: ContractView, { standing, entries }: SignedLog): Row[] => [
  ['requested_at', view.requested_at, entries[0]?.statement.at ?? null],
  ['active_at', view.active_at, standing.active_at],
  ['ends_at', view.ends_at, standing.ends_at],
  ['pauses', textOf(view.pauses), textOf(standing.pauses)],
  ['due_at', view.due_at, standing.due_at],
  ['ended_at', view.ended_at, standing.ended_at],
];

/** What was imported stands in its payload, which is signed as a whole, and not in a part. */
function requestRows({ request }: ContractView, { entries: [first] }: SignedLog): Row[] {
  if (request === null || first?.statement.action === 'import') return [];
  const part = first?.private?.part ?? {};
  return [
    ['ssh_public_key', request.ssh_public_key, textIn(part, 'ssh_public_key')],
    ['contact', textOf(request.contact), textOf(part['contact'])],
    ['memo', request.memo, textIn(part, 'memo') ?? ''],
  ];
}

function textIn(part: Record<string, unknown>, name: string): string | number | null {
  const value = part[name];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function extensionRows({ extension }: ContractView, { standing, terms }: SignedLog): Row[] {
  const { currency, ...rate } = governingTerms.parse(terms);
  const signed = standing.extension;
  if (extension === null && signed === null) return [];
  const price = signed && extensionPriceOf(rate, signed.hours);
  const money = moneyIn(currency);
  return [
    ['extension', extension?.hash ?? null, signed?.hash ?? null],
    ['extension', extension?.by_role ?? null, signed?.by_role ?? null],
    ['extension_hours', extension?.hours ?? null, signed?.hours ?? null],
    ['extension_price', amountOf(extension?.extra_e9s ?? null), price, money],
  ];
}

/** The newest delivery; what was erased since is not shown, and its digests stay. */
function connectionRows(
  { details: [shown] }: Pick<ContractView, 'details'>,
  log: SignedLog,
): Row[] {
  const { delivery } = log.standing;
  if (shown === undefined && delivery === null) return [];
  const digests: Row[] = [
    ['envelope_digest', shown?.envelope_digest ?? null, delivery?.envelope_digest ?? null],
    ['recipient_key', shown?.recipient_key ?? null, delivery?.recipient_key ?? null],
    ['opened_at', shown?.opened_at ?? null, openedAt(log)],
  ];
  if (shown?.erased_at !== null) return digests;
  const posted = log.entries.findLast(({ statement: { action } }) => isDelivery(action));
  const part = posted?.private?.part ?? {};
  return [
    ['address', shown.address, textIn(part, 'address')],
    ['port', shown.port, textIn(part, 'port')],
    ['username', shown.username, textIn(part, 'username')],
    ['host_key_fingerprint', shown.host_key_fingerprint, textIn(part, 'host_key_fingerprint')],
    ['instructions', shown.instructions ?? '', textIn(part, 'instructions') ?? ''],
    [
      'envelope',
      shown.envelope === null ? null : envelopeDigest(shown.envelope),
      delivery?.envelope_digest ?? null,
    ],
    ...digests,
  ];
}

const isDelivery = (action: string): boolean =>
  action === 'mark_provisioned' || action === 'rotate_credentials';

/** When the renter first signed for what was posted last. */
function openedAt({ standing: { delivery }, entries }: SignedLog): string | null {
  const opened = entries.find(
    ({ statement: { action, data } }) =>
      action === 'open_credentials' && data['envelope_digest'] === delivery?.envelope_digest,
  );
  return opened?.statement.at ?? null;
}

/** What one entry of the log shows otherwise than it was signed. */
function entryDifferences(shown: EntryView, log: SignedLog): Difference[] {
  const { seq } = shown;
  const signed = log.entries[seq];
  if (signed === undefined) return [];
  const { statement, key } = signed;
  const isSame = sameIn(log);
  const pairs: [part: string, shown: string | null, signed: string | null][] = [
    ['action', shown.action, statement.action],
    ['role', shown.role, statement.role],
    ['key', shown.key, key],
    ['time', shown.at, statement.at],
    ['hash', shown.hash, hashOf(statement)],
    ['data', textOf(shown.data), textOf(statement.data)],
    ['personal part', textOf(shown.private), textOf(signed.private?.part)],
  ];
  return pairs
    .filter(([, a, b]) => !isSame(a, b))
    .map(([part, a, b]) => ({
      field: 'entry',
      label: `Entry ${seq}, ${part}`,
      seq,
      shown: said(a, String),
      signed: said(b, String),
    }));
}
