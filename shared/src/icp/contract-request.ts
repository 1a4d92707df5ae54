import { sha256Hex } from '../canonical.ts';
import {
  first,
  hex,
  list,
  option,
  readBorsh,
  struct,
  text,
  u64,
  writeBorsh,
  type Of,
  type Reading,
} from './borsh.ts';
import type { Bytes } from '../signing/bytes.ts';

const PUBLIC_KEY_BYTES = 32;
const publicKey = hex(PUBLIC_KEY_BYTES);

const payment = struct({ pricing_model: text, unit: text, quantity: u64, amount_e9s: u64 });

/** What a renter signed on chain to ask for a contract. */
export const contractRequest = first(
  struct({
    requester: publicKey,
    ssh_public_key: text,
    contact: text,
    provider: publicKey,
    offering_id: text,
    region: option(text),
    /** The contract that this one prolongs. */
    contract_id: option(text),
    instance_config: option(text),
    amount_e9s: u64,
    payments: list(payment),
    start_unix_s: option(u64),
    memo: text,
  }),
);
export type ContractRequest = Of<typeof contractRequest>;

export const readContractRequest = (payload: Uint8Array): Reading<ContractRequest> =>
  readBorsh(contractRequest, payload);

export const writeContractRequest = (request: ContractRequest): Bytes =>
  writeBorsh(contractRequest, request);

/** A contract's id on chain: SHA-256 of the signed payload, 64 hex characters. */
export const icpContractId = (payload: Uint8Array): string => sha256Hex(payload);
