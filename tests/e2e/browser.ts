import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type ConsoleMessage,
  type Page,
} from 'playwright-core';
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

/** What a test file's pages may do; everything else fails the test. */
export interface PageRules {
  /** Besides what is in the page itself. */
  mayAskFor(url: URL): boolean;
  /** Default: errors and warnings. */
  isProblem?(message: ConsoleMessage): boolean;
}

const isComplaint = (message: ConsoleMessage): boolean => ['error', 'warning'].includes(message.type());

export interface Chromium {
  /** An empty page in a fresh profile; closed after the test. */
  newPage(rules: PageRules, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: one Chromium for all its tests, `more` being arguments for it. Every test fails on what its pages' rules
 * call a problem in the console, on an uncaught error, and on a request they do not allow, whatever it is about.
 */
export function useChromium(more: readonly string[] = []): Chromium {
  let browser: Browser;
  let problems: string[] = [];

  beforeAll(async () => {
    browser = await launch(more);
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(() => browser?.close());

  return {
    async newPage({ mayAskFor, isProblem = isComplaint }, options = {}) {
      const context = await browser.newContext({ serviceWorkers: 'block', ...options });
      context.on('console', (message) => {
        if (isProblem(message)) problems.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && !mayAskFor(url))
          problems.push(`request: ${request.url()}`);
      });
      return context.newPage();
    },
  };
}

/** For the top of a test file: has a server listen for all its tests, and says where, as `http://localhost:8080`. */
export function useServer(server: Server, name = 'localhost'): () => string {
  beforeAll(async () => {
    await once(server.listen(0, name), 'listening');
  });
  afterAll(() => void server.close());
  return () => `http://${name}:${(server.address() as AddressInfo).port}`;
}

export interface Site {
  /** Where the site's home page is. */
  readonly address: string;
  /** Opens a page of the site, `a-batch-normalised.html#…`, in a fresh profile; closed after the test. */
  open(page: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: serves dist/, or another directory, with the headers of scripts/serve.mjs and drives Chromium. Every test
 * fails on a console error or warning, on an uncaught error and on a request to another origin. `more` are arguments for Chromium.
 */
export function useSite(directory = 'dist', more: readonly string[] = []): Site {
  const origin = useServer(createServer({ directory: path.resolve(directory), base: BASE }));
  const chromium = useChromium(more);
  const address = () => origin() + BASE;
  return {
    get address() {
      return address();
    },
    async open(page, options = {}) {
      const opened = await chromium.newPage(
        {
          mayAskFor: (url) => url.origin === origin(),
          isProblem: (message) => message.text() !== NO_SERVICE_WORKER && isComplaint(message),
        },
        { viewport: { width: 1280, height: 800 }, ...options },
      );
      await opened.goto(new URL(page, address()).href);
      return opened;
    },
  };
}
