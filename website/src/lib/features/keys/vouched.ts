import type { ContractView } from '@berth/shared/contracts/schemas';
import { keyLinkText, type SignedKeyLink } from '@berth/shared/signing/delegation';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { verifyEd25519 } from '@berth/shared/signing/verify';

type Party = Pick<
  ContractView['renter'],
  'key' | 'encryption_key' | 'encryption_signature' | 'encryption_signed_by'
>;

/**
 * Whether a party's encryption key is signed by the key that the contract names, or by one that is
 * linked to it: else a server could have put its own key there and read what is sealed. Asks for
 * the links only where they matter.
 */
export async function isVouchedFor(
  { key, encryption_key, encryption_signature, encryption_signed_by }: Party,
  getLinks: () => Promise<readonly SignedKeyLink[]>,
): Promise<boolean> {
  const text = encryptionKeyText(encryption_key);
  if (!verifyEd25519(encryption_signed_by, text, encryption_signature)) return false;
  return encryption_signed_by === key || isLinked(key, encryption_signed_by, await getLinks());
}

/** Whether links lead from one key to another; both keys sign a link, so it holds either way. */
function isLinked(from: string, to: string, links: readonly SignedKeyLink[]): boolean {
  const signed = links.filter(isSignedByBoth);
  const reached = new Set([from]);
  for (const _ of signed) {
    for (const { link } of signed) {
      if (reached.has(link.by)) reached.add(link.key);
      else if (reached.has(link.key)) reached.add(link.by);
    }
  }
  return reached.has(to);
}

function isSignedByBoth({ link, signature, key_signature }: SignedKeyLink): boolean {
  const text = keyLinkText(link);
  return verifyEd25519(link.by, text, signature) && verifyEd25519(link.key, text, key_signature);
}
