import { existsSync, readFileSync } from 'node:fs';

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Counts a report's tests. In the browser one that passed at the second try has not passed. */
function countReport(kind: 'vitest' | 'playwright', path: string): Count {
  if (!existsSync(path)) return { passed: 0, failed: 0 };
  if (kind === 'vitest') {
    const report = read(path) as VitestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
    };
  }
  const { expected, unexpected, flaky, skipped } = (read(path) as PlaywrightReport).stats;
  return { passed: expected, failed: unexpected + flaky + skipped };
}

/**
 * What a rung adds to the whole: its tests, or itself as one check. A rung that fails although no
 * test did, or that ran no test at all, is one failure more.
 */
export function countRung(
  code: number | null,
  report: { kind: 'vitest' | 'playwright'; path: string } | null,
): Count {
  if (report === null) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const { passed, failed } = countReport(report.kind, report.path);
  const broken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broken ? 1 : failed };
}

export const sum = (counts: Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});
