import { defineConfig } from 'vitest/config';
import { engineAlias } from './scripts/vite/engine.ts';

export default defineConfig({
  resolve: { alias: engineAlias },
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/property-seed.ts'],
    // A page test starts a browser; on a slow machine that alone takes seconds.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
