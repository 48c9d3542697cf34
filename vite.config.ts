import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';
import { chrome } from './scripts/vite/chrome.ts';
import { claims } from './scripts/vite/claims.ts';
import { formulas } from './scripts/vite/formulas.ts';
import { engineAlias } from './scripts/vite/engine.ts';
import { offline } from './scripts/vite/offline.ts';
import { quizzes } from './scripts/vite/quizzes.ts';
import { rem } from './scripts/vite/rem.ts';
import { shake } from './scripts/vite/shake.ts';
import { studies } from './scripts/vite/studies.ts';
import { teach } from './scripts/vite/teach.ts';

const pages = path.join(import.meta.dirname, 'web/pages');

/** The site: every web/pages/*.html becomes a page of dist/, with relative links, so that any path on any host serves. */
export default defineConfig({
  root: pages,
  base: './',
  plugins: [chrome(), claims(), quizzes(), teach(), formulas(), rem(), studies(), offline(), shake()],
  resolve: { alias: engineAlias },
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would be data: addresses, which the content security policy does not let the page fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [
        ...fs
          .readdirSync(pages)
          .filter((name) => name.endsWith('.html'))
          .map((name) => path.join(pages, name)),
        // For other people's pages, who write its name down: it keeps it.
        path.join(import.meta.dirname, 'web/embed/embed.ts'),
      ],
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith('/web/embed/embed.ts') ? 'embed.js' : 'assets/[name]-[hash].js',
        // The binaries with SIMD are called like those without; their directories tell them apart.
        assetFileNames: ({ originalFileNames }) => {
          const [, flavour, name] = /wasm-(simd|scalar)\/(\w+)\.wasm$/.exec(originalFileNames[0] ?? '') ?? [];
          return flavour ? `assets/${name}-${flavour}-[hash][extname]` : 'assets/[name]-[hash][extname]';
        },
      },
    },
  },
});
