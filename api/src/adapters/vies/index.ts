import * as z from 'zod';
import { readBytes } from '../../lib/reply.ts';
import { isVatProblem, vatProblem, type VatPort } from '../../ports/vat.ts';

const TIMEOUT_MS = 20_000;
/** An answer has some 500 bytes. */
const MAX_BYTES = 16_384;

const answer = z.object({
  valid: z.boolean(),
  countryCode: z.string(),
  vatNumber: z.string(),
});
const refusal = z.object({ errorWrappers: z.array(z.object({ error: z.string() })).min(1) });

/** The EU's register by its REST API, at an address such as `…/taxation_customs/vies/rest-api`. */
export const makeVies = (url: string): VatPort => ({
  async check({ prefix, rest }, signal) {
    try {
      const reply = await fetch(`${url}/check-vat-number`, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ countryCode: prefix, vatNumber: rest }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const bytes = await readBytes(reply, MAX_BYTES);
      if (reply.status !== 200 || bytes === null) {
        throw vatProblem(`VIES answered ${reply.status}.`);
      }
      const said: unknown = JSON.parse(bytes.toString('utf8'));
      const refused = refusal.safeParse(said);
      if (refused.success) throw vatProblem(`VIES: ${refused.data.errorWrappers[0]!.error}`);
      const { valid, countryCode, vatNumber } = answer.parse(said);
      if (countryCode !== prefix || vatNumber !== rest) {
        throw vatProblem('VIES answered about another VAT id.');
      }
      return valid;
    } catch (error) {
      signal.throwIfAborted();
      if (isVatProblem(error)) throw error;
      throw vatProblem(`There was no answer of VIES: ${String(error)}`);
    }
  },
});
