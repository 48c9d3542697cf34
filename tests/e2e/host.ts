import { once } from 'node:events';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createServer } from '../../scripts/serve.mjs';
import { BASE, launch } from './browser.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

export interface Host {
  /** Where the site is: on another host than the pages. */
  readonly site: string;
  /** Puts a file onto the host, such as `course/page.html`. */
  put(file: string, content: string | Buffer): void;
  /** Opens a page of the host in a fresh profile; closed after the test. */
  open(file: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: somebody else's pages, at 127.0.0.1, and the site with its own headers at localhost, which to a browser are
 * two sites. A test fails on a console error or warning, an uncaught error, and a request to a third origin.
 */
export function useHost(): Host {
  const files = new Map<string, string | Buffer>();
  let servers: Server[] = [];
  let browser: Browser;
  let site = '';
  let pages = '';
  let problems: string[] = [];

  beforeAll(async () => {
    const dist = createServer({ directory: path.resolve('dist'), base: BASE }).listen(0, 'localhost');
    const host = http
      .createServer((request, response) => {
        const file = decodeURI(new URL(request.url ?? '/', 'http://host').pathname).slice(1);
        const content = files.get(file);
        response.writeHead(content === undefined ? 404 : 200, {
          'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
        });
        response.end(content ?? '');
      })
      .listen(0, '127.0.0.1');
    servers = [dist, host];
    await Promise.all(servers.map((server) => once(server, 'listening')));
    site = `http://localhost:${(dist.address() as AddressInfo).port}${BASE}`;
    pages = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;
    browser = await launch();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of servers) server.close();
  });

  function watch(page: Page): void {
    const known = [site, pages].map((address) => new URL(address).origin);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!['data:', 'blob:', 'about:'].includes(protocol) && !known.includes(origin))
        problems.push(`request to a third origin: ${request.url()}`);
    });
  }

  return {
    get site() {
      return site;
    },
    put(file, content) {
      files.set(file, content);
    },
    async open(file, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        serviceWorkers: 'block',
        ...options,
      });
      context.on('page', watch);
      const page = await context.newPage();
      await page.goto(new URL(file, pages).href);
      return page;
    },
  };
}

/** A page of the host: HTML with what every page should have. */
export function htmlPage(body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Statistics, week 3</title>
    <link rel="icon" href="data:,">
    ${head}
  </head>
  <body>${body}</body>
</html>`;
}
