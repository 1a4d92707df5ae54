import { expect, test } from 'vitest';
import { summaryOf } from './user-agent.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1', 'Safari on macOS'],
  ['Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0 Safari/537.36', 'Chrome on Linux'],
  ['curl/8.10.1', 'curl'],
  ['berth-agent/1.2 (linux)', 'berth-agent'],
  ['', 'Unknown client'],
])('the client %s is kept as %s', (user_agent, words) => {
  expect(summaryOf(user_agent)).toBe(words);
});
