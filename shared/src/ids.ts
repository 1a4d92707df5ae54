import { sha256Hex } from './canonical.ts';
import { fromHex } from './signing/bytes.ts';

/** Prefixed random ids, `off_` and 20 letters of Crockford's base 32 (100 bits). */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LETTERS = 20;

export const idPrefixes = {
  account: 'acc',
  offering: 'off',
  session: 'ses',
  ssh_key: 'ssh',
  contact: 'con',
  notice: 'ntc',
  rule: 'rul',
  hold: 'hld',
  bulk_change: 'chg',
  import_mapping: 'map',
  icp_run: 'run',
  saved_search: 'sea',
  effect: 'eff',
  payment: 'pay',
  payout: 'pyo',
  payout_batch: 'pyb',
  invoice: 'inv',
  token: 'tok',
  webhook: 'whk',
  delivery: 'dlv',
  message: 'msg',
} as const;

export type IdKind = keyof typeof idPrefixes;

const idOf = (kind: IdKind, bytes: Iterable<number>): string =>
  `${idPrefixes[kind]}_${Array.from(bytes, (b) => LETTERS[b & 31]).join('')}`;

export function makeId(kind: IdKind): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LETTERS));
  return idOf(kind, bytes);
}

/** The one id that belongs to a name: whoever imports the same thing again finds it. */
export const idFor = (kind: IdKind, name: string): string =>
  idOf(kind, fromHex(sha256Hex(name)).subarray(0, ID_LETTERS));

/** The letters as a pattern has them. */
const LETTER = '[0-9a-hjkmnp-tv-z]';

export const idPattern = (kind: IdKind): RegExp =>
  new RegExp(`^${idPrefixes[kind]}_${LETTER}{${ID_LETTERS}}$`);
