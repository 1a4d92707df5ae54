import { defineConfig } from 'vitest/config';

const project = (name: string, ...include: string[]) => ({
  extends: true as const,
  test: { name, include },
});

/** `vitest run shared` runs one folder, `vitest run --project api` one workspace. */
export default defineConfig({
  test: {
    environment: 'node',
    projects: [
      project('shared', 'shared/src/**/*.test.ts'),
      project('api', 'api/{src,test}/**/*.test.ts'),
      project('website', 'website/src/**/*.test.ts'),
      project('scripts', 'scripts/**/*.test.ts'),
    ],
  },
});
