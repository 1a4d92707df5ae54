/** What the tables in `stories/` are made of: one contract each, told from its request on. */
import type { ContractAction } from '@berth/shared/contracts/machine';

export type Side = 'renter' | 'provider';

export interface Step {
  /** Hours after the step before; after the request for the first. */
  after: number;
  side: Side;
  action: ContractAction;
  /** A message, or the reason of an ending. */
  text?: string;
  /** How long an extension is. */
  hours?: number;
}

export interface Story {
  renter: string;
  /** The provider's handle and the offering's reference. */
  offering: string;
  /** Days before the present that it was requested. */
  ago: number;
  hours: number;
  memo: string;
  steps: Step[];
}

const HOURS_A_DAY = 24;
/** For what happened today. */
export const hoursAgo = (hours: number): number => hours / HOURS_A_DAY;

export const says = (after: number, side: Side, text: string): Step => ({
  after,
  side,
  action: 'message',
  text,
});
export const accept = (after: number): Step => ({ after, side: 'provider', action: 'accept' });
export const start = (after: number): Step => ({
  after,
  side: 'provider',
  action: 'start_provisioning',
});
export const ready = (after: number): Step => ({
  after,
  side: 'provider',
  action: 'mark_provisioned',
});
export const open = (after: number): Step => ({
  after,
  side: 'renter',
  action: 'open_credentials',
});
export const activate = (after: number): Step => ({ after, side: 'provider', action: 'activate' });
export const pause = (after: number): Step => ({ after, side: 'renter', action: 'suspend' });
export const rotate = (after: number): Step => ({
  after,
  side: 'provider',
  action: 'rotate_credentials',
});
export const extend = (after: number, side: Side, hours: number): Step => ({
  after,
  side,
  action: 'extend',
  hours,
});
export const cancel = (after: number, side: Side, text: string): Step => ({
  after,
  side,
  action: 'cancel',
  text,
});
export const reject = (after: number, text: string): Step => ({
  after,
  side: 'provider',
  action: 'reject',
  text,
});
export const fail = (after: number, text: string): Step => ({
  after,
  side: 'provider',
  action: 'fail',
  text,
});

/** Both sign: one proposes, the other agrees two hours later. */
export const extendedBy = (after: number, side: Side, hours: number): Step[] => [
  extend(after, side, hours),
  extend(2, side === 'renter' ? 'provider' : 'renter', hours),
];

const setUp = (pace: number): Step[] => [start(0.4 * pace), ready(1.3 * pace)];

/** From the request to posted credentials; a pace of 1 takes about three hours. */
export const delivered = (pace: number): Step[] => [accept(1.1 * pace), ...setUp(pace)];

/** From the request to an active contract. */
export const running = (pace: number): Step[] => [...delivered(pace), open(0.5 * pace)];
/** The same where the provider's rule accepts at once. */
export const runningByRule = (pace: number): Step[] => [...setUp(pace), open(0.5 * pace)];

export const story = (
  renter: string,
  offering: string,
  [ago, hours]: [ago: number, hours: number],
  memo: string,
  ...steps: Step[]
): Story => ({ renter, offering, ago, hours, memo, steps });
