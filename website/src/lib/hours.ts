import { counted } from '@berth/shared/count';

const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;
const HOURS_A_MONTH = 720;

const spans: readonly [string, number][] = [
  ['month', HOURS_A_MONTH],
  ['week', HOURS_A_WEEK],
  ['day', HOURS_A_DAY],
  ['hour', 1],
];

/** `24` -> `1 day`, `36` -> `36 hours`, `1440` -> `2 months`; a month is 720 hours. */
export function hoursWords(hours: number): string {
  const [name, length] = spans.find(([, each]) => hours >= each && hours % each === 0) ?? [
    'hour',
    1,
  ];
  const count = hours / length;
  return counted(count, name);
}

const offered = [1, 6, 24, 72, 168, 720, 2_160, 4_320, 8_760];
const MOST_PRESETS = 5;

/** Lengths to choose by one press: the least and the round ones that the terms allow. */
export function presetsFor({ min_hours, max_hours }: { min_hours: number; max_hours: number }) {
  const within = offered.filter((hours) => hours > min_hours && hours <= max_hours);
  return [min_hours, ...within].slice(0, MOST_PRESETS);
}
