import path from 'node:path';
import { defineConfig } from 'vite';
import { engineAlias } from './scripts/vite/engine.ts';
import { studies } from './scripts/vite/studies.ts';

/** The page of the SCORM package, with what it needs and nothing else; scripts/build-scorm.mjs makes the package of it. */
export default defineConfig({
  root: path.join(import.meta.dirname, 'web/scorm'),
  base: './',
  publicDir: false,
  resolve: { alias: engineAlias },
  // Whoever fetches one binary of the engine can fetch them all, and what studies say of themselves.
  plugins: [
    studies(),
    {
      name: 'bn-scorm-files',
      // A quiz asks only the engine of the figures.
      generateBundle(_, bundle) {
        for (const file of Object.keys(bundle))
          if (/\/(engine|studies|whole)-[^/]*\.(wasm|json)$/.test(file)) delete bundle[file];
      },
    },
  ],
  build: {
    outDir: path.join(import.meta.dirname, 'build/scorm'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would be data: addresses, which the content security policy does not let the page fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
