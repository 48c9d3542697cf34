import { defineConfig } from 'vitest/config';
import { engineAlias } from './scripts/vite/engine.ts';

/** They measure how smoothly a page runs, and want the machine to themselves. */
const ALONE = ['tests/e2e/lab-smooth.test.ts'];

export default defineConfig({
  resolve: { alias: engineAlias },
  test: {
    setupFiles: ['tests/property-seed.ts'],
    // A page test starts a browser and may wait for many frames; on a slow machine that takes its time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Browsers are not deterministic. What fails twice is a fault.
    retry: 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['tests/**/*.test.ts'],
          exclude: ALONE,
          // Page tests wait more than they work.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
