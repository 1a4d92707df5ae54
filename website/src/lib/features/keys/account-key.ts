import { importEncryptionSecret } from '@berth/shared/signing/device';
import {
  encryptionKeyText,
  encryptionSecretOf,
  keyPairOf,
  signText,
} from '@berth/shared/signing/keys';
import { accountSecretOf } from '@berth/shared/signing/phrase';

/** The account key of a phrase, as long as it is in hand. */
export interface AccountKey {
  public_key: string;
  sign: (text: string) => string;
  encryption: {
    public_key: string;
    /** The account key's signature, which publishes it. */
    signature: string;
    /** Opens what is sealed to it; cannot be read out. */
    secret: CryptoKey;
  };
}

/**
 * Derives the account key of a phrase that `readPhrase` gave, lets `use` sign with it, and wipes
 * every secret byte, also when `use` throws.
 */
export async function withAccountKey<T>(
  phrase: string,
  use: (key: AccountKey) => Promise<T>,
): Promise<T> {
  const secret = accountSecretOf(phrase);
  const pair = keyPairOf(secret);
  const encryption = encryptionSecretOf(secret);
  const sign = (text: string) => signText(pair, text);
  try {
    return await use({
      public_key: pair.public_key,
      sign,
      encryption: {
        public_key: encryption.public_key,
        signature: sign(encryptionKeyText(encryption.public_key)),
        secret: await importEncryptionSecret(encryption.secret),
      },
    });
  } finally {
    for (const bytes of [secret, pair.secret_key, encryption.secret]) bytes.fill(0);
  }
}
