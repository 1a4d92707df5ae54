import { verifyEvidence, type Verdict } from '@berth/shared/contracts/evidence';
import { isoAt } from '@berth/shared/time';
import { verifyEd25519Web } from '@berth/shared/signing/verify-web';

/** What this browser found when it verified a log. */
export interface Check {
  verdict: Verdict;
  /** Up to which entry it went; later ones are unchecked. */
  last_seq: number;
}

/** What the reader knows beside the evidence: the page's head, and the service as it says it is. */
interface Known {
  head: { seq: number; hash: string };
  service_keys: readonly string[];
  now_ms: number;
}

/** Verifies a log with this browser's own code. */
export async function checkEvidence(
  evidence: unknown,
  { head, service_keys, now_ms }: Known,
): Promise<Check> {
  const { entries = [] } = evidence as { entries?: unknown[] };
  const last_seq = entries.length - 1;
  const expected = {
    service_keys,
    now: isoAt(now_ms),
    // A log that grew since the page was read ends with another entry.
    ...(last_seq <= head.seq ? { head: head.hash } : {}),
  };
  return { verdict: await verifyEvidence(evidence, verifyEd25519Web, expected), last_seq };
}
