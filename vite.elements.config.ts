import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';
import {
  ENGINE_BINARIES,
  FIGURE_BINARIES,
  STUDY_BINARIES,
  STUDY_DEFINITIONS,
} from './scripts/vite/engine.ts';
import { ownFiles } from './scripts/vite/own-files.ts';
import { rem } from './scripts/vite/rem.ts';
import { shake } from './scripts/vite/shake.ts';
import { studies } from './scripts/vite/studies.ts';

const source = path.join(import.meta.dirname, 'web/elements');
const modules = fs
  .readdirSync(source)
  .map((file) => path.parse(file).name)
  .filter((name) => name !== 'types');

/** What dist/elements has beside its modules; the whole engine and the studies it shares with dist/engine. */
const OWN = [...FIGURE_BINARIES, { name: 'studies.json', file: STUDY_DEFINITIONS }];
const SHARED = [...ENGINE_BINARIES, ...STUDY_BINARIES];

/** The same for every module: an element's name is known to TypeScript once any of them has been imported. */
const TYPES = `import type { FigureElements, FigureEvents } from './types/web/elements/types.js';

export type * from './types/web/elements/types.js';

declare global {
  interface HTMLElementTagNameMap extends FigureElements {}
  interface GlobalEventHandlersEventMap extends FigureEvents {}
}
`;
const SITE = `
/** Where links of figures lead: the address of a copy of the site. To be said before the first figure is shown. */
export declare function setSite(address: string): void;
`;
const LOAD = `
/** Fetches the code of one figure now, which registers its element. */
export declare function load(name: import('./types/web/elements/types.js').EmbedFigureName): Promise<void>;
`;
const FUNCTIONS: Readonly<Record<string, string>> = { all: SITE + LOAD, site: SITE };

/** The figures for other people's bundlers: dist/elements has a module for each element, and one for all. */
export default defineConfig({
  publicDir: false,
  plugins: [
    studies(),
    rem(),
    shake(),
    ownFiles({
      ...Object.fromEntries(OWN.map(({ name }) => [name, name])),
      ...Object.fromEntries(SHARED.map(({ name }) => [name, `../engine/${name}`])),
    }),
    {
      name: 'bn-element-files',
      generateBundle() {
        const emit = (fileName: string, content: string | Uint8Array) =>
          this.emitFile({ type: 'asset', fileName, source: content });
        for (const { name, file } of OWN) emit(name, fs.readFileSync(file));
        for (const name of modules) emit(`${name}.d.ts`, TYPES + (FUNCTIONS[name] ?? ''));
        // Where there is no page there are no elements: to import them is no error, so that pages may be made on a server.
        emit('server.js', 'export const load = async () => {};\nexport const setSite = () => {};\n');
      },
    },
  ],
  build: {
    outDir: path.join(import.meta.dirname, 'dist/elements'),
    emptyOutDir: true,
    target: 'es2022',
    // What is bundled asks to be named.
    license: { fileName: 'LICENSES.md' },
    lib: {
      entry: Object.fromEntries(modules.map((name) => [name, path.join(source, `${name}.ts`)])),
      formats: ['es'],
      fileName: (_, name) => `${name}.js`,
    },
    rolldownOptions: { output: { chunkFileNames: 'parts/[name]-[hash].js' } },
  },
});
