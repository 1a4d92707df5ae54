import { differencesOf, type Difference } from '@berth/shared/contracts/differences';
import { verifyEvidence, type Verdict } from '@berth/shared/contracts/evidence';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { Evidence } from '@berth/shared/signing/evidence';
import { isoAt } from '@berth/shared/time';
import { verifyEd25519Web } from '@berth/shared/signing/verify-web';

/** What this browser found when it verified a log. */
export interface Check {
  verdict: Verdict;
  /** The hash of the entry up to which it went, and its place; later ones are unchecked. */
  head: string;
  last_seq: number;
  /** What a page of the same head shows otherwise than was signed; nothing of a broken log. */
  differencesFrom: (view: ContractView) => readonly Difference[];
}

/** What the reader knows beside the evidence: the page's head, and the service as it says it is. */
interface Known {
  head: { seq: number; hash: string };
  service_keys: readonly string[];
  now_ms: number;
}

/** Verifies a log, as far as the page shows it, with this browser's own code. */
export async function checkEvidence(
  evidence: Pick<Evidence, 'entries' | 'terms' | 'subject_id'>,
  { head, service_keys, now_ms }: Known,
): Promise<Check> {
  // What came after the page was read is for the page that shows it.
  const entries = evidence.entries.slice(0, head.seq + 1);
  const expected = { service_keys, now: isoAt(now_ms), head: head.hash };
  const verdict = await verifyEvidence({ ...evidence, entries }, verifyEd25519Web, expected);
  const { subject_id: contract_id, terms } = evidence;
  return {
    verdict,
    head: head.hash,
    last_seq: entries.length - 1,
    differencesFrom: (view) =>
      verdict.ok ? differencesOf(view, { ...verdict, contract_id, terms, entries }) : [],
  };
}
