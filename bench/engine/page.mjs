/**
 * The Lab as a page uses it, in Chromium: `page-lab` is the steps per second of a Lab's two models at full speed, `page-bare`
 * those of the same two models in a worker that does nothing else, and `sweep-<n>` the jobs per second of a sweep on n
 * workers. The page (bench/page) measures itself.
 */
import { once } from 'node:events';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/lib/browser.mjs';
import { root } from '../../scripts/lib/process.mjs';
import { createServer } from '../../scripts/serve.mjs';
import { serve } from '../contestant.mjs';

const server = createServer({ directory: path.join(root, 'build/bench-page') }).listen(0, 'localhost');
await once(server, 'listening');
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const page = await browser.newPage();
await page.goto(`http://localhost:${server.address().port}/`);
await page.waitForFunction(() => 'workloads' in window);

await serve({ name: 'the Lab in Chromium' }, (workload) => ({
  rate: (seconds) =>
    page.evaluate(([name, time]) => window.workloads[name](time), [workload, 1000 * seconds]),
}));
await browser.close();
server.close();
