import path from 'node:path';

const build = path.join(import.meta.dirname, '../../build');

/** The two binaries, wherever the build leaves them. */
export const BINARIES = ['simd', 'scalar'].map((flavour) => ({
  name: `engine-${flavour}.wasm`,
  file: path.join(build, `wasm-${flavour}`, 'engine.wasm'),
}));

/** Lets the page say `import url from '@wasm/engine-simd.wasm?url'`. */
export const engineAlias = BINARIES.map(({ name, file }) => ({
  // A text would have to match all of the address, of which ?url is a part.
  find: new RegExp(`^@wasm/${name}(?=$|\\?)`),
  replacement: file,
}));
