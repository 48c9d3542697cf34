import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Frame, Page } from 'playwright-core';
import { useChromium, useServer } from './browser.ts';

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
  const chromium = useChromium();
  const course = useServer(
    http.createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      if (request.url === '/batchnorm-lab.html') return void fs.createReadStream(FILE).pipe(response);
      const hash = decodeURIComponent(request.url!.slice(2));
      response.end(`<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,">
        <iframe src="batchnorm-lab.html#${hash}" title="A figure" width="900" height="1400" sandbox="allow-scripts"></iframe>
        <script>addEventListener('message', ({ data }) => (globalThis.told ??= []).push(data))</script>`);
    }),
  );

  const newPage = (options: BrowserContextOptions = {}, allowed = address): Promise<Page> =>
    chromium.newPage(
      { mayAskFor: (url) => url.href.startsWith(allowed), isProblem: () => true },
      { viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce', ...options },
    );

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
      const home = `${course()}/`;
      const page = await newPage({}, home);
      await page.goto(`${home}?${encodeURIComponent(hash)}`);
      const frame = page.frames()[1]!;
      await frame.locator('footer').waitFor();
      return { page, frame };
    },
  };
}
