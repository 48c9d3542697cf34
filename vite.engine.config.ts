import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';
import { ENGINE_BINARIES, STUDY_BINARIES } from './scripts/vite/engine.ts';
import { ownFiles } from './scripts/vite/own-files.ts';

const BINARIES = [...ENGINE_BINARIES, ...STUDY_BINARIES];

/** The engine for other people's code: dist/engine/engine.js with the binaries beside it, of the whole engine and of the studies. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: path.join(import.meta.dirname, 'dist/engine'),
    emptyOutDir: true,
    target: 'es2022',
    lib: {
      entry: path.join(import.meta.dirname, 'wasm/engine.ts'),
      formats: ['es'],
      fileName: () => 'engine.js',
    },
  },
  plugins: [
    ownFiles(Object.fromEntries(BINARIES.map(({ name }) => [name, name]))),
    {
      name: 'bn-engine-binaries',
      generateBundle() {
        for (const { name, file } of BINARIES) {
          this.emitFile({ type: 'asset', fileName: name, source: fs.readFileSync(file) });
        }
        // The compiler writes the types in the shape of the source tree; this is their front door.
        const types = `export * from './types/wasm/engine.js';\n`;
        this.emitFile({ type: 'asset', fileName: 'engine.d.ts', source: types });
      },
    },
  ],
});
