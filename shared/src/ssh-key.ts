import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { refusalOf } from './letters.ts';
import { findBase64, toBase64, utf8, fromHex } from './signing/bytes.ts';
import { makeKeyPair } from './signing/keys.ts';
import { findSshLine, type SshKeyForm } from './ssh-key-forms.ts';

export const MAX_SSH_KEY_CHARS = 8_192;
export const MAX_SSH_COMMENT_CHARS = 200;
export const MIN_RSA_BITS = 3_072;
/** OpenSSH itself takes no larger number. */
export const MAX_RSA_BITS = 16_384;
const MAX_APPLICATION_BYTES = 255;
const ED25519 = 'ssh-ed25519';
const ED25519_BYTES = 32;
const NUL = String.fromCharCode(0);

/** A checked public key. `public_key` is re-serialised as "type base64", without the comment. */
export interface SshPublicKey {
  type: string;
  public_key: string;
  comment: string;
  /** "SHA256:" and 43 characters, as ssh-keygen -l prints it. */
  fingerprint: string;
  bits: number;
}

/** `form` is what the key was found in. */
export type ReadSshPublicKey =
  { ok: true; key: SshPublicKey; form: SshKeyForm } | { ok: false; sentence: string };

const refuse = (sentence: string): ReadSshPublicKey => ({ ok: false, sentence });
const DAMAGED = 'The key is damaged; copy the whole line again.';

/** What follows the type inside a key, read field by field: the key's bits, or what is wrong. */
type ReadFields = (fields: Uint8Array[]) => number | string;

const readEd25519: ReadFields = ([key, ...rest]) =>
  key?.length === ED25519_BYTES && rest.length === 0 ? 256 : DAMAGED;

const readEcdsa =
  (curve: string, bits: number): ReadFields =>
  ([name, point, ...rest]) => {
    const length = 1 + 2 * Math.ceil(bits / 8);
    const isPoint = point?.length === length && point[0] === 4;
    return textOf(name) === curve && isPoint && rest.length === 0 ? bits : DAMAGED;
  };

/** A key held by a security token ends with the application it is for. */
const readHeld =
  (inner: ReadFields): ReadFields =>
  (fields) => {
    const application = textOf(fields.at(-1));
    const isPrintable = /^[\x21-\x7e]+$/.test(application);
    if (!isPrintable || application.length > MAX_APPLICATION_BYTES) return DAMAGED;
    return inner(fields.slice(0, -1));
  };

const readRsa: ReadFields = ([exponent, modulus, ...rest]) => {
  const [e_bits, n_bits] = [oddBits(exponent), oddBits(modulus)];
  if (rest.length > 0 || e_bits < 2 || e_bits >= n_bits) return DAMAGED;
  if (n_bits >= MIN_RSA_BITS && n_bits <= MAX_RSA_BITS) return n_bits;
  const limit = n_bits < MIN_RSA_BITS ? `at least ${MIN_RSA_BITS}` : `at most ${MAX_RSA_BITS}`;
  return `This RSA key has ${n_bits} bits; it must have ${limit}. An Ed25519 key is best.`;
};

const types: Record<string, ReadFields> = {
  [ED25519]: readEd25519,
  'sk-ssh-ed25519@openssh.com': readHeld(readEd25519),
  'ecdsa-sha2-nistp256': readEcdsa('nistp256', 256),
  'ecdsa-sha2-nistp384': readEcdsa('nistp384', 384),
  'ecdsa-sha2-nistp521': readEcdsa('nistp521', 521),
  'sk-ecdsa-sha2-nistp256@openssh.com': readHeld(readEcdsa('nistp256', 256)),
  'ssh-rsa': readRsa,
};

const textOf = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes ?? []));

/** The bits of a positive odd mpint (RFC 4251) in its shortest form, else 0. */
function oddBits(mpint: Uint8Array | undefined): number {
  const [top, next = 0] = mpint ?? [];
  if (mpint === undefined || top === undefined || top >= 0x80) return 0;
  if (((mpint.at(-1) as number) & 1) === 0) return 0;
  if (top === 0) return next >= 0x80 ? (mpint.length - 1) * 8 : 0;
  return mpint.length * 8 - (Math.clz32(top) - 24);
}

