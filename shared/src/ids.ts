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
} as const;

export type IdKind = keyof typeof idPrefixes;

export function makeId(kind: IdKind): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LETTERS));
  return `${idPrefixes[kind]}_${Array.from(bytes, (b) => LETTERS[b & 31]).join('')}`;
}

export const idPattern = (kind: IdKind): RegExp =>
  new RegExp(`^${idPrefixes[kind]}_[${LETTERS}]{${ID_LETTERS}}$`);
