import { scopes as allScopes, type Scope } from '@berth/shared/access';
import { accounts } from '@berth/shared/accounts/endpoints';
import { toHex } from '@berth/shared/signing/bytes';
import { DELEGATION_DAYS, delegationText } from '@berth/shared/signing/delegation';
import { keyEventText } from '@berth/shared/signing/key-events';
import { encryptionSecretOf, keyPairOf, signText } from '@berth/shared/signing/keys';
import { accountSecretOf, readPhrase } from '@berth/shared/signing/phrase';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { DeviceAccount, Keys, StoredDevice } from './device.ts';
import { isProblem, refuse } from './problem.ts';
import { getChallenge, makeClock, type Session } from './session.ts';
import type { Call } from './transport.ts';

const SECRET_BYTES = 32;

export interface LoginAsk {
  /** 12 or 24 words, as a person types them. */
  phrase: string;
  /** What the account's list of devices calls this one. */
  label: string;
  /** What it may do; everything unless told. */
  scopes?: readonly Scope[];
}

export interface LoggedIn {
  device: StoredDevice;
  session: Session;
}

/**
 * Makes a device key and has the phrase's account key sign a delegation to it; the phrase and the
 * account key are then forgotten. Throws `request.invalid` for what is no phrase.
 */
export async function loginWith(call: Call, origin: string, ask: LoginAsk): Promise<LoggedIn> {
  const read = readPhrase(ask.phrase);
  if (!read.ok) throw refuse('request.invalid', read.sentence);
  const secret = accountSecretOf(read.phrase);
  const account = keyPairOf(secret);
  const encryption = encryptionSecretOf(secret);
  try {
    const seed = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const device = keyPairOf(seed);
    const { public_key: key } = account;
    const { nonce, text, issued_at } = await getChallenge(call, origin, key, makeClock());
    const delegation = {
      account_key: key,
      device_key: device.public_key,
      label: ask.label,
      scopes: [...(ask.scopes ?? allScopes)],
      audience: origin,
      issued_at,
      expires_at: isoAt(Date.parse(issued_at) + DELEGATION_DAYS * DAY_MS),
    };
    const signed = { delegation, signature: signText(account, delegationText(delegation)) };
    const signature = signText(account, text);
    const body = { key, nonce, signature, delegation: signed, transport: 'bearer' };
    const answer = (await call(accounts.signIn, { body })) as Session & { account: DeviceAccount };
    const { id, handle, display_name } = answer.account;
    return {
      session: { token: answer.token, expires_at: answer.expires_at },
      device: {
        origin,
        account: { id, handle, display_name },
        account_key: key,
        device_key: device.public_key,
        device_secret: toHex(seed),
        encryption_key: encryption.public_key,
        encryption_secret: toHex(encryption.secret),
        delegation: signed,
      },
    };
  } finally {
    for (const bytes of [secret, account.secret_key, encryption.secret]) bytes.fill(0);
  }
}

/** Takes a device off its account for good, by its own signature. */
export async function logoutWith(
  call: Call,
  { account, account_key, device_key, delegation }: StoredDevice,
  { sign }: Keys,
  now_ms: number,
): Promise<void> {
  const said = { account_id: account.id, device_key, by: account_key, at: isoAt(now_ms) };
  const signature = await sign(keyEventText('revocation', said));
  const event = { kind: 'revocation', said, signature, key: device_key, delegation };
  try {
    await call(accounts.revokeDevice, { body: { event } });
  } catch (error) {
    // A device that is gone already has ended as well.
    const isGone = isProblem(error) && [401, 404].includes(error.problem.status);
    if (!isGone) throw error;
  }
}
