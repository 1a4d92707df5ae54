import type { ContractView, DetailsView } from '@berth/shared/contracts/schemas';
import type { Signer } from '@berth/shared/contracts/sign';
import { endpoints } from '@berth/shared/endpoints';
import { problem } from '@berth/shared/problems';
import type { Envelope } from '@berth/shared/signing/seal';
import { call } from '#lib/api.ts';
import { serverClock } from './clock.ts';
import { findDevice, type Device } from './device.ts';

async function getDevice(): Promise<Device> {
  const device = await findDevice();
  if (device !== null) return device;
  throw problem(
    'delegation.invalid',
    'This browser no longer holds your key. Sign in with your recovery phrase, then try again.',
  );
}

/**
 * Signs with this browser's key for the account that is signed in, by the server's clock. For
 * `signRequest` and `signMove` of contracts/sign. Throws where this browser holds no key.
 */
export async function getSigner(role: Signer['role']): Promise<Signer> {
  const { account_key, private_key } = await getDevice();
  const [{ signWithDevice }, now_ms] = await Promise.all([
    import('@berth/shared/signing/device'),
    serverClock(),
  ]);
  return { by: account_key, role, sign: (text) => signWithDevice(private_key, text), now_ms };
}

/** What a delivery's statement and its body carry: spread it into the move for `signMove`. */
export interface Sealed {
  data: { envelope_digest: string; recipient_key: string };
  envelope: Envelope;
}

/**
 * Seals credentials in this browser so that only the contract's renter can open them, for the entry
 * that comes next in its log. Throws where the renter's encryption key is not vouched for by the
 * key that the contract names, and above MAX_SEALED_TEXT_BYTES.
 */
export async function sealCredentials(
  contract: Pick<ContractView, 'contract_id' | 'head' | 'renter'>,
  text: string,
): Promise<Sealed> {
  const { contract_id, head, renter } = contract;
  const [{ account_key: provider_key }, { seal, envelopeDigest }, { isVouchedFor }] =
    await Promise.all([getDevice(), import('@berth/shared/signing/seal'), import('./vouched.ts')]);
  if (renter.encryption_key === '') {
    throw problem(
      'contract.not_yet',
      'The renter agreed on the Internet Computer and has not signed in here yet, so there is no key to ' +
        'seal the credentials to. They can be posted once the renter has signed in.',
    );
  }
  const getLinks = async () => {
    const { key_events } = await call(endpoints.contracts.evidence, { params: { contract_id } });
    return key_events
      .filter((event) => event.kind === 'link')
      .map(({ said: link, ...signatures }) => ({ link, ...signatures }));
  };
  if (!(await isVouchedFor(renter, getLinks))) {
    throw problem(
      'signature.invalid',
      'The renter’s encryption key is not signed by the key in this contract, so nothing was ' +
        'sealed. Ask the renter before you send anything.',
    );
  }
  const recipient_key = renter.encryption_key;
  const sealedFor = { contract_id, provider_key, recipient_key, seq: head.seq + 1 };
  const envelope = await seal(recipient_key, sealedFor, text);
  return { data: { envelope_digest: envelopeDigest(envelope), recipient_key }, envelope };
}

/**
 * Opens the credentials of a contract with this browser's key. Throws a problem, with a sentence to
 * show, where they were erased, are for another key, or are not what the provider signed.
 */
export async function openCredentials(
  details: Pick<
    DetailsView,
    'seq' | 'envelope' | 'envelope_digest' | 'provider_key' | 'recipient_key'
  >,
  contract_id: string,
): Promise<string> {
  const { envelope, envelope_digest, provider_key, recipient_key, seq } = details;
  if (envelope === null) {
    throw problem(
      'request.not_found',
      'These credentials were erased when the contract had ended.',
    );
  }
  const [{ encryption_key, encryption_secret }, { open, envelopeDigest }] = await Promise.all([
    getDevice(),
    import('@berth/shared/signing/seal'),
  ]);
  if (encryption_key !== recipient_key) {
    throw problem(
      'delegation.invalid',
      'These credentials were sealed to another recovery phrase of this account. Sign in with that ' +
        'phrase to open them.',
    );
  }
  try {
    if (envelopeDigest(envelope) !== envelope_digest) throw new Error('Not what was signed');
    return await open(
      encryption_secret,
      { contract_id, provider_key, recipient_key, seq },
      envelope,
    );
  } catch {
    throw problem(
      'signature.invalid',
      'These credentials do not open: they are not as the provider sealed them. Ask the provider ' +
        'to post them again.',
    );
  }
}
