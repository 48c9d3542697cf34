import { once } from 'node:events';
import fs from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer } from '../../scripts/serve.mjs';
import { BASE, launch } from './browser.ts';
import { conclusion, figure } from './chapter-page.ts';

/**
 * The service worker of the built site. Being without a network is done in earnest: the server is closed, and every connection
 * to it is refused.
 */
const KEPT = fs
  .readdirSync('dist')
  .filter((name) => name.endsWith('.html') && !['embed.html', 'batchnorm-lab.html'].includes(name));

/** What a page has computed when its figure stands. */
const COMPUTES: Record<string, (page: Page) => Promise<unknown>> = {
  'index.html': (page) => page.locator('bn-hero svg.lines').waitFor(),
  'a-batch-normalised.html': (page) => page.locator('bn-worked-example .panel .steps li').first().waitFor(),
  'gamma-and-beta.html': (page) => figure(page, 'bn-weight-scale'),
  'one-some-or-all.html': predictAndRunLab,
  'training-and-inference.html': (page) => figure(page, 'bn-running-average'),
  'deep-networks.html': (page) => figure(page, 'bn-deep-network[gain]'),
  'why-does-it-work.html': (page) => figure(page, 'bn-weight-chain'),
  'using-it-well.html': (page) => figure(page, 'bn-norm-balance'),
  'when-not-to.html': (page) => figure(page, 'bn-averaged-over'),
  'lab.html': runLab,
  'claims.html': runClaim,
  'quiz.html': (page) => page.locator('bn-quiz .question').waitFor(),
};

async function runLab(page: Page): Promise<void> {
  const lab = page.locator('bn-lab');
  await lab.scrollIntoViewIfNeeded();
  await lab.getByRole('button', { name: /^Step/ }).click();
  await lab.locator('bn-lab-run-bar .status b').getByText('1', { exact: true }).waitFor();
}

async function predictAndRunLab(page: Page): Promise<void> {
  const lab = page.locator('bn-lab');
  await lab.scrollIntoViewIfNeeded();
  await lab.getByRole('radio').first().check();
  await runLab(page);
}

/** The binary of the studies, which nothing but running one fetches. */
async function runClaim(page: Page): Promise<void> {
  const claim = page.locator('bn-claim[id="C65"]');
  await claim.getByRole('button', { name: 'Predict and run: C65' }).click();
  await claim.getByRole('radio', { name: /It depends/ }).check();
  await claim.getByRole('button', { name: 'Run', exact: true }).click();
  await claim.getByText(/^Here: depends/).waitFor();
}

let browser: Browser;
let directory: string;
let server: Server | undefined;
let address: string;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'batchnorm-lab-'));
  fs.cpSync('dist', directory, { recursive: true });
  const port = await goOnline(0);
  address = `http://localhost:${port}${BASE}`;
  context = await browser.newContext({ serviceWorkers: 'allow' });
  context.setDefaultTimeout(30_000);
});

afterEach(async () => {
  await context.close();
  await goOffline();
  fs.rmSync(directory, { recursive: true });
});

afterAll(() => browser.close());

