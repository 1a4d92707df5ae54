/** How fast a chain is decoded and imported, each in a process of its own, and in what memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT, run } from '../../lib/run.ts';
import { median } from '../load.ts';
import { writeBenchIcp } from './write.ts';

const ROUNDS = 3;
const KIB = 1_024;
const PEAK = join(ROOT, 'scripts/bench/icp/peak.ts');
const DECODE = 'scripts/bench/icp/decode.ts';

export interface IcpFigures {
  entries: number;
  signed: number;
  bytes: number;
  decoded_per_second: number;
  decoding_rss_bytes: number;
  imported_per_second: number;
  importing_rss_bytes: number;
}

const scripts = z.object({ scripts: z.object({ icp: z.string() }) });

/** What `npm run icp` runs: Node's flags, which keep its heap small, and the script. */
function icpCommand(): { flags: string[]; script: string } {
  const file = readFileSync(join(ROOT, 'package.json'), 'utf8');
  const words = scripts.parse(JSON.parse(file)).scripts.icp.split(' ');
  return { flags: words.slice(1, -1), script: words.at(-1) ?? '' };
}

/** Runs Node with a script to its end; throws with what it printed where it fails. */
async function measured(folder: string, ...args: readonly string[]) {
  const peak = join(folder, 'peak');
  const started = performance.now();
  const { code, output } = await run(['node', '--import', PEAK, ...args], {
    env: {
      PEAK_FILE: peak,
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: '',
      DEMO: 'off',
      NODE_ENV: '',
      LOG_LEVEL: 'error',
    },
  });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${output}`);
  const seconds = (performance.now() - started) / 1_000;
  return { output, seconds, rss_bytes: Number(readFileSync(peak, 'utf8')) * KIB };
}

const decoded = z.object({ entries: z.number(), seconds: z.number() });

export async function measureIcp(
  entries: number,
  say: (text: string) => void,
): Promise<IcpFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-icp-'));
  try {
    say(`writing a chain of ${entries.toLocaleString('en')} entries …`);
    const file = join(folder, 'icp.bin');
    const { flags, script } = icpCommand();
    const written = writeBenchIcp(file, entries);
    say('decoding it …');
    const rates: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { output, rss_bytes } = await measured(folder, ...flags, DECODE, file);
      const read = decoded.parse(JSON.parse(output));
      if (read.entries !== entries) throw new Error(`${read.entries} entries were decoded`);
      rates.push(read.entries / read.seconds);
      memory.push(rss_bytes);
    }
    say('importing it …');
    // With its start, its migrations and its summary: as a person would time it.
    const imported = await measured(folder, ...flags, script, 'import', '--file', file);
    say(imported.output.trim());
    return {
      ...written,
      decoded_per_second: median(rates),
      decoding_rss_bytes: median(memory),
      imported_per_second: entries / imported.seconds,
      importing_rss_bytes: imported.rss_bytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
