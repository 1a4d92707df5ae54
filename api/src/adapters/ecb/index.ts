import { ratesProblem, isRatesProblem, type RatesPort } from '../../ports/rates.ts';
import type { Clock } from '../../lib/clock.ts';
import { readBytes } from '../../lib/reply.ts';
import { readSheet } from './sheet.ts';

/** The file has some 2 KB. */
const MAX_BYTES = 65_536;
const TIMEOUT_MS = 20_000;

async function readText(reply: Response): Promise<string> {
  const bytes = await readBytes(reply, MAX_BYTES);
  if (bytes === null) throw ratesProblem('refused', `The file has more than ${MAX_BYTES} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw ratesProblem('refused', 'The file is no UTF-8 text.');
  }
}

/** The European Central Bank's daily file, from wherever it is. */
export const makeEcbRates = (url: string, clock: Pick<Clock, 'nowMs'>): RatesPort => ({
  async fetch(signal) {
    try {
      const reply = await fetch(url, {
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      if (reply.status !== 200) {
        await reply.body?.cancel();
        throw ratesProblem('unreachable', `The answer was ${reply.status}.`);
      }
      return readSheet(await readText(reply), clock.nowMs());
    } catch (error) {
      signal.throwIfAborted();
      if (isRatesProblem(error)) throw error;
      throw ratesProblem('unreachable', `There was no answer: ${String(error)}`);
    }
  },
});
