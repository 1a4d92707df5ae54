import { verifyEvidence, type Verdict } from '@berth/shared/signing/evidence';
import { verifyEd25519 } from '@berth/shared/signing/verify';

/** What this browser found when it verified a log. */
export interface Check {
  verdict: Verdict;
  /** Up to which entry it went; later ones are unchecked. */
  last_seq: number;
}

/** Verifies a log with this browser's own code; `head` is the hash that the page shows. */
export function checkEvidence(evidence: unknown, head: { seq: number; hash: string }): Check {
  const { entries = [] } = evidence as { entries?: unknown[] };
  const last_seq = entries.length - 1;
  // A log that grew since the page was read ends with another entry.
  const expected = last_seq <= head.seq ? { head: head.hash } : {};
  return { verdict: verifyEvidence(evidence, verifyEd25519, expected), last_seq };
}
