import { readBorsh } from '../icp/borsh.ts';
import { contractReply } from '../icp/contract-reply.ts';
import { icpContractId, readContractRequest } from '../icp/contract-request.ts';
import { rentalOf } from '../icp/rental.ts';
import { verifyIcp } from '../icp/signature.ts';
import { importReplyData, importRequestData } from '../icp/statements.ts';
import { findBase64 } from './bytes.ts';
import type { Statement } from './statement.ts';

/**
 * What is wrong with an entry that the service imported from the chain: it must say what the
 * chain's own payload says, signed there by the renter or the provider. The block it stood in is
 * for who has the chain to compare.
 */
export function problemOfImport(
  statement: Statement,
  first: Statement,
  contract_id: string,
): string | null {
  return statement.seq === 0
    ? problemOfRequest(statement, contract_id)
    : problemOfReply(statement, first, contract_id);
}

function problemOfRequest({ data }: Statement, contract_id: string): string | null {
  const parsed = importRequestData.safeParse(data);
  if (!parsed.success) return 'It carries no request of the Internet Computer';
  const { payload: text, signature, renter, provider, hours, total_e9s } = parsed.data;
  const payload = findBase64(text);
  if (payload === null || icpContractId(payload) !== contract_id) {
    return 'The payload is not the one that the contract is named after';
  }
  if (!verifyIcp(renter, payload, signature)) return 'The payload is not signed by the renter';
  const read = readContractRequest(payload);
  if (!read.ok) return 'The payload cannot be read';
  const { requester, provider: asked } = read.value;
  const rental = rentalOf(read.value);
  const isSame =
    requester === renter &&
    asked === provider &&
    typeof rental !== 'string' &&
    rental.hours === hours &&
    rental.total_e9s.toString() === total_e9s;
  return isSame ? null : 'It does not say what its payload says';
}

function problemOfReply({ data }: Statement, first: Statement, contract_id: string): string | null {
  const parsed = importReplyData.safeParse(data);
  if (!parsed.success) return 'It carries no reply of the Internet Computer';
  const payload = findBase64(parsed.data.payload);
  const { renter, provider } = first.data;
  const isSigned =
    payload !== null &&
    typeof provider === 'string' &&
    verifyIcp(provider, payload, parsed.data.signature);
  if (!isSigned) return 'The payload is not signed by the provider';
  const read = readBorsh(contractReply, payload);
  if (!read.ok) return 'The payload cannot be read';
  const { contract_id: answered, requester, accepted } = read.value;
  const isSame =
    answered === contract_id && requester === renter && accepted === parsed.data.accepted;
  return isSame ? null : 'It does not say what its payload says';
}
