import { once } from 'node:events';
import fs from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch } from './browser.ts';

export const FILE = path.resolve('dist/batchnorm-lab.html');

export interface OneFile {
  /** As a double click has it. */
  readonly address: string;
  /** Opened by a double click. */
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>;
  /** In a page of a course, in a frame that may run scripts and nothing else. */
  inCourse(hash: string): Promise<{ page: Page; frame: Frame }>;
  /** An empty page, which may ask for nothing but what begins with `allowed`. */
  newPage(options?: BrowserContextOptions, allowed?: string): Promise<Page>;
}

/**
 * For the top of a test file. Every test fails on a message in the console, such as of a broken policy, on an uncaught error, and
 * on any request but for the file itself.
 */
export function useOneFile(): OneFile {
  const address = pathToFileURL(FILE).href;
  let browser: Browser;
  let course: Server;
  let problems: string[] = [];

  beforeAll(async () => {
    browser = await launch();
    course = http.createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      if (request.url === '/batchnorm-lab.html') return void fs.createReadStream(FILE).pipe(response);
      const hash = decodeURIComponent(request.url!.slice(2));
      response.end(`<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,">
        <iframe src="batchnorm-lab.html#${hash}" title="A figure" width="900" height="1400" sandbox="allow-scripts"></iframe>
        <script>addEventListener('message', ({ data }) => (globalThis.told ??= []).push(data))</script>`);
    });
    await once(course.listen(0, 'localhost'), 'listening');
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = problems;
    problems = [];
    expect(seen).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    course?.close();
  });

  async function newPage(options: BrowserContextOptions = {}, allowed = address): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1000, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.on('console', (message) => problems.push(`console: ${message.text()}`));
    context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
    context.on('request', (request) => {
      const url = request.url();
      if (!/^(blob|data):/.test(url) && !url.startsWith(allowed)) problems.push(`request: ${url}`);
    });
    return context.newPage();
  }

  return {
    address,
    newPage,
    async open(hash = '', options = {}) {
      const page = await newPage(options);
      await page.goto(address + hash);
      await page.locator('footer').waitFor();
      return page;
    },
    async inCourse(hash) {
      const home = `http://localhost:${(course.address() as AddressInfo).port}/`;
      const page = await newPage({}, home);
      await page.goto(`${home}?${encodeURIComponent(hash)}`);
      const frame = page.frames()[1]!;
      await frame.locator('footer').waitFor();
      return { page, frame };
    },
  };
}
