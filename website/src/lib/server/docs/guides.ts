import { counted } from '@berth/shared/count';
import { policies } from '@berth/shared/rate-limits';
import agent from './guides/agent.md?raw';
import errors from './guides/errors.md?raw';
import first_rental from './guides/first-rental.md?raw';
import idempotency from './guides/idempotency.md?raw';
import limits from './guides/limits.md?raw';
import pagination from './guides/pagination.md?raw';
import providing from './guides/providing.md?raw';
import start from './guides/start.md?raw';
import verifying from './guides/verifying.md?raw';
import webhooks from './guides/webhooks.md?raw';

/** In the order in which they are listed, by where they are below `/docs`. */
export const guideTexts: Record<string, string> = {
  '': start,
  'first-rental': first_rental,
  providing,
  agent,
  webhooks,
  verifying,
  errors,
  pagination,
  idempotency,
  limits,
};

const policyWords: Record<keyof typeof policies, string> = {
  default: 'everything else',
  sign_in: 'sign-up, sign-in and what proves who somebody is',
  request: 'requests of contracts, payments and tests of webhooks',
  import: 'imports and changes of many offerings',
  hold: 'units held while a request is written',
  secret: 'tokens and webhooks made or rotated',
  replay: 'events sent again',
  mail: 'addresses of mail given',
};

const SECONDS_A_MINUTE = 60;

/** Every limit of calls, as a list in Markdown. */
const policyLines = Object.entries(policies).map(([name, { quota, window_s, by }]) => {
  const words = policyWords[name as keyof typeof policies];
  const minutes = window_s / SECONDS_A_MINUTE;
  const whose = by === 'address' ? 'by network address' : 'by account or token';
  return `- \`${name}\` ${counted(quota, 'call')} in ${counted(minutes, 'minute')}, ${whose}: ${words}`;
});

export const guideText = (text: string, origin: string): string =>
  text.replaceAll('ORIGIN', origin).replace('POLICIES', policyLines.join('\n')).trimEnd();
