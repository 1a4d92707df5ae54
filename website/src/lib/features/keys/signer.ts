import type { ContractView, DetailsView } from '@berth/shared/contracts/schemas';
import type { Signer } from '@berth/shared/contracts/sign';
import { accounts } from '@berth/shared/accounts/endpoints';
import { contracts } from '@berth/shared/contracts/endpoints';
import { problem } from '@berth/shared/problems';
import { signerOf } from '@berth/shared/signing/key-events';
import type { PublishedKey } from '@berth/shared/signing/key-history';
import type { Envelope } from '@berth/shared/signing/seal';
import { call } from '#lib/api.ts';
import { serverClock } from './clock.ts';
import { getDevice } from './device.ts';

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

type Sealing = Pick<ContractView, 'contract_id' | 'head' | 'renter'>;

/**
 * Seals credentials in this browser so that only the contract's renter can open them, for the entry
 * that comes next in its log. Throws where the key to seal to does not chain to the renter's key in
 * the statement that the contract is named after, and above MAX_SEALED_TEXT_BYTES.
 */
export async function sealCredentials(contract: Sealing, text: string): Promise<Sealed> {
  const { contract_id, head } = contract;
  const [{ account_key: provider_key }, { seal, envelopeDigest }, recipient_key] =
    await Promise.all([getDevice(), import('@berth/shared/signing/seal'), getRecipient(contract)]);
  const sealedFor = { contract_id, provider_key, recipient_key, seq: head.seq + 1 };
  const envelope = await seal(recipient_key, sealedFor, text);
  return { data: { envelope_digest: envelopeDigest(envelope), recipient_key }, envelope };
}

/** The proven key to seal to; whatever the page shows is compared with it, not believed. */
async function getRecipient({ contract_id, renter }: Sealing): Promise<string> {
  const [proof, { recipientOf }, { verifyEd25519 }] = await Promise.all([
    call(contracts.recipient, { params: { contract_id } }),
    import('@berth/shared/contracts/recipient'),
    import('@berth/shared/signing/verify'),
  ]);
  let found: PublishedKey | null;
  try {
    found = await recipientOf(proof, { contract_id, audience: location.origin }, verifyEd25519);
  } catch (error) {
    throw notTheRenters(error instanceof Error ? error.message : '');
  }
  if (found === null && renter.encryption_key === null) {
    throw problem(
      'contract.not_yet',
      'The renter agreed on the Internet Computer and has not signed in here yet, so there is no key to ' +
        'seal the credentials to. They can be posted once the renter has signed in.',
    );
  }
  if (found?.encryption_key !== renter.encryption_key) {
    throw notTheRenters('The key that was offered is not the one that the renter published.');
  }
  return found.encryption_key;
}

const notTheRenters = (why: string) =>
  problem(
    'signature.invalid',
    `Nothing was sealed, because Berth’s answer does not prove whose key it is. ${why} Ask the ` +
      'renter before you send anything.',
  );

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
    const phrase = await phraseFor(recipient_key);
    throw problem(
      'delegation.invalid',
      `These credentials are sealed to ${phrase}, and this browser is signed in with another one. ` +
        'Sign in with that phrase to open them, or ask the provider to post them again.',
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

/** Which of the account's phrases opens what is sealed to an encryption key, in words. */
async function phraseFor(recipient_key: string): Promise<string> {
  const [{ keys }, { events }] = await Promise.all([
    call(accounts.profile),
    call(accounts.keyEvents),
  ]);
  const published = events.find(
    (event) =>
      (event.kind === 'encryption_key' || event.kind === 'first_encryption_key') &&
      event.said.encryption_key === recipient_key,
  );
  const by = published && signerOf(published);
  const label = keys.find(({ key }) => key === by)?.label;
  return label === undefined ? 'a phrase that was removed' : `the phrase “${label}”`;
}
