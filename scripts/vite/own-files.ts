import path from 'node:path';
import type { Plugin } from 'vite';

/** An address beside the module, as the source writes it. */
const BESIDE = /new URL\(\s*\/\* @vite-ignore \*\/\s*(["'])([\w.-]+)\1,\s*import\.meta\.url\s*\)/g;

/**
 * For modules that other people's bundlers take in: the files that go with them are named as
 * `new URL('engine-simd.wasm', import.meta.url)`, which is how Vite, webpack and others know that a file belongs to a module.
 * While it makes a library, Vite itself would write it in ways they do not know, or put the whole file into the text.
 */
export function ownFiles(
  /** By the name the code has for a file (`@wasm/engine-simd.wasm?url`, or itself as above): where it lies, beside the output. */
  places: Readonly<Record<string, string>>,
): Plugin {
  return {
    name: 'bn-own-files',
    enforce: 'pre',
    resolveId(source) {
      const name = /^@wasm\/(.+)\?url$/.exec(source)?.[1];
      return name !== undefined && Object.hasOwn(places, name) ? `\0own-file:${name}?` : undefined;
    },
    load(id) {
      const name = /^\0own-file:(.+)\?$/.exec(id)?.[1];
      return name === undefined ? undefined : `export default BN_OWN_FILE("${name}");`;
    },
    renderChunk(code, { fileName }) {
      const url = (name: string) => {
        const place = path.posix.relative(path.posix.dirname(fileName), places[name]!);
        return `new URL("${place.startsWith('.') ? place : `./${place}`}", import.meta.url)`;
      };
      return code
        .replaceAll(BESIDE, (whole, _, name: string) => (Object.hasOwn(places, name) ? url(name) : whole))
        .replaceAll(/BN_OWN_FILE\((["'`])(.+?)\1\)/g, (_, __, name: string) => `${url(name)}.href`);
    },
  };
}
