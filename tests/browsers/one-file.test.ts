import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { findFirefox, findMiniBrowser, findWebKitDriver } from '../../scripts/lib/browser.mjs';
import type { DrivenBrowser } from './browser.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';

/** The one file, opened from the disk by browsers that are not Chromium; what is in it is tested in tests/e2e/one-file.test.ts. */
const FILE = pathToFileURL(path.resolve('dist/batchnorm-lab.html')).href;
const BROWSERS = [
  { name: 'Firefox', start: () => startFirefox(findFirefox()!) },
  ...(process.platform === 'linux'
    ? [{ name: 'WebKit', start: () => startWebKit(findWebKitDriver()!, findMiniBrowser()!) }]
    : []),
];

/** What an element says, wherever it is, also inside figures; waited for. */
const text = (selector: string) => `(async () => {
  const find = (root) => root.querySelector(${JSON.stringify(selector)}) ??
    [...root.querySelectorAll('*')].reduce((found, one) => found ?? (one.shadowRoot && find(one.shadowRoot)), null);
  for (let tries = 0; tries < 600; tries++) {
    const said = find(document)?.textContent.trim();
    if (said) return said;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return document.body.innerText;
})()`;

describe.runIf(process.env['BNLAB_FULL']).each(BROWSERS)('the one file in $name', ({ start }) => {
  let browser: DrivenBrowser | undefined;

  afterEach(() => browser?.close());

  it('unpacks, computes, and goes from page to page', async () => {
    browser = await start();
    await browser.open(`${FILE}#v=1&figure=worked-example&we=1;x=1,1,1,5;step=6`);
    expect(await browser.run(text('td[data-cell="xhat.3"]'))).toContain('1.73');
    await browser.open('about:blank');
    await browser.open(FILE);
    // Of 2, 4, 6 and 8, said by the engine.
    expect(await browser.run(text('.values tr:has(th.x) td:nth-last-child(2)'))).toBe('5.00');
    expect(
      await browser.run(`(async () => {
        document.querySelector('nav a[href="#page=gamma-and-beta"]').click();
        return ${text('h1')};
      })()`),
    ).toMatch(/handshake/);
    await browser.run(`document.querySelector('bn-weight-scale').scrollIntoView()`);
    expect(await browser.run(text('bn-weight-scale table, .step table, table'))).toContain(
      'length of the weights',
    );
  }, 300_000);
});
