// Writes docs/teaching.md from web/teach, so that the guide in the repository and the page for teachers say the same.
//   node scripts/teaching.mjs

import fs from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { isMain, main, root } from './lib/process.mjs';

export const GUIDE = path.join(root, 'docs/teaching.md');

if (isMain(import.meta.url)) {
  await main(async () => {
    const { module } = await runnerImport(path.join(root, 'scripts/vite/teach/guide.ts'), {
      root,
      configFile: false,
      logLevel: 'error',
    });
    fs.writeFileSync(GUIDE, module.guide());
    console.log('docs/teaching.md is written.');
  });
}
