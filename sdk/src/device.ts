import { fromHex, type WebKey } from '@berth/shared/signing/bytes';
import type { SignedDelegation } from '@berth/shared/signing/delegation';
import { importEncryptionSecret, signWithDevice } from '@berth/shared/signing/device';

/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret in PKCS #8. */
const PKCS8_PREFIX = '302e020100300506032b657004220420';

/** Who a device signs for. */
export interface DeviceAccount {
  id: string;
  handle: string;
  display_name: string;
}

/**
 * A device as `login` makes it: plain JSON with two secrets, to be kept as an SSH private key is.
 * The recovery phrase is not in it and does not follow from it.
 */
export interface StoredDevice {
  origin: string;
  account: DeviceAccount;
  /** 64 hex characters each, as all keys. */
  account_key: string;
  device_key: string;
  /** Signs for the account until the delegation ends, or the device is taken off it. */
  device_secret: string;
  encryption_key: string;
  /** Opens what is sealed to the account, also what was sealed before. */
  encryption_secret: string;
  /** The account key's signed leave for the device key. */
  delegation: SignedDelegation;
}

/** A device whose keys are held elsewhere, as WebCrypto keys that cannot be read out. */
export interface Device {
  account_key: string;
  device_key: string;
  /** The Ed25519 signature of a text's UTF-8 bytes, 128 hex characters. */
  sign(text: string): Promise<string>;
  encryption_key: string;
  /** The X25519 secret; null where this device opens nothing. */
  encryption_secret: WebKey | null;
}

/** What `sign` and `open` need of either. */
export interface Keys {
  account_key: string;
  device_key: string;
  encryption_key: string;
  sign(text: string): Promise<string>;
  opener(): Promise<WebKey | null>;
}

export function keysOf(device: Device | StoredDevice): Keys {
  const { account_key, device_key, encryption_key } = device;
  const named = { account_key, device_key, encryption_key };
  if ('sign' in device) {
    return {
      ...named,
      sign: (text) => device.sign(text),
      opener: async () => device.encryption_secret,
    };
  }
  const { device_secret, encryption_secret } = device;
  let key: Promise<WebKey> | undefined;
  return {
    ...named,
    async sign(text) {
      const pkcs8 = fromHex(PKCS8_PREFIX + device_secret);
      key ??= crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
      return signWithDevice(await key, text);
    },
    opener: () => importEncryptionSecret(fromHex(encryption_secret)),
  };
}
