// npm start: sets up what is missing, builds what changed, and serves the site.

import { buildAll } from './build.mjs';
import { main } from './lib/process.mjs';
import { serveSite } from './serve.mjs';
import { setup } from './setup.mjs';

await main(async () => {
  setup('start');
  await buildAll();
  await serveSite({ open: !process.argv.includes('--no-open') });
});