async function goOnline(port: number): Promise<number> {
  server = createServer({ directory, base: BASE }).listen(port, 'localhost');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function goOffline(): Promise<void> {
  if (!server?.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

async function open(name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(new URL(name, address).href);
  return page;
}

/** The site is kept: the worker that fills its cache before it takes over has taken over. */
async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

const caches = (page: Page): Promise<string[]> => page.evaluate(() => globalThis.caches.keys());
const cachedFiles = (page: Page): Promise<string[]> =>
  page.evaluate(async (base) => {
    const files: string[] = [];
    for (const name of await globalThis.caches.keys())
      for (const { url } of await (await globalThis.caches.open(name)).keys())
        files.push(url.slice(base.length));
    return files.sort();
  }, address);

describe('after the first visit, without a network', () => {
  it('every page opens and computes, whether it was visited or not', async () => {
    await kept(await open(''));
    await goOffline();
    for (const name of KEPT) {
      const page = await open(name);
      expect(await page.locator('h1').count()).toBe(1);
      await COMPUTES[name]?.(page);
      await page.close();
    }
  });

  it('the page that is open goes on, and loads what it had not needed so far', async () => {
    const page = await open('deep-networks.html');
    await kept(page);
    await goOffline();
    expect(await conclusion(await figure(page, 'bn-deep-network[gain]'))).toContain(
      'With it, examples differ',
    );
  });

  it('an address of nothing fails, as ever', async () => {
    await kept(await open(''));
    await goOffline();
    await expect(open('nothing.html')).rejects.toThrow(/ERR_/);
  });
});

describe('what is kept', () => {
  it('is the site with one kind of binary, and nothing made for other pages', async () => {
    const page = await open('');
    await kept(page);
    const files = await cachedFiles(page);
    expect(files).toEqual(expect.arrayContaining(KEPT));
    const binaries = files.filter((file) => file.endsWith('.wasm'));
    expect(binaries.map((file) => /\w+-(simd|scalar)/.exec(file)?.[0])).toEqual([
      'engine-simd',
      'figures-simd',
      'studies-simd',
    ]);
    const others = files.filter((file) => !KEPT.includes(file) && !file.startsWith('assets/'));
    expect(others).toEqual(['favicon.svg', 'theme.js']);
  });

  it('is only what was looked at, for whoever asks to be spared data', async () => {
    await spareData();
    const page = await open('');
    await kept(page);
    expect(await cachedFiles(page)).toEqual([]);
    await page.goto(new URL('a-batch-normalised.html', address).href);
    await page.locator('bn-worked-example .panel .steps li').first().waitFor();
    await page.close();
    await goOffline();
    const again = await open('a-batch-normalised.html');
    await again.locator('bn-worked-example .panel .steps li').first().waitFor();
    expect(await cachedFiles(again)).not.toContain('lab.html');
    await expect(open('lab.html')).rejects.toThrow(/ERR_/);
  });

  /** The build of the worker with another answer of the browser, which can be given in no other way. */
  async function spareData(): Promise<void> {
    const file = path.join(directory, 'service-worker.js');
    const script = fs.readFileSync(file, 'utf8');
    const saving = `Object.defineProperty(navigator, 'connection', { value: { saveData: true } });\n`;
    fs.writeFileSync(file, saving + script);
  }
});

describe('a new version', () => {
  const VERSION = /version:\s*[`"']([0-9a-f]{16})[`"']/;

  /**
   * The same site with other words on its home page, and with a figure that has another name; so have the files that name it, and
   * those that name them, as in a new build.
   */
  function publish(): void {
    const texts = fs
      .readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(assets\/.*\.js|[^/]*\.html|service-worker\.js)$/.test(name));
    const read = (name: string) => fs.readFileSync(path.join(directory, name), 'utf8');
    const renamed = new Map<string, string>();
    const waiting = texts.filter((name) => name.startsWith('assets/deep-network-'));
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const file = path.basename(name);
      if (renamed.has(file)) continue;
      renamed.set(file, file.replace(/\.js$/, '-newer.js'));
      waiting.push(...texts.filter((one) => one.startsWith('assets/') && read(one).includes(file)));
    }
    for (const name of texts) {
      let text = read(name);
      for (const [before, after] of renamed) text = text.replaceAll(before, after);
      if (name === 'index.html') text = text.replace(/<h1>[^<]*</, '<h1>A newer version<');
      if (name === 'service-worker.js')
        text = text.replace(VERSION, (all, version: string) => all.replace(version, '0123456789abcdef'));
      fs.rmSync(path.join(directory, name));
      const newName = path.join(path.dirname(name), renamed.get(path.basename(name)) ?? path.basename(name));
      fs.writeFileSync(path.join(directory, newName), text);
    }
    expect(renamed.size).toBeGreaterThan(1);
  }

  it('is shown at once, disturbs no open page, and replaces the old one when that is closed', async () => {
    const old = await open('deep-networks.html');
    await kept(old);
    const before = await caches(old);
    publish();

    // A new page comes from the network; the open one finds what it was made for.
    const page = await open('');
    expect(await page.locator('h1').innerText()).toBe('A newer version');
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
      return registration?.waiting?.state === 'installed';
    });
    await old.bringToFront();
    await figure(old, 'bn-deep-network[gain]');
    expect(await caches(old)).toHaveLength(2);

    await old.close();
    await page.close();
    await goOffline();
    const next = await open('');
    expect(await next.locator('h1').innerText()).toBe('A newer version');
    await expect.poll(() => caches(next)).toHaveLength(1);
    expect(await caches(next)).not.toEqual(before);
    const chapter = await open('deep-networks.html');
    await figure(chapter, 'bn-deep-network[gain]');
  });
});

describe('where nothing is to be kept', () => {
  it('a page inside another page registers nothing, nor does a figure that is made to be inside one', async () => {
    const course = '<!doctype html><title>A course</title><iframe src="./lab.html"></iframe>';
    fs.writeFileSync(path.join(directory, 'course.html'), course);
    // The policy of this server's pages lets them hold no frame; that of a course's page does.
    await context.route('**/course.html', async (route) =>
      route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'text/html' } }),
    );
    await context.addInitScript(() => {
      ServiceWorkerContainer.prototype.register = () => {
        document.documentElement.dataset['asked'] = 'yes';
        return Promise.reject(new Error('only looking'));
      };
    });
    const inFrame = (await open('course.html')).frameLocator('iframe').locator('html');
    await inFrame.locator('bn-lab-run-bar button.run:enabled').waitFor();
    expect(await askedByNow(inFrame)).toBe(false);
    const alone = (await open('lab.html')).locator('html');
    await alone.locator('bn-lab-run-bar button.run:enabled').waitFor();
    expect(await askedByNow(alone)).toBe(true);
    const figureAlone = (await open('embed.html#figure=weight-scale')).locator('html');
    await figureAlone.locator('bn-weight-scale figcaption').waitFor();
    expect(await askedByNow(figureAlone)).toBe(false);
  });

  /** Whether a page has asked for a service worker by the time it is idle: idle callbacks are called in their order. */
  const askedByNow = (html: Locator): Promise<boolean> =>
    html.evaluate(async (element) => {
      await new Promise((resolve) => requestIdleCallback(resolve));
      return element.dataset['asked'] === 'yes';
    });
});
