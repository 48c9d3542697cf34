import fs from 'node:fs';
import type { Plugin } from 'vite';
import { loadEngine } from '../../wasm/engine.ts';
import { STUDY_BINARIES, STUDY_DEFINITIONS } from './engine.ts';

/**
 * Asks the engine for the definitions of all studies when the site is built and leaves them in a file, so that a page can show them
 * without fetching the engine first. The page says `import url from '@wasm/studies.json?url'`.
 */
export function studies(): Plugin {
  return {
    name: 'bn-studies',
    async buildStart() {
      const engine = await loadEngine({ wasm: fs.readFileSync(STUDY_BINARIES[0]!.file) });
      fs.writeFileSync(STUDY_DEFINITIONS, engine.call('study_list', {}).studies);
    },
  };
}
