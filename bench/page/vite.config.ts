import path from 'node:path';
import { defineConfig } from 'vite';
import { engineAlias } from '../../scripts/vite/engine.ts';

/** The page that bench/engine/page.mjs opens: build/bench-page. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  resolve: { alias: engineAlias },
  build: {
    outDir: path.join(import.meta.dirname, '../../build/bench-page'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
