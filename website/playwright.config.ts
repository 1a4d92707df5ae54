import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const chromium = process.env['CHROMIUM_PATH'] ?? SYSTEM_CHROMIUM;
/** A walk of two people through a contract, on a machine that does other things too. */
const TEST_TIMEOUT_MS = 90_000;
/** Each has a browser and a server of its own. */
const WORKERS = 2;
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: WORKERS,
  forbidOnly: true,
  timeout: TEST_TIMEOUT_MS,
  reporter: 'list',
  use: {
    trace: 'retain-on-failure',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      // Chromium's sandbox does not start for root.
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
});
