import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const chromium = process.env['CHROMIUM_PATH'] ?? SYSTEM_CHROMIUM;
const port = process.env['E2E_PORT'] ?? '4310';
/** A walk of two people through a contract, on a machine that does other things too. */
const TEST_TIMEOUT_MS = 90_000;
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  timeout: TEST_TIMEOUT_MS,
  reporter: 'list',
  webServer: {
    command: 'node e2e/server.ts',
    url: `http://127.0.0.1:${port}/api/v1/health/ready`,
    env: { PORT: port },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    reuseExistingServer: false,
  },
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    trace: 'retain-on-failure',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      // Chromium's sandbox does not start for root.
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
});
