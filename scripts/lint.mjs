// npm run lint: the checks that read the code without running it.

import { runChecks } from './lib/checks.mjs';
import { main } from './lib/process.mjs';
import { setup } from './setup.mjs';

await main(async () => {
  setup('lint');
  const { passed, failed } = await runChecks();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
});
