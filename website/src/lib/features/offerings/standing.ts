import { counted, wordFor } from '@berth/shared/count';
import type { Answer } from '@berth/shared/endpoint';
import type { accounts } from '@berth/shared/accounts/endpoints';
import { durationWords } from '#lib/ui/time-words.ts';

type Record = Answer<typeof accounts.provider>['record'];

export interface Standing {
  label: string;
  value: string;
  /** What it says of the provider. */
  words: string;
  /** How it is computed. */
  rule: string;
}

const SECOND_MS = 1_000;

/** What a search ranks a provider by, in words, each with how it is computed. */
export function standingsOf({ renters, ended, kept, median_response_s }: Record): Standing[] {
  // As the ranking has it: a provider without a record begins at half, not at all or nothing.
  const percent = Math.round((100 * (kept + 1)) / (ended + 2));
  return [
    {
      label: 'Reputation',
      value: counted(renters, 'renter'),
      words:
        renters === 0
          ? 'Nobody has completed a contract with it yet.'
          : `${wordFor(renters, 'Has', 'Have')} completed a contract with it.`,
      rule: 'Different renters with a completed contract; more contracts of the same one add nothing.',
    },
    {
      label: 'Response time',
      value:
        median_response_s === null ? 'Not known yet' : durationWords(median_response_s * SECOND_MS),
      words:
        median_response_s === null
          ? 'It has not answered a request yet.'
          : 'Half of its answers came sooner.',
      rule: 'From the request to the answer, the median of its last 100 answers.',
    },
    {
      label: 'Reliability',
      value: ended === 0 ? 'Not known yet' : `${percent} %`,
      words:
        ended === 0
          ? 'No contract of it has ended yet.'
          : `Kept ${kept.toLocaleString('en')} of ${counted(ended, 'contract')} that ended.`,
      rule:
        'Kept are those that it neither failed, cancelled nor let expire. One kept and one broken ' +
        'are added to all, so that few contracts promise little.',
    },
  ];
}
