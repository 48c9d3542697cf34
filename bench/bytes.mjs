/** What travels: the engine's binaries, and everything a first visit to a page transfers. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/lib/browser.mjs';
import { createServer } from '../scripts/serve.mjs';

/** Hosts compress with gzip's level 9 or better; headers are not counted. */
const gzipSize = (bytes) => gzipSync(bytes, { level: 9 }).length;

export function fileSizes(directory, names) {
  const sizes = (name) => {
    const bytes = readFileSync(path.join(directory, name));
    return [name, { raw: bytes.length, gzip: gzipSize(bytes) }];
  };
  return Object.fromEntries(names.map(sizes));
}

/**
 * Opens each page of the site in a fresh browser profile and counts the files it asked for: by the first paint, and by
 * the time the network is quiet, when the figures in sight can be used.
 */
export async function firstLoads(site, pages) {
  const requests = [];
  const server = createServer({ directory: site });
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    response.on('finish', () =>
      requests.push({ file: pathname.endsWith('/') ? `${pathname}index.html` : pathname, at: Date.now() }),
    );
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const loads = [];
    for (const [name, file] of Object.entries(pages)) {
      requests.length = 0;
      // What the service worker fetches once the page is there and at rest, to work offline, is no part of the load.
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.goto(`http://localhost:${server.address().port}/${file}`, { waitUntil: 'networkidle' });
      const painted = await page.evaluate(firstPaint);
      while (Date.now() - requests.at(-1).at < 1000) await wait(100);
      await context.close();
      loads.push({ page: name, ...count(site, requests, painted) });
    }
    return loads;
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page; in milliseconds since 1970, as the server counts them. */
function firstPaint() {
  const [entry] = performance.getEntriesByName('first-contentful-paint');
  return performance.timeOrigin + entry.startTime;
}

function count(site, requests, painted) {
  const size = (file) => gzipSize(readFileSync(path.join(site, file)));
  const files = Object.fromEntries(requests.map(({ file }) => [file, size(file)]));
  const early = new Set(requests.filter(({ at }) => at <= painted).map(({ file }) => file));
  const sum = (names) => names.reduce((total, name) => total + files[name], 0);
  const all = Object.keys(files);
  const wasm = all.filter((file) => file.endsWith('.wasm'));
  return { first_paint: sum([...early]), complete: sum(all), wasm: sum(wasm), files };
}
