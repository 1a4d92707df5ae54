import * as z from 'zod';
import { scopes, type Scope } from '../access.ts';
import { sha256Hex } from '../canonical.ts';
import { hex64, isoTime, signatureHex } from '../fields.ts';
import { CLOCK_SKEW_MS, DAY_MS } from '../time.ts';
import { signingInput } from './prefixed.ts';

/** How long a delegation may last at most. */
export const DELEGATION_DAYS = 90;
export const MAX_DEVICE_LABEL_CHARS = 60;
export const MAX_ORIGIN_CHARS = 255;
export const MAX_ACCOUNT_ID_CHARS = 64;
const MAX_AGENT_ACTIONS = 20;
const MAX_AGENT_OFFERINGS = 50;
const MAX_WORD_CHARS = 40;

/** What confines an agent: the moves that it may sign, and of contracts on which offerings. */
export const agentLeave = z.strictObject({
  actions: z
    .array(
      z
        .string()
        .regex(/^[a-z_]+$/)
        .max(MAX_WORD_CHARS),
    )
    .min(1)
    .max(MAX_AGENT_ACTIONS),
  /** Ids; null is every offering of the account. */
  offerings: z
    .array(z.string().regex(/^\w+$/).max(MAX_WORD_CHARS))
    .min(1)
    .max(MAX_AGENT_OFFERINGS)
    .nullable(),
});
export type AgentLeave = z.infer<typeof agentLeave>;

/** A move of a contract: its action, and the offering that the contract is on. */
export interface AgentMove {
  action: string;
  offering_id: string;
}

/** Whether an agent may sign this move. */
export const agentMay = ({ actions, offerings }: AgentLeave, move: AgentMove): boolean =>
  actions.includes(move.action) && (offerings === null || offerings.includes(move.offering_id));

/** The account key's leave for a device key; `audience` is the origin it is meant for. */
export const delegationSchema = z.strictObject({
  account_key: hex64,
  device_key: hex64,
  // Not `lineText`: trimming would change what was signed.
  label: z
    .string()
    .max(MAX_DEVICE_LABEL_CHARS)
    .regex(/^(?!\s)[^\p{C}\p{DI}\u2800]+(?<!\s)$/u),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  audience: z
    .string()
    .max(MAX_ORIGIN_CHARS)
    .regex(/^https?:\/\/[^\s/]+$/),
  issued_at: isoTime,
  expires_at: isoTime,
  /** Only an agent's has it; a device has none and makes every move of its scopes. */
  agent: agentLeave.optional(),
});
export type Delegation = z.infer<typeof delegationSchema>;

export const signedDelegationSchema = z.strictObject({
  delegation: delegationSchema,
  signature: signatureHex,
});
export type SignedDelegation = z.infer<typeof signedDelegationSchema>;

/** The text the account key signs for a delegation. */
export const delegationText = (delegation: Delegation): string =>
  signingInput('delegation', delegation);

/** SHA-256 of the signed text, 64 hex characters. */
export const delegationId = (delegation: Delegation): string =>
  sha256Hex(delegationText(delegation));

export type DelegationProblem =
  'delegation.invalid' | 'delegation.expired' | 'delegation.limit' | 'session.scope';

/**
 * What is asked of a delegation: `at` is ISO time; without a scope any will do. With one, an
 * agent's has to cover the move too: what is no move of a contract, no agent signs.
 */
export interface DelegationAsk {
  audience: string;
  at: string;
  device_key: string;
  scope?: Scope;
  move?: AgentMove | null;
}

/** Null where it covers what is asked. Its signature and revocation are checked apart. */
export function checkDelegation(
  delegation: Delegation,
  { audience, at, device_key, scope, move }: DelegationAsk,
): DelegationProblem | null {
  const [issued, expires, now] = [delegation.issued_at, delegation.expires_at, at].map((time) =>
    Date.parse(time),
  ) as [number, number, number];
  const lasts_ms = expires - issued;
  if (delegation.audience !== audience || delegation.device_key !== device_key) {
    return 'delegation.invalid';
  }
  if (!(lasts_ms > 0 && lasts_ms <= DELEGATION_DAYS * DAY_MS)) return 'delegation.invalid';
  // Written so that a time which is none (NaN) is refused.
  if (!(issued <= now + CLOCK_SKEW_MS)) return 'delegation.invalid';
  if (!(now < expires)) return 'delegation.expired';
  if (scope === undefined) return null;
  if (!delegation.scopes.includes(scope)) return 'session.scope';
  const { agent } = delegation;
  const isCovered = agent === undefined || (move != null && agentMay(agent, move));
  return isCovered ? null : 'delegation.limit';
}

/** A further key `key` joins an account, vouched for by `by`, one of its keys; both sign. */
export const keyLinkSchema = z.strictObject({
  account_id: z.string().regex(/^\w+$/).max(MAX_ACCOUNT_ID_CHARS),
  key: hex64,
  by: hex64,
  at: isoTime,
});
export type KeyLink = z.infer<typeof keyLinkSchema>;

export const signedKeyLinkSchema = z.strictObject({
  link: keyLinkSchema,
  /** By `link.by`, the key that vouches. */
  signature: signatureHex,
  /** By `link.key`, the key that joins. */
  key_signature: signatureHex,
});
export type SignedKeyLink = z.infer<typeof signedKeyLinkSchema>;

/** The text both keys of a link sign. */
export const keyLinkText = (link: KeyLink): string => signingInput('key-link', link);
