import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countRung, sum, type Count } from './report.ts';
import type { Rung } from './rungs.ts';
import { run } from './run.ts';

const LANES = 2;
const RUNG_WITHIN_MS = 50 * 60_000;
const NAME_WIDTH = 24;

const REPORTERS = {
  vitest: (path: string) => ['--reporter=dot', '--reporter=json', `--outputFile.json=${path}`],
  playwright: () => ['--reporter=list,json'],
};

/** A dot for each test that ran, which hides what a failure says. */
const DOTS = /^[·x*-]{2,}$\n?/gm;

const NOTHING: Count = { passed: 0, failed: 0 };
const reports = mkdtempSync(join(tmpdir(), 'berth-test-'));
process.on('exit', () => rmSync(reports, { recursive: true }));
// What runs ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const line = (mark: string, name: string, rest: string): void =>
  console.log(`${mark} ${name.padEnd(NAME_WIDTH)} ${rest}`);

async function climb(rung: Rung): Promise<Count> {
  const { name, report, missing } = rung;
  if (missing) {
    line(missing.fails ? '✗' : '-', name, missing.why);
    return missing.fails ? { passed: 0, failed: 1 } : NOTHING;
  }
  line('…', name, 'starts');
  const path = join(reports, `${name.replaceAll(' ', '-')}.json`);
  const started_ms = performance.now();
  const { code, output } = await run(
    [...rung.command, ...(report ? REPORTERS[report](path) : [])],
    {
      cwd: rung.cwd ?? '.',
      env: { ...rung.env, NO_COLOR: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: path },
      timeout_ms: RUNG_WITHIN_MS,
    },
  );
  const count = countRung(code, report ? { kind: report, path } : null);
  const seconds = ((performance.now() - started_ms) / 1000).toFixed(1);
  const tests = report ? `${count.passed} passed, ${count.failed} failed` : '';
  line(count.failed === 0 ? '✓' : '✗', name, `${seconds.padStart(6)} s  ${tests}`.trimEnd());
  if (count.failed > 0) console.log(output.replace(DOTS, '').replace(/^/gm, '    '));
  return count;
}

/** Runs rungs, each when what it waits for has ended and a lane is free; says how each went. */
export async function climbAll(rungs: readonly Rung[]): Promise<Count> {
  const names = new Set(rungs.map(({ name }) => name));
  const counts: Count[] = [];
  const waiting = [...rungs];
  const ended = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const ready = ({ after = [], alone = false }: Rung): boolean =>
    after.every((name) => ended.has(name) || !names.has(name)) &&
    (!alone || (running.size === 0 && waiting.length === 1));
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(ready);
    const [rung] = next >= 0 && running.size < LANES ? waiting.splice(next, 1) : [];
    if (rung === undefined) {
      await Promise.race(running.values());
      continue;
    }
    running.set(
      rung.name,
      climb(rung).then((count) => {
        counts.push(count);
        ended.add(rung.name);
        running.delete(rung.name);
      }),
    );
  }
  return sum(counts);
}
