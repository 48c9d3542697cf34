import http from 'node:http';
import path from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { createServer } from '../../scripts/serve.mjs';
import { BASE, useChromium, useServer } from './browser.ts';

/** Hosts serve what they do not know as bytes. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

type Headers = Readonly<Record<string, string>>;

export interface Host {
  /** Where the site is: on another host than the pages. */
  readonly site: string;
  /** Puts a file onto the host, such as `course/page.html`. */
  put(file: string, content: string | Uint8Array, headers?: Headers): void;
  /** Opens a page of the host in a fresh profile; closed after the test. */
  open(file: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * For the top of a test file: somebody else's pages, at 127.0.0.1, and the site with its own headers at localhost, which to a browser are
 * two sites. A test fails on a console error or warning, an uncaught error, and a request to a third origin.
 */
export function useHost(): Host {
  const files = new Map<string, { content: string | Uint8Array; headers: Headers }>();
  const site = useServer(createServer({ directory: path.resolve('dist'), base: BASE }));
  const pages = useServer(
    http.createServer((request, response) => {
      const name = decodeURI(new URL(request.url ?? '/', 'http://host').pathname).slice(1);
      const file = files.get(name);
      if (!file) return void response.writeHead(name === 'favicon.ico' ? 204 : 404).end();
      const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...file.headers }).end(file.content);
    }),
    '127.0.0.1',
  );
  const chromium = useChromium();
  return {
    get site() {
      return site() + BASE;
    },
    put(file, content, headers = {}) {
      files.set(file, { content, headers });
    },
    async open(file, options = {}) {
      const page = await chromium.newPage(
        { mayAskFor: (url) => url.protocol === 'about:' || [site(), pages()].includes(url.origin) },
        { viewport: { width: 1280, height: 900 }, ...options },
      );
      await page.goto(new URL(file, pages()).href);
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
    ${head}
  </head>
  <body>${body}</body>
</html>`;
}
