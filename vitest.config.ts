import { defineConfig } from 'vitest/config';
import { engineAlias } from './scripts/vite/engine.ts';

export default defineConfig({
  resolve: { alias: engineAlias },
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/property-seed.ts'],
    // A page test starts a browser and may wait for many frames; on a slow machine that takes its time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
