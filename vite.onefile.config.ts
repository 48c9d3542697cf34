import path from 'node:path';
import { defineConfig } from 'vite';
import { oneFile } from './scripts/vite/one-file.ts';
import { onePagesModule } from './scripts/vite/one-file-pages.ts';
import { shake } from './scripts/vite/shake.ts';
import { standIns } from './scripts/vite/stand-ins.ts';
import { trimTemplates } from './scripts/vite/trim-templates.ts';

/** Everything in one file, dist/batchnorm-lab.html, which needs neither a host nor a network. */
export default defineConfig({
  publicDir: false,
  plugins: [
    standIns({ 'client/assets.ts': 'onefile/assets.ts' }),
    trimTemplates(),
    onePagesModule(),
    oneFile('batchnorm-lab.html'),
    shake(),
  ],
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    // The rest of the site is there.
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: {
      input: path.join(import.meta.dirname, 'web/onefile/main.ts'),
      output: { codeSplitting: false },
    },
  },
});
