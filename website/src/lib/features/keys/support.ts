import { canKeep } from './device.ts';

const SECRET_BYTES = 32;
const KEEPS_NONE =
  'This browser does not let a page keep a key. Leave the private window, allow site data, or use ' +
  'another browser.';

/**
 * Why this browser cannot hold a key, in a sentence for the person; null where it can. Berth needs
 * a secure page, Ed25519 and X25519 in WebCrypto, and a place to keep the keys.
 */
export async function findShortcoming(): Promise<string | null> {
  if (!isSecureContext) {
    return (
      'Keys work on secure pages only. Open this page with https://, or on the machine itself as ' +
      'http://localhost.'
    );
  }
  const { importEncryptionSecret, supportsEd25519 } = await import('@berth/shared/signing/device');
  try {
    const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const key = await importEncryptionSecret(secret);
    if (await supportsEd25519()) return (await canKeep(key)) ? null : KEEPS_NONE;
  } catch {
    // Said below, as for the other key.
  }
  return 'This browser is too old to keep a key safely. Use a current Chrome, Edge, Firefox or Safari.';
}
