import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';

/** Of what has been loaded so far, compressed as it travels; and whether an engine is among it. */
export async function loadedBytes(page: Page): Promise<{ bytes: number; binaries: string[] }> {
  await page.waitForLoadState('networkidle');
  const loaded = await page.evaluate(() => [
    location.href,
    ...performance.getEntriesByType('resource').map(({ name }) => name),
  ]);
  const sizes = await Promise.all(
    loaded.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    binaries: loaded.filter((url) => url.endsWith('.wasm')),
  };
}

/** Scrolls to a figure, which loads it, and waits for its conclusion. */
export async function figure(page: Page, selector: string): Promise<Locator> {
  const found = page.locator(selector);
  await found.scrollIntoViewIfNeeded();
  await found.locator('figcaption').waitFor();
  return found;
}

/** What a figure says came out. */
export const conclusion = (found: Locator): Promise<string> =>
  found.locator('figcaption [role="status"]').innerText();

export const PHONE = {
  viewport: { width: 320, height: 700 },
  colorScheme: 'dark',
  reducedMotion: 'reduce',
  hasTouch: true,
} as const;

export const pageWidth = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth);
