import { defineConfig } from 'vitest/config';

const project = (name: string, ...include: string[]) => ({
  extends: true as const,
  test: { name, include },
});

/** Long enough for a busy machine: what a test takes is nobody's promise. */
const TEST_TIMEOUT_MS = 60_000;

/** `vitest run shared` runs one folder, `vitest run --project api` one workspace. */
export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    projects: [
      project('shared', 'shared/src/**/*.test.ts'),
      project('api', 'api/{src,test}/**/*.test.ts'),
      project('website', 'website/src/**/*.test.ts'),
      project('scripts', 'scripts/**/*.test.ts'),
    ],
  },
});
