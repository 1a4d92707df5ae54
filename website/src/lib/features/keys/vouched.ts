import type { ContractView } from '@berth/shared/contracts/schemas';
import { endpoints } from '@berth/shared/endpoints';
import type { SignedKeyLink } from '@berth/shared/signing/delegation';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { verifyEd25519 } from '@berth/shared/signing/verify';
import { verifyEvidence } from '@berth/shared/signing/evidence';
import { call } from '#lib/api.ts';

/**
 * Whether a party's encryption key is signed by the key that the contract names, or by one that is
 * linked to it: else a server could have put its own key there and read what is sealed.
 */
export async function isVouchedFor(
  contract_id: string,
  party: Pick<
    ContractView['renter'],
    'key' | 'encryption_key' | 'encryption_signature' | 'encryption_signed_by'
  >,
): Promise<boolean> {
  const { key, encryption_key, encryption_signature, encryption_signed_by } = party;
  const text = encryptionKeyText(encryption_key);
  if (!verifyEd25519(encryption_signed_by, text, encryption_signature)) return false;
  if (encryption_signed_by === key) return true;
  const evidence = await call(endpoints.contracts.evidence, { params: { contract_id } });
  const verdict = verifyEvidence(evidence, verifyEd25519);
  return verdict.ok && isLinked(key, encryption_signed_by, evidence.key_links);
}

/** Whether links lead from one key to another; both keys sign a link, so it holds either way. */
function isLinked(from: string, to: string, links: readonly SignedKeyLink[]): boolean {
  const reached = new Set([from]);
  for (const _ of links) {
    for (const { link } of links) {
      if (reached.has(link.by)) reached.add(link.key);
      else if (reached.has(link.key)) reached.add(link.by);
    }
  }
  return reached.has(to);
}
