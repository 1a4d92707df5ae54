import { HOUR_MS, isoAt } from '@berth/shared/time';

/** When in a day somebody is mailed, in the zone they live in. */
export interface MailHours {
  time_zone: string;
  quiet_from: number | null;
  quiet_until: number | null;
  daily_hour: number;
}

const HOURS = 24;
/** Zones whose hours begin on the half or the quarter make an hour's steps miss none. */
const STEP_MS = HOUR_MS / 4;
/** A day has up to 25 hours. */
const MOST_STEPS = 26 * 4;

/** What hour a clock there shows at a time, 0 to 23. */
function clockIn(time_zone: string): (at_ms: number) => number {
  const write = new Intl.DateTimeFormat('en-GB', {
    ...{ hour: 'numeric', hourCycle: 'h23', timeZone: time_zone },
  });
  return (at_ms) => Number(write.format(at_ms)) % HOURS;
}

function isQuietHour({ quiet_from: from, quiet_until: until }: MailHours, hour: number): boolean {
  if (from === null || until === null || from === until) return false;
  return from < until ? hour >= from && hour < until : hour >= from || hour < until;
}

export const isQuiet = (hours: MailHours, at_ms: number): boolean =>
  isQuietHour(hours, clockIn(hours.time_zone)(at_ms));

/** The first quarter of an hour after a time that fits, as ISO. */
function firstAfter(at_ms: number, fits: (ms: number) => boolean): string {
  const begin = Math.floor(at_ms / STEP_MS) * STEP_MS;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const ms = begin + step * STEP_MS;
    if (fits(ms)) return isoAt(ms);
  }
  return isoAt(begin + MOST_STEPS * STEP_MS);
}

/** When the quiet hours that a time is in are over. */
export function quietEnd(hours: MailHours, at_ms: number): string {
  const hourAt = clockIn(hours.time_zone);
  return firstAfter(at_ms, (ms) => !isQuietHour(hours, hourAt(ms)));
}

/** When the day's mail is next due; after the quiet hours, where its hour is one of them. */
export function nextDaily(hours: MailHours, at_ms: number): string {
  const hourAt = clockIn(hours.time_zone);
  const begins = (ms: number) =>
    hourAt(ms) === hours.daily_hour && hourAt(ms - STEP_MS) !== hours.daily_hour;
  const at_daily = firstAfter(at_ms, begins);
  const daily_ms = Date.parse(at_daily);
  return isQuietHour(hours, hourAt(daily_ms)) ? quietEnd(hours, daily_ms) : at_daily;
}
