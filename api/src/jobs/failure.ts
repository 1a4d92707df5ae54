import { cleanText } from '@berth/shared/letters';
import { HOUR_MS, isoAt, MINUTE_MS, SECOND_MS } from '@berth/shared/time';
import type { Failure } from '../db/due-work.ts';
import type { Clock } from '../lib/clock.ts';
import { withoutSecrets } from '../lib/secrets.ts';

/** How long what fails waits, by how often it had failed in a row; the last for ever. */
const PAUSES_MS = [
  ...[1, 2, 5, 15].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 15].map((minutes) => minutes * MINUTE_MS),
  HOUR_MS,
];
/** What is kept of an error's text, and what of it is searched for secrets. */
const MAX_ERROR_LENGTH = 500;
const MAX_SEARCHED_LENGTH = 1_000;

const pauseAfter = (failures: number): number =>
  PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]!;

/** What is kept of a failure after `failures` others in a row. */
export function failureOf(
  clock: Clock,
  failures: number,
  error: unknown,
  pause_ms = pauseAfter(failures),
): Failure {
  const text = String(error);
  // A secret that is cut is not known for one.
  const searched =
    text.length > MAX_SEARCHED_LENGTH
      ? text.slice(0, MAX_SEARCHED_LENGTH).replace(/\S+$/, '')
      : text;
  const said = withoutSecrets(cleanText(searched));
  return {
    attempts: failures + 1,
    last_error: said.slice(0, MAX_ERROR_LENGTH),
    failed_at: clock.now(),
    not_before: isoAt(clock.nowMs() + pause_ms),
  };
}
