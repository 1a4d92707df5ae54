import { needsDue, needsPause } from './guards.ts';
import type { ContractMove } from './machine.ts';

const resuming = {
  action: 'resume',
  from: ['suspended'],
  to: 'active',
  deed: 'had the paid clock go on',
  icon: 'circle-play',
  tell: 'contract.resumed',
} as const;

/** How the paid clock comes to stand still, and goes on with what is left of it. */
export const pausing: readonly ContractMove[] = [
  {
    action: 'suspend',
    from: ['active'],
    to: 'suspended',
    by: ['renter'],
    needs: [needsPause],
    starts: 'pause_hours',
    deed: 'paused it',
    icon: 'circle-pause',
    tell: 'contract.suspended',
    button: { label: 'Pause', tone: 'plain' },
    form: 'confirm',
    ask: {
      title: 'Pause this contract?',
      detail:
        'The paid clock stands still and {other} is told to switch the resource off; the end moves by as much. Go on when you like: after 30 days it does by itself. {other} may end it meanwhile.',
      submit: 'Sign and pause',
      done: 'The contract is paused',
    },
  },
  {
    ...resuming,
    by: ['renter'],
    button: { label: 'Go on', tone: 'primary' },
    form: 'confirm',
    ask: {
      title: 'Go on with this contract?',
      detail: 'The paid clock runs again from now on, and {other} is told to switch it on.',
      submit: 'Sign and go on',
      done: 'The paid clock runs again',
    },
  },
  {
    ...resuming,
    by: ['system'],
    needs: [needsDue],
    deadline: 'pause_hours',
    memo: 'It was paused for as long as it may be',
  },
];
