import { once } from 'node:events';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findChromium } from '../../scripts/lib/browser.mjs';
import { createServer } from '../../scripts/serve.mjs';

const BASE = '/lab/';
const ARGUMENTS = [
  '--no-sandbox', // containers and CI machines cannot nest one; only our own pages are opened
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface HostPage {
  /** All of the body; `{lab}` stands for the site's address. */
  readonly body: string;
  readonly head?: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Hosts {
  /** Where the site is, in another origin than the pages opened. */
  readonly lab: string;
  /** Opens a page of somebody else's that embeds figures. */
  open(page: HostPage, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: the site under one origin, other people's pages under another. Every test fails on a console error or warning
 * and on an uncaught error, in page or frame.
 */
export function useHosts(): Hosts {
  let site: Server;
  let host: Server;
  let browser: Browser;
  let problems: string[] = [];
  const pages: HostPage[] = [];
  const addressOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}/`;

  beforeAll(async () => {
    site = createServer({ directory: path.resolve('dist'), base: BASE }).listen(0, 'localhost');
    host = http
      .createServer((request, response) => {
        const page = pages[Number(request.url?.slice(1))];
        if (!page) return void response.writeHead(204).end();
        const text = `<!doctype html><html lang="en" ${page.html ?? ''}><head><meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1"><title>A course page</title>${page.head ?? ''}
          </head><body>${page.body}</body></html>`;
        const fill = (one: string) =>
          one.replaceAll('{lab}', lab()).replaceAll('{origin}', new URL(lab()).origin);
        const headers = Object.entries(page.headers ?? {}).map(([name, value]) => [name, fill(value)]);
        response.writeHead(200, { 'Content-Type': 'text/html', ...Object.fromEntries(headers) });
        response.end(fill(text));
      })
      .listen(0, 'localhost');
    await Promise.all([once(site, 'listening'), once(host, 'listening')]);
    const executablePath = findChromium();
    if (!executablePath) throw new Error('No Chromium found; CHROME_PATH can say where it is.');
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    site?.close();
    host?.close();
  });

  const lab = () => `${addressOf(site)}${BASE.slice(1)}`;
  return {
    get lab() {
      return lab();
    },
    async open(page, options = {}) {
      pages.push(page);
      const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options });
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
      const opened = await context.newPage();
      await opened.goto(`${addressOf(host)}${pages.length - 1}`);
      return opened;
    },
  };
}
