import fs from 'node:fs';
import zlib from 'node:zlib';
import type { Plugin } from 'vite';
import { WHOLE_BINARY } from './engine.ts';

const NAME = '@packed-engine';

/** The engine with everything as a text in the code: `import packed from '@packed-engine'` is whole.wasm, deflated, in base64. */
export function packedEngine(): Plugin {
  return {
    name: 'bn-packed-engine',
    resolveId: (source) => (source === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const deflated = zlib.deflateRawSync(fs.readFileSync(WHOLE_BINARY), { level: 9 });
      return `export default ${JSON.stringify(deflated.toString('base64'))};`;
    },
  };
}
