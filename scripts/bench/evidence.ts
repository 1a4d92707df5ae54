/** How long a reader of a contract's evidence waits in Node. */
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { verifyEd25519Apart } from '@berth/shared/signing/verify-node';
import { life, writeLog, type Step } from '../../shared/test/log.ts';
import { median } from './load.ts';

const ENTRIES = 10_000;
const ROUNDS = 5;
/** So that all of them are before the paid hours are over. */
const MINUTES_BETWEEN = 0.01;

export interface EvidenceFigures {
  entries: number;
  ms: number;
}

/** Verifies a contract of many messages, which is what a log of that many entries can be. */
export async function measureEvidence(): Promise<EvidenceFigures> {
  const active = life.findIndex(({ action }) => action === 'activate');
  const messages = Array.from({ length: ENTRIES - active - 1 }, (_, n): Step => {
    return { action: 'message', role: n % 2 ? 'renter' : 'provider', after: MINUTES_BETWEEN };
  });
  const text = JSON.stringify(writeLog([...life.slice(0, active + 1), ...messages]));
  const took_ms: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const started = performance.now();
    const verdict = await verifyEvidence(JSON.parse(text), verifyEd25519Apart);
    if (!verdict.ok) throw new Error(`The log does not verify: ${verdict.reason}`);
    if (round > 0) took_ms.push(performance.now() - started);
  }
  return { entries: ENTRIES, ms: median(took_ms) };
}