/** The length-prefixed fields of a key (RFC 4251 `string`), or null where they do not fill it. */
function findFields(blob: Uint8Array): Uint8Array[] | null {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields: Uint8Array[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return null;
    const end = at + 4 + view.getUint32(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * Reads one OpenSSH public key: the line of a .pub file, also wrapped, or a file of RFC 4716 or of
 * PuTTY; says what is wrong in a sentence.
 */
export function readSshPublicKey(text: string): ReadSshPublicKey {
  if (text.length > MAX_SSH_KEY_CHARS) return refuse('That is longer than an SSH public key.');
  const found = findSshLine(text);
  if ('sentence' in found) return refuse(found.sentence);
  const { type, encoded, comment, form } = found;
  const words = comment.split(' ');
  if (words.some((word) => Object.hasOwn(types, word)) && Object.hasOwn(types, type)) {
    return refuse('Paste one key, on one line.');
  }
  const refusal = refusalOf(`${type} ${encoded} ${comment}`);
  if (refusal !== null) return refuse(`${refusal}.`);
  const readFields = Object.hasOwn(types, type) ? types[type] : undefined;
  if (readFields === undefined) {
    return refuse(type === '' ? DAMAGED : sentenceForType(type, [encoded, ...words]));
  }
  if (comment.length > MAX_SSH_COMMENT_CHARS) {
    return refuse(`The comment has more than ${MAX_SSH_COMMENT_CHARS} characters; shorten it.`);
  }
  const blob = findBase64(encoded);
  const [inner, ...fields] = (blob && findFields(blob)) ?? [];
  if (blob === null || inner === undefined) return refuse(DAMAGED);
  if (textOf(inner) !== type) return refuse('The key is of another type than its line says.');
  const bits = readFields(fields);
  return typeof bits === 'string'
    ? refuse(bits)
    : { ok: true, key: keyOf(type, blob, comment, bits), form };
}

function sentenceForType(type: string, rest: string[]): string {
  if (type === 'ssh-dss') return 'DSA keys are no longer safe; use an Ed25519 key.';
  if (type.includes('-cert-')) return 'That is a certificate; paste the public key itself.';
  if (rest.some((word) => Object.hasOwn(types, word))) {
    return 'Leave out the options: the line begins with the type of the key.';
  }
  return 'A public key begins with its type, such as ssh-ed25519, then a space and the key.';
}

const keyOf = (type: string, blob: Uint8Array, comment: string, bits: number): SshPublicKey => ({
  type,
  public_key: `${type} ${toBase64(blob)}`,
  comment,
  fingerprint: `SHA256:${toBase64(sha256(blob)).replace(/=+$/, '')}`,
  bits,
});

/** A new key pair; `private_key` is the text of an unencrypted OpenSSH file, PEM lines and all. */
export interface SshKeyPair {
  key: SshPublicKey;
  private_key: string;
}

const PEM_LINE_CHARS = 70;
const BLOCK_BYTES = 8;

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

const field = (value: Uint8Array | string): Uint8Array => {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concatBytes(uint32(bytes.length), bytes);
};

/**
 * Makes an Ed25519 SSH key pair in openssh-key-v1 (OpenSSH's PROTOCOL.key). Throws where the
 * comment is too long or holds control characters.
 */
export function makeSshKeyPair(comment: string): SshKeyPair {
  if (comment.length > MAX_SSH_COMMENT_CHARS || /\p{Cc}/u.test(comment)) {
    throw new TypeError(`A comment is one line of at most ${MAX_SSH_COMMENT_CHARS} characters`);
  }
  const { public_key, secret_key } = makeKeyPair();
  const blob = concatBytes(field(ED25519), field(fromHex(public_key)));
  const check = crypto.getRandomValues(new Uint8Array(4));
  const plain = concatBytes(check, check, blob, field(secret_key), field(comment));
  const padding = Uint8Array.from({ length: -plain.length & (BLOCK_BYTES - 1) }, (_, i) => i + 1);
  const file = concatBytes(
    utf8(`openssh-key-v1${NUL}`),
    ...[field('none'), field('none'), field(''), uint32(1)],
    ...[field(blob), field(concatBytes(plain, padding))],
  );
  const lines = toBase64(file).match(new RegExp(`.{1,${PEM_LINE_CHARS}}`, 'g')) ?? [];
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return {
    key: keyOf(ED25519, blob, comment, ED25519_BYTES * 8),
    private_key: `${[begin, ...lines, end].join('\n')}\n`,
  };
}
