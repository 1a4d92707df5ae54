import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliPage } from '../cli/src/help.ts';
import { machinesPage, openApiText, wiringPage } from './docs.ts';
import { ROOT } from './lib/run.ts';

const kept = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');
const HINT = 'run make docs';

test('docs/machines.md shows the machines as they are', () => {
  expect(kept('machines.md'), HINT).toBe(machinesPage());
});

test('docs/wiring.md shows what follows from what as it is', () => {
  expect(kept('wiring.md'), HINT).toBe(wiringPage());
});

test('docs/cli.md tells of the commands as they are', () => {
  expect(kept('cli.md'), HINT).toBe(cliPage());
});

test('docs/openapi.json describes the endpoints as they are', () => {
  expect(kept('openapi.json'), HINT).toBe(openApiText());
});
