import { defineConfig } from 'vitest/config';

const project = (name: string, ...include: string[]) => ({
  extends: true as const,
  test: { name, include },
});

/** What a test takes is nobody's promise: these end only what would never end. */
const TEST_TIMEOUT_MS = 10 * 60_000;
const POLL = { timeout: 60_000, interval: 20 };

/** `vitest run shared` runs one folder, `vitest run --project api` one workspace. */
export default defineConfig({
  test: {
    environment: 'node',
    // The product is imported once for all files of a worker, which takes longer than their tests.
    isolate: false,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    expect: { poll: POLL },
    projects: [
      project('shared', 'shared/src/**/*.test.ts'),
      project('api', 'api/{src,test}/**/*.test.ts'),
      project('website', 'website/src/**/*.test.ts'),
      project('sdk', 'sdk/{src,test}/**/*.test.ts'),
      project('cli', 'cli/{src,test}/**/*.test.ts'),
      project('scripts', 'scripts/**/*.test.ts'),
    ],
  },
});
