import path from 'node:path';
import { defineConfig } from 'vite';
import { packedEngine } from './scripts/vite/packed-engine.ts';
import { rem } from './scripts/vite/rem.ts';
import { shake } from './scripts/vite/shake.ts';
import { standIns } from './scripts/vite/stand-ins.ts';

/** The figures as a widget for notebooks: dist/anywidget.js, one text with everything in it, for notebooks load it as a text. */
export default defineConfig({
  publicDir: false,
  plugins: [
    standIns({
      'client/assets.ts': 'anywidget/assets.ts',
      'components/url-state.ts': 'anywidget/url-state.ts',
    }),
    packedEngine(),
    rem(),
    shake(),
  ],
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    // The rest of the site is there.
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    minify: true,
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: {
      input: path.join(import.meta.dirname, 'web/anywidget/anywidget.ts'),
      preserveEntrySignatures: 'strict',
      output: { codeSplitting: false, entryFileNames: 'anywidget.js' },
    },
  },
});
