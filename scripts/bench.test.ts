import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ICP_START, makeBlockReader, startCursor } from '@berth/shared/icp/blocks-node';
import { readEntry } from '@berth/shared/icp/entries';
import { verifyIcp } from '@berth/shared/icp/signature';
import { measureIcp } from './bench/icp/measure.ts';
import { icpOf } from './bench/icp/report.ts';
import { writeBenchIcp } from './bench/icp/write.ts';
import { searchCases } from './bench/search/cases.ts';
import { measureSearch, type Scale } from './bench/search/measure.ts';
import { searchOf } from './bench/search/report.ts';

const small: Scale = {
  ...{ offerings: 2_000, shots: 2, pages: 3, plain: 3, edits: 1, requests: 4 },
  website: false,
};
const ENTRIES = 4_500;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-bench-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const quiet = (): void => undefined;

test('the bench of searches finds what plain SQL finds, and writes its section', async () => {
  const figures = await measureSearch(small, quiet, folder);
  expect(figures.offerings).toBeGreaterThan(1_900);
  expect(figures.cases.map(({ name }) => name)).toEqual(searchCases.map(({ name }) => name));
  expect(searchOf(figures)).not.toMatch(/NaN|undefined|Infinity/);
});

test('the bench’s icp is a chain, with signatures that hold', () => {
  const file = join(folder, 'icp.bin');
  const written = writeBenchIcp(file, ENTRIES);
  const bytes = readFileSync(file);
  const reader = makeBlockReader(startCursor);
  const { blocks, fault } = reader.push(bytes);
  expect(fault ?? reader.finish()).toBeNull();
  expect(reader.cursor().position).toBe(ICP_START + bytes.length);
  let signed = 0;
  for (const { content, entry } of blocks.flatMap(({ entries }) =>
    entries.map((one) => ({ entry: one, content: readEntry(one) })),
  )) {
    if (!content.ok) throw new Error(`${entry.label}: ${content.fault.reason}`);
    const said = content.content;
    if (said.kind === 'provider_register' || said.kind === 'user_register') {
      expect(verifyIcp(said.key, entry.key, said.value.signature)).toBe(true);
    } else if (said.kind === 'offering') {
      const { payload, signature } = said.value;
      expect(verifyIcp(said.key, payload, signature)).toBe(true);
    } else if (said.kind === 'contract_request') {
      const { payload, signature, says } = said.value;
      expect(verifyIcp(says.requester, payload, signature)).toBe(true);
    } else if (said.kind !== 'check_in' && said.kind !== 'contract_reply') {
      continue;
    }
    signed += 1;
  }
  expect(written).toEqual({ entries: ENTRIES, signed, bytes: bytes.length });
});

test('the bench of the Internet Computer decodes and imports every entry, and writes its section', async () => {
  const figures = await measureIcp(ENTRIES, quiet);
  expect(figures.decoded_per_second).toBeGreaterThan(0);
  expect(icpOf(figures)).not.toMatch(/NaN|undefined|Infinity/);
});
