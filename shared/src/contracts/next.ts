import { type ContractState } from './machine.ts';

interface NextRow {
  /** Whose turn it is. */
  waits_on: 'renter' | 'provider' | null;
  /** What that is, in a word or two: of who is waited on, or asked for its signature. */
  to_do?: string;
  renter: string;
  provider: string;
}

/** What happens next in each state, in a sentence for each side. The deadline stands beside it. */
export const contractNext: Record<ContractState, NextRow> = {
  requested: {
    waits_on: 'renter',
    to_do: 'Pay',
    renter:
      'Pay what is missing: the provider is asked once the total is held. A unit is kept meanwhile.',
    provider:
      'The renter has signed and pays. You are asked once the total is held, and can decline before.',
  },
  pending: {
    waits_on: 'provider',
    to_do: 'Answer',
    renter: 'The provider answers. Without an answer the request expires and you pay nothing.',
    provider: 'Accept or decline the request. Without an answer it expires.',
  },
  accepted: {
    waits_on: 'provider',
    to_do: 'Start provisioning',
    renter: 'The provider starts setting your resource up.',
    provider: 'Start provisioning. If it is not ready in time, the contract fails.',
  },
  provisioning: {
    waits_on: 'provider',
    to_do: 'Post credentials',
    renter: 'The provider sets your resource up. If it is not ready in time, you pay nothing.',
    provider: 'Post the address and the credentials when the resource is ready.',
  },
  provisioned: {
    waits_on: 'renter',
    to_do: 'Open credentials',
    renter:
      'Open your credentials: that shows the address and starts the paid clock. It starts by itself a day after they were posted, and the provider may start it an hour after.',
    provider:
      'The renter opens the credentials, which starts the paid clock. You can start it an hour after you posted them.',
  },
  active: {
    waits_on: null,
    to_do: 'Answer the extension',
    renter: 'The resource is yours until the term ends.',
    provider: 'The renter uses the resource until the term ends.',
  },
  suspended: {
    waits_on: null,
    to_do: 'Answer the extension',
    renter: 'The paid clock stands still until you go on; the end moves by as much.',
    provider: 'Switch the resource off and keep it. You are told when the paid clock goes on.',
  },
  completed: {
    waits_on: null,
    renter: 'The term has ended. Credentials are erased after 7 days.',
    provider: 'The term has ended. You can take the resource back.',
  },
  rejected: {
    waits_on: null,
    renter: 'The provider declined. You pay nothing; other offerings are in the marketplace.',
    provider: 'You declined. The unit is back in stock.',
  },
  cancelled: {
    waits_on: null,
    renter: 'The contract was ended early.',
    provider: 'The contract was ended early. You can take the resource back.',
  },
  expired: {
    waits_on: null,
    renter: 'It was not answered or not paid in time. You pay nothing.',
    provider: 'It was not answered or not paid in time. The unit is back in stock.',
  },
  failed: {
    waits_on: null,
    renter: 'The resource could not be set up. You pay nothing.',
    provider: 'The resource was not set up. The unit is back in stock.',
  },
};

/** The same of a contract that the chain brought: it has no deadline yet and took no unit. */
const icpNext: Partial<Record<ContractState, Pick<NextRow, 'renter' | 'provider'>>> = {
  pending: {
    renter:
      'The provider answers, here or on the Internet Computer. There is no deadline; you can cancel.',
    provider:
      'Accept or decline the request. It came from the Internet Computer and has no deadline.',
  },
  accepted: {
    renter: 'The provider starts setting your resource up. There is no deadline yet.',
    provider: 'Start provisioning. There is no deadline until you do.',
  },
  rejected: {
    renter: contractNext.rejected.renter,
    provider: 'You declined. Your stock is as it was.',
  },
  failed: {
    renter: contractNext.failed.renter,
    provider: 'The resource was not set up. Your stock is as it was.',
  },
};

interface Shown {
  state: ContractState;
  on_chain: number;
  due_at: string | null;
}

/** What happens next, in a sentence for one side. */
export function nextOf({ state, on_chain, due_at }: Shown, role: 'renter' | 'provider'): string {
  const icp = on_chain === 1 && due_at === null ? icpNext[state] : undefined;
  return (icp ?? contractNext[state])[role];
}
