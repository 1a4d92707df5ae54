import * as z from 'zod';
import type { Scope } from '../access.ts';
import {
  checkDelegation,
  delegationText,
  signedDelegationSchema,
  type AgentMove,
  type SignedDelegation,
} from './delegation.ts';

/** The most links between the key that signs and the one it signs for. */
export const MAX_AUTHORITY_LINKS = 4;

/** One signed leave; a later kind of link joins here. */
const authorityLink = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delegation'), ...signedDelegationSchema.shape }),
]);
export type AuthorityLink = z.infer<typeof authorityLink>;

/** From the key that signed up to the key it speaks for; empty where the two are one. */
export const authoritySchema = z.array(authorityLink).max(MAX_AUTHORITY_LINKS);
export type Authority = z.infer<typeof authoritySchema>;

/** The authority of a key that has a delegation, or needs none. */
export const authorityOf = (delegation: SignedDelegation | null): Authority =>
  delegation === null ? [] : [{ kind: 'delegation', ...delegation }];

/** A signature that is still to be verified: `text` by `key`. */
export interface Claim {
  key: string;
  text: string;
  signature: string;
}

export interface AuthorityAsk {
  /** The key that signed, and the account key it speaks for. */
  key: string;
  by: string;
  /** ISO time of what it signed. */
  at: string;
  audience: string;
  scope: Scope;
  /** Null where what was signed is no move of a contract. */
  move: AgentMove | null;
}

/** What is wrong with a chain of leaves, or null, and the signatures in it to be verified. */
export function checkAuthority(
  authority: Authority,
  { key, by, at, audience, scope, move }: AuthorityAsk,
): { problem: string | null; claims: Claim[] } {
  const claims: Claim[] = [];
  const broken = (problem: string) => ({ problem, claims });
  let holder = key;
  for (const { delegation, signature } of authority) {
    if (holder === by) return broken('it carries a leave that it does not need');
    const problem = checkDelegation(delegation, { audience, at, device_key: holder, scope, move });
    if (problem !== null) return broken(`the delegation does not cover it (${problem})`);
    claims.push({ key: delegation.account_key, text: delegationText(delegation), signature });
    holder = delegation.account_key;
  }
  return holder === by ? { problem: null, claims } : broken('the key that signed it has no leave');
}
