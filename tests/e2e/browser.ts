import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findChromium } from '../../scripts/lib/browser.mjs';
import { createServer } from '../../scripts/serve.mjs';

/** Not the root of the host: the site has to work from any path. */
export const BASE = '/courses/statistics/';

/** What playwright says where `serviceWorkers` is 'block', which it is unless a test is about them. */
const NO_SERVICE_WORKER = 'Service Worker registration blocked by Playwright';

const ARGUMENTS = [
  '--no-sandbox', // containers and CI machines cannot nest one; only our own pages are opened
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium found; CHROME_PATH can say where it is.');
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...more] });
}

export interface Site {
  /** Where the site's home page is. */
  readonly address: string;
  /** Opens a page of the site, `a-batch-normalised.html#…`, in a fresh profile; closed after the test. */
  open(page: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: serves dist/, or another directory, with the headers of scripts/serve.mjs and drives Chromium. Every test
 * fails on a console error or warning, on an uncaught error and on a request to another origin, whatever it is about. `more` are
 * arguments for Chromium.
 */
export function useSite(directory = 'dist', more: readonly string[] = []): Site {
  let server: Server;
  let browser: Browser;
  let problems: string[] = [];
  let address = '';

  beforeAll(async () => {
    server = createServer({ directory: path.resolve(directory), base: BASE }).listen(0, 'localhost');
    await once(server, 'listening');
    address = `http://localhost:${(server.address() as AddressInfo).port}${BASE}`;
    browser = await launch(more);
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  function watch(page: Page): void {
    page.on('console', (message) => {
      if (message.text() === NO_SERVICE_WORKER) return;
      if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      const inside = ['data:', 'blob:'].includes(protocol) || origin === new URL(address).origin;
      if (!inside) problems.push(`request to another origin: ${request.url()}`);
    });
  }

  return {
    get address() {
      return address;
    },
    async open(page, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        serviceWorkers: 'block',
        ...options,
      });
      context.on('page', watch);
      const opened = await context.newPage();
      await opened.goto(new URL(page, address).href);
      return opened;
    },
  };
}
