// npm run build: the engine as two wasm files, and the static site in dist/.

import { build } from './lib/cmake.mjs';
import { isMain, main, Refusal } from './lib/process.mjs';
import { buildSite } from './lib/site.mjs';
import { setup } from './setup.mjs';

export async function buildAll() {
  for (const preset of ['wasm-simd', 'wasm-scalar']) {
    if ((await build(preset)) !== 0)
      throw new Refusal(
        `The engine could not be compiled to WebAssembly (${preset}); the lines above say why.`,
      );
  }
  if ((await buildSite()) !== 0) throw new Refusal('The site could not be built; the lines above say why.');
}

if (isMain(import.meta.url)) {
  await main(async () => {
    setup('build');
    await buildAll();
    console.log('The site is in dist/: static files that work from any path on any host.');
  });
}
