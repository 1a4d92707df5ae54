import { readBorsh } from '../icp/borsh.ts';
import { contractReply } from '../icp/contract-reply.ts';
import { icpContractId, readContractRequest } from '../icp/contract-request.ts';
import { rentalOf } from '../icp/rental.ts';
import { verifyIcp } from '../icp/signature.ts';
import { findBase64 } from '../signing/bytes.ts';
import type { GoverningTerms, Standing } from './standing.ts';
import type { DataOf } from './statement-data.ts';

/**
 * What is wrong with a request that the service imported from the chain: it must say what the
 * chain's own payload says, signed there by the renter. The block it stood in is for who has the
 * chain to compare.
 */
export function problemOfImportedRequest(
  data: DataOf<'import_request'>,
  contract_id: string,
  terms: GoverningTerms,
): string | null {
  const { payload: text, signature, renter, provider, hours, total_e9s } = data;
  const payload = findBase64(text);
  if (payload === null || icpContractId(payload) !== contract_id) {
    return 'The payload is not the one that the contract is named after.';
  }
  if (!verifyIcp(renter, payload, signature)) return 'The payload is not signed by the renter.';
  const read = readContractRequest(payload);
  if (!read.ok) return 'The payload cannot be read.';
  const { requester, provider: asked } = read.value;
  const rental = rentalOf(read.value);
  const isSame =
    requester === renter &&
    asked === provider &&
    renter !== provider &&
    typeof rental !== 'string' &&
    rental.hours === hours &&
    rental.total_e9s.toString() === total_e9s;
  if (!isSame) return 'It does not say what its payload says.';
  const { price_e9s, unit, setup_fee_e9s } = rental.rate;
  const isRate =
    terms.price_e9s === price_e9s && terms.unit === unit && terms.setup_fee_e9s === setup_fee_e9s;
  return isRate ? null : 'The terms are at another price than the payload’s.';
}

/** The same of the provider's reply there. */
export function problemOfImportedReply(
  data: DataOf<'import_reply'>,
  contract_id: string,
  { renter_key, provider_key }: Pick<Standing, 'renter_key' | 'provider_key'>,
): string | null {
  const payload = findBase64(data.payload);
  if (payload === null || !verifyIcp(provider_key, payload, data.signature)) {
    return 'The payload is not signed by the provider.';
  }
  const read = readBorsh(contractReply, payload);
  if (!read.ok) return 'The payload cannot be read.';
  const { contract_id: answered, requester, accepted } = read.value;
  const isSame = answered === contract_id && requester === renter_key && accepted === data.accepted;
  return isSame ? null : 'It does not say what its payload says.';
}
