import path from 'node:path';

const build = path.join(import.meta.dirname, '../../build');

/** A binary for browsers with SIMD and one for those without, wherever the build leaves them. */
const binaries = (name: string) =>
  ['simd', 'scalar'].map((flavour) => ({
    name: `${name}-${flavour}.wasm`,
    file: path.join(build, `wasm-${flavour}`, `${name}.wasm`),
  }));

/** With every operation. */
export const ENGINE_BINARIES = binaries('engine');

/** With what figures of a few numbers need. */
export const FIGURE_BINARIES = binaries('figures');

/** With the studies, for those who run them. */
export const STUDY_BINARIES = binaries('studies');

/** With everything; only with SIMD. */
export const WHOLE_BINARY = path.join(build, 'wasm-simd/whole.wasm');

/** What the studies say of themselves; written by studies.ts. */
export const STUDY_DEFINITIONS = path.join(build, 'studies.json');

/** Lets the page say `import url from '@wasm/engine-simd.wasm?url'`. */
export const engineAlias = [
  ...[...ENGINE_BINARIES, ...FIGURE_BINARIES, ...STUDY_BINARIES].map(({ name, file }) => ({
    // A text would have to match all of the address, of which ?url is a part.
    find: new RegExp(`^@wasm/${name}(?=$|\\?)`),
    replacement: file,
  })),
  { find: /^@wasm\/studies\.json(?=$|\?)/, replacement: STUDY_DEFINITIONS },
];
