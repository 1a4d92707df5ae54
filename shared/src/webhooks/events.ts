import type { Permission } from '../access.ts';
import { contractActions } from '../contracts/machine.ts';

/** One an entry of a contract's log: `contract.accept` is that its acceptance was signed. */
const contractEvents = contractActions.map((action) => `contract.${action}` as const);
export type ContractEvent = (typeof contractEvents)[number];

/** What an endpoint can be told of. */
export const eventTypes = [...contractEvents, 'offering.changed', 'notice.made'] as const;
export type EventType = (typeof eventTypes)[number];

/** What one must be allowed to read to be told of it. */
export const readsOf = (type: EventType): Permission =>
  type === 'offering.changed'
    ? 'offerings.read'
    : type === 'notice.made'
      ? 'notices.read'
      : 'contracts.read';

/** Sent by the owner's button alone, to see that events arrive. */
export const TEST_EVENT = 'webhook.test';
