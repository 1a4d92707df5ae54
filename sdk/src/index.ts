/** What a program needs to rent and to provide on a Berth; sdk/README.md shows how. */
export { createBerth, type Berth, type BerthOptions } from './berth.ts';
export type { Device, DeviceAccount, StoredDevice } from './device.ts';
export type { BerthEvent, EventsOptions } from './events.ts';
export type { LoggedIn, LoginAsk } from './login.ts';
export { isProblem, type BerthProblem, type ProblemCode, type ProblemDocument } from './problem.ts';
export type {
  DeliveryAsk,
  MoveShown,
  Opened,
  OpenShown,
  Proposal,
  Rentals,
  RentAsk,
  RentShown,
} from './rentals.ts';
export type { Session, SessionStore } from './session.ts';
export type { CallOptions } from './transport.ts';
export type { EvidenceAsk, EvidenceVerdict } from './verified.ts';
export { verifyWebhook, type WebhookEvent, type WebhookMessage } from './webhooks.ts';
import type { EvidenceAsk, EvidenceVerdict } from './verified.ts';

/** Whether a contract's evidence, as parsed JSON, keeps every sentence; needs no network. */
export const verifyEvidence = async (
  evidence: unknown,
  ask: EvidenceAsk = {},
): Promise<EvidenceVerdict> => (await import('./verified.ts')).verifyEvidence(evidence, ask);
