import { readBorsh } from '../ledger/borsh.ts';
import { contractReply } from '../ledger/contract-reply.ts';
import { chainContractId, readContractRequest } from '../ledger/contract-request.ts';
import { rentalOf } from '../ledger/rental.ts';
import { verifyLedger } from '../ledger/signature.ts';
import { importReplyData, importRequestData } from '../ledger/statements.ts';
import { findBase64 } from './bytes.ts';
import type { Statement } from './statement.ts';

/**
 * What is wrong with an entry that the service imported from the ledger: it must say what the
 * ledger's own payload says, signed there by the renter or the provider. The block it stood in is
 * for who has the ledger to compare.
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
  if (!parsed.success) return 'It carries no request of the ledger';
  const { payload: text, signature, renter, provider, hours, total_e9s } = parsed.data;
  const payload = findBase64(text);
  if (payload === null || chainContractId(payload) !== contract_id) {
    return 'The payload is not the one that the contract is named after';
  }
  if (!verifyLedger(renter, payload, signature)) return 'The payload is not signed by the renter';
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
  if (!parsed.success) return 'It carries no reply of the ledger';
  const payload = findBase64(parsed.data.payload);
  const { renter, provider } = first.data;
  const isSigned =
    payload !== null &&
    typeof provider === 'string' &&
    verifyLedger(provider, payload, parsed.data.signature);
  if (!isSigned) return 'The payload is not signed by the provider';
  const read = readBorsh(contractReply, payload);
  if (!read.ok) return 'The payload cannot be read';
  const { contract_id: answered, requester, accepted } = read.value;
  const isSame =
    answered === contract_id && requester === renter && accepted === parsed.data.accepted;
  return isSame ? null : 'It does not say what its payload says';
}
