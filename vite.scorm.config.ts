import path from 'node:path';
import { defineConfig } from 'vite';
import { engineAlias } from './scripts/vite/engine.ts';

/** The page of the SCORM package, with what it needs and nothing else; scripts/build-scorm.mjs makes the package of it. */
export default defineConfig({
  root: path.join(import.meta.dirname, 'web/scorm'),
  base: './',
  publicDir: false,
  resolve: { alias: engineAlias },
  plugins: [
    {
      name: 'bn-scorm-files',
      // Whoever fetches one binary can fetch them all; a quiz asks only the engine of the figures.
      generateBundle(_, bundle) {
        for (const file of Object.keys(bundle))
          if (/\/(engine|studies)-[^/]*$/.test(file)) delete bundle[file];
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
