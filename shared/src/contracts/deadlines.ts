import type { Deadline } from '../machine.ts';
import type { PaysBy } from '../pays-by.ts';
import { paysBy } from '../pays-by.ts';
import { addHours } from '../time.ts';

/** How long a renter has to open the credentials before the paid clock starts by itself. */
const OPENING_HOURS = 24;
/** How long a renter may have the paid clock stand still at a time, and how often. */
const PAUSE_DAYS = 30;
export const MAX_PAUSES = 12;
/** How long it has them before the provider may start that clock. */
export const UNDISTURBED_HOURS = 1;

/** Until when the provider leaves the renter alone with what it posted; ISO time. */
export const undisturbedUntil = ({ created_at }: { created_at: string }): string =>
  addHours(created_at, UNDISTURBED_HOURS);

/** What a deadline's length hangs on. */
interface Lengths {
  /** Of the offering's terms. */
  response_hours: number;
  provisioning_hours: number;
  /** Of the contract. */
  hours: number;
  pays_by: PaysBy | null;
}

interface ContractDeadlineRow extends Deadline {
  readonly hours: (lengths: Lengths) => number;
}

/** The deadlines of a contract, each counted from the move that begins it. */
export const contractDeadlines = {
  payment_hours: {
    after: `${paysBy.card.within} after a request that is paid by card, ${paysBy.transfer.within} after one by bank transfer`,
    brings: 'expires unless it is paid',
    // A request that says nothing is paid at once, or elsewhere.
    hours: ({ pays_by }) => (pays_by === null ? 0 : paysBy[pays_by].hours),
  },
  response_hours: {
    after: 'when the offering’s response hours have passed',
    brings: 'expires',
    hours: ({ response_hours }) => response_hours,
  },
  provisioning_hours: {
    after: 'when the offering’s provisioning hours have passed',
    brings: 'fails if not ready',
    hours: ({ provisioning_hours }) => provisioning_hours,
  },
  opening_hours: {
    after: `${OPENING_HOURS} hours after the credentials were posted`,
    brings: 'starts by itself',
    hours: () => OPENING_HOURS,
  },
  pause_hours: {
    after: `${PAUSE_DAYS} days after it was paused`,
    brings: 'goes on by itself',
    hours: () => PAUSE_DAYS * 24,
  },
  paid_hours: {
    after: 'when the paid hours are over',
    brings: 'ends',
    hours: ({ hours }) => hours,
  },
} as const satisfies Record<string, ContractDeadlineRow>;

export type ContractDeadline = keyof typeof contractDeadlines;
