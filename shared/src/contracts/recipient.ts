import { readFile } from '../signing/evidence.ts';
import { encryptionKeyOf, foldKeyEvents, type PublishedKey } from '../signing/key-history.ts';
import type { Verify } from '../signing/verify.ts';
import { verifyEvidence } from './evidence.ts';

interface Known {
  /** The contract whose credentials are sealed; it is named after its first statement. */
  contract_id: string;
  /** The origin that delegations are for. */
  audience: string;
}

/**
 * The key to seal a contract's credentials to, by the beginning of its evidence: it chains by
 * signatures to the renter's key in the first statement, and that statement's hash is the
 * contract's id. Throws an Error with a sentence that says what does not hold; null where the
 * renter has published no encryption key yet.
 */
export async function recipientOf(
  proof: unknown,
  { contract_id, audience }: Known,
  verify: Verify,
): Promise<PublishedKey | null> {
  const file = readFile(proof);
  if (!file.ok) throw new Error(file.reason);
  if (file.value.subject_id !== contract_id) throw new Error('It is about another contract.');
  const verdict = await verifyEvidence(proof, verify, { audience });
  if (!verdict.ok) throw new Error(verdict.reason);
  return encryptionKeyOf(verdict.standing.renter_key, foldKeyEvents(file.value.key_events));
}
