/** Which browser and which system a `User-Agent` names; the first that fits. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChromium\//, 'Chromium'],
  [/(?:\b|Headless)Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];
const MAX_NAME_CHARS = 40;
const UNKNOWN = 'Unknown client';

/**
 * A few words for a list, as in "Firefox on Linux"; of an unknown client its first word without the
 * version. All that is kept of the header: versions and models would tell people apart.
 */
export function summaryOf(user_agent: string): string {
  const find = (table: typeof browsers) => table.find(([pattern]) => pattern.test(user_agent))?.[1];
  const first = /^[\w.-]+/.exec(user_agent)?.[0].slice(0, MAX_NAME_CHARS);
  const system = find(systems);
  const name = find(browsers) ?? first ?? UNKNOWN;
  return system === undefined ? name : `${name} on ${system}`;
}
