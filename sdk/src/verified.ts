/** What needs the schemas of everything: brought apart, when something is signed or verified. */
import { detailsDifferences } from '@berth/shared/contracts/differences';
import { verifyEvidence as verify, type Verdict } from '@berth/shared/contracts/evidence';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { contractStates } from '@berth/shared/contracts/machine';
import { problemOfMove, problemOfOffering } from '@berth/shared/contracts/own-figures';
import { readCredentials, writeCredentials } from '@berth/shared/contracts/credentials';
import { recipientOf } from '@berth/shared/contracts/recipient';
import type { ContractView, DetailsView } from '@berth/shared/contracts/schemas';
import type { Evidence } from '@berth/shared/signing/evidence';
import { sentences } from '@berth/shared/contracts/sentences';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { verifyEd25519 } from '@berth/shared/signing/verify';
import { verifyEd25519Web } from '@berth/shared/signing/verify-web';
import { isoAt } from '@berth/shared/time';
import { refuse } from './problem.ts';

export { readCredentials, writeCredentials };

/** Throws where what is shown is not what would be signed. */
export function checkOffering(offering: OfferingView): void {
  const wrong = problemOfOffering([offering], null);
  if (wrong !== null) throw refuse('statement.invalid', wrong);
}

/** Throws where a figure is not what this side computes itself. */
export function checkMove(
  view: ContractView,
  move: { action: ContractAction; data: Record<string, unknown> },
  now_ms: number,
): void {
  const wrong = problemOfMove(view, move, now_ms);
  if (wrong !== null) throw refuse('statement.invalid', wrong);
}

/** The proven key to seal to; what the service says of it is compared with it, not believed. */
export async function provenRecipient(
  proof: unknown,
  { contract_id, renter }: Pick<ContractView, 'contract_id' | 'renter'>,
  audience: string,
): Promise<string> {
  const found = await recipientOf(proof, { contract_id, audience }, verifyEd25519).catch(
    (error: unknown) => {
      throw notTheRenters(error instanceof Error ? error.message : '');
    },
  );
  if (found === null) {
    throw refuse('contract.not_yet', 'The renter has published no key to seal to yet.');
  }
  if (found.encryption_key !== renter.encryption_key) {
    throw notTheRenters('The key that was offered is not the one that the renter published.');
  }
  return found.encryption_key;
}

const notTheRenters = (why: string) =>
  refuse(
    'signature.invalid',
    `Nothing was sealed, because the answer does not prove whose key it is. ${why}`,
  );

/**
 * Throws where details are not the newest that the provider of this contract signed for: anybody
 * can seal to the renter's key. The contract's id is the hash of the request that names the
 * provider.
 */
export async function checkDetails(
  evidence: Evidence,
  contract_id: string,
  shown: DetailsView,
): Promise<void> {
  const verdict = await verify(evidence, verifyEd25519Web, { now: isoAt(Date.now()) });
  if (!verdict.ok || evidence.subject_id !== contract_id) throw notTheProviders();
  const { entries, terms } = evidence;
  const found = detailsDifferences(shown, { ...verdict, contract_id, entries, terms });
  const isProviders = shown.provider_key === verdict.standing.provider_key;
  if (found.length > 0 || !isProviders) throw notTheProviders();
}

const notTheProviders = () =>
  refuse(
    'signature.invalid',
    'These credentials are not what the provider signed for, so they were not opened. Do not ' +
      'connect there, and ask the provider.',
  );

export interface EvidenceAsk {
  /** The hash of the last entry, where the end may have been left out. */
  head?: string;
  /** The service's keys as they are known, 64 hex characters each. */
  service_keys?: string[];
}

export type EvidenceVerdict =
  | {
      ok: true;
      entries: number;
      state: string | null;
      /** The service's, as the evidence has it: compare it, unless `service_keys` named yours. */
      service_key: string;
    }
  | { ok: false; at: number; sentence: string; reason: string };

/** Whether a contract's evidence, as parsed JSON, keeps every sentence; needs no network. */
export async function verifyEvidence(
  evidence: unknown,
  ask: EvidenceAsk,
): Promise<EvidenceVerdict> {
  const verdict: Verdict = await verify(evidence, verifyEd25519Web, {
    now: isoAt(Date.now()),
    ...ask,
  });
  if (!verdict.ok) {
    const { at, broke, reason } = verdict;
    return { ok: false, at, sentence: sentences[broke], reason };
  }
  const { state } = verdict.standing;
  return {
    ok: true,
    entries: verdict.entries,
    service_key: verdict.service_key,
    state: state === null ? null : contractStates[state].label,
  };
}
