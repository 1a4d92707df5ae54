import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { startError } from './start-error.ts';

/** The Ed25519 key of this service: it signs the moves by `system` and the sessions' tokens. */
export interface ServiceKey {
  /** 64 hex characters. */
  readonly public_key: string;
  readonly private_pem: string;
  readonly public_pem: string;
  /** Signs bytes; the signature is 128 hex characters. */
  sign(bytes: Uint8Array): string;
}

const FILE_NAME = 'service.key';
/** The one that takes its place, until the database knows of it. */
const NEXT_NAME = 'service.key.next';
const WEBHOOK_NAME = 'webhook.key';
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const SECRET_BYTES = 32;
const SECRET = /^[0-9a-f]{64}$/;

/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export function makeServiceKey(secret_hex: string): ServiceKey {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(secret_hex, 'hex')]);
  const private_key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const public_key: KeyObject = createPublicKey(private_key);
  const raw = public_key.export({ format: 'der', type: 'spki' }).subarray(-SECRET_BYTES);
  return {
    public_key: raw.toString('hex'),
    private_pem: private_key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    public_pem: public_key.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (bytes) => sign(null, bytes, private_key).toString('hex'),
  };
}

/** Reads `data_dir/service.key`; makes it on the first start, readable by its owner only. */
export const loadServiceKey = (data_dir: string): ServiceKey => loadFile(join(data_dir, FILE_NAME));

/** The key that is to replace it, in a file beside it: the same one until it has. */
export const loadNextKey = (data_dir: string): ServiceKey => loadFile(join(data_dir, NEXT_NAME));

/** Puts the next key in the place of the present one, whose secret is gone with that. */
export const takeNextKey = (data_dir: string): void => {
  renameSync(join(data_dir, NEXT_NAME), join(data_dir, FILE_NAME));
};

/** From which the secrets of webhooks are derived, in a file of its own beside it. */
export const loadWebhookRoot = (data_dir: string): string =>
  loadSecret(join(data_dir, WEBHOOK_NAME));

const loadFile = (file: string): ServiceKey => makeServiceKey(loadSecret(file));

function loadSecret(file: string): string {
  const made = makeFile(file);
  if (made !== null) return made;
  if ((statSync(file).mode & OTHERS) !== 0) {
    throw startError(`${file} can be read by others; run: chmod 600 ${file}`);
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (!SECRET.test(secret)) {
    throw startError(`${file} should hold 64 hexadecimal characters and nothing else.`);
  }
  return secret;
}

/** The new secret, or null when the file is there already. The file appears whole or not at all. */
function makeFile(file: string): string | null {
  if (existsSync(file)) return null;
  const draft = `${file}.${process.pid}`;
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  const handle = openSync(draft, 'wx', OWNER_ONLY);
  try {
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
    closeSync(handle);
    linkSync(draft, file);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}
