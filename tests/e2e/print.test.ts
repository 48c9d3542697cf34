import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();
const pages = fs.readdirSync('dist').filter((name) => name.endsWith('.html') && name !== 'embed.html');
/** The one-file build, which has the same styles, is tested elsewhere. */
const PAGES = pages.filter((name) => name !== 'batchnorm-lab.html');

/** As it is printed by a reader who has the dark theme, on paper 17 cm wide. */
async function printed(name: string): Promise<Page> {
  const page = await site.open(name, { colorScheme: 'dark', viewport: { width: 643, height: 900 } });
  await page.waitForLoadState('networkidle');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  return page;
}

describe.each(PAGES)('%s on paper', (name) => {
  it('is black on white, without what leads elsewhere, and no wider than the paper', async () => {
    const page = await printed(name);
    const look = await page.evaluate(() => {
      const brightness = (colour: string) =>
        (/\d+/g[Symbol.match](colour) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
      const seen = (selector: string) =>
        [...document.querySelectorAll(selector)].filter((one) => one.getBoundingClientRect().height > 0)
          .length;
      const grounds = [document.documentElement, document.body].map(
        (one) => getComputedStyle(one).backgroundColor,
      );
      return {
        grounds,
        text: brightness(getComputedStyle(document.querySelector('main p')!).color) < 128,
        controls: seen('nav, bn-theme-switch, .skip, .footer'),
        wider: document.documentElement.scrollWidth - innerWidth,
      };
    });
    const none = 'rgba(0, 0, 0, 0)';
    expect(look).toEqual({ grounds: [none, none], text: true, controls: 0, wider: 0 });
  });
});

describe('a chapter on paper', () => {
  it('shows what is folded away, and where its sources are', async () => {
    const page = await printed('a-batch-normalised.html');
    const folded = page.locator('main details:not(:has(bn-quiz))').first();
    const [all, title] = await folded.evaluate((details) =>
      [details, details.querySelector('summary')!].map((one) => one.getBoundingClientRect().height),
    );
    expect(all).toBeGreaterThan(2 * title!);
    const address = await page
      .locator('.sources a[href^="http"]')
      .first()
      .evaluate((link) => [getComputedStyle(link, '::after').content, (link as HTMLAnchorElement).href]);
    expect(address[0]).toContain(address[1]);
  });

  it('is a document of pages', async () => {
    const page = await printed('a-batch-normalised.html');
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    const count = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(count).toBeGreaterThan(4);
    expect(count).toBeLessThan(30);
  });
});
