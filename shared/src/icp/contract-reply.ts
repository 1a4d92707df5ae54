import { bool, first, hex, struct, text, type Of } from './borsh.ts';

const PUBLIC_KEY_BYTES = 32;
const CONTRACT_ID_BYTES = 32;

/** What a provider signed on chain to answer a request. */
export const contractReply = first(
  struct({
    requester: hex(PUBLIC_KEY_BYTES),
    memo: text,
    contract_id: hex(CONTRACT_ID_BYTES),
    accepted: bool,
    text,
    details: text,
  }),
);
export type ContractReply = Of<typeof contractReply>;
