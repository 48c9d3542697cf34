// npm run format: lays out all code the way `npm run lint` wants it.

import { formatCpp } from './lib/checks.mjs';
import { main, runPackage } from './lib/process.mjs';
import { setup } from './setup.mjs';

await main(async () => {
  setup('format');
  const prettier = await runPackage('prettier', ['--write', '--log-level', 'warn', '.']);
  const clangFormat = await formatCpp(['-i']);
  process.exitCode = prettier === 0 && clangFormat !== false ? 0 : 1;
});
