import { defineConfig } from 'vitest/config';

const MINUTES_MS = 60_000;

/** `make faults`: too long and too rough for every change, so these run apart. */
export default defineConfig({
  test: {
    include: ['scripts/faults/*.faults.ts'],
    testTimeout: 10 * MINUTES_MS,
    hookTimeout: MINUTES_MS,
    reporters: ['verbose'],
  },
});
