import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PLACES } from '../../web/pages/contents.ts';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

/** Those with the site around their text: embed.html has one figure and nothing else, the one file has tests of its own. */
const pages = fs
  .readdirSync('dist')
  .filter((name) => name.endsWith('.html') && !['embed.html', 'batchnorm-lab.html'].includes(name));
const THEMES = ['light', 'dark'] as const;
/** All of them where there is time; else each end and each theme once. */
const looks =
  process.env['BNLAB_FULL'] === '1'
    ? [320, 390, 1280].flatMap((width) => THEMES.map((theme) => ({ width, theme })))
    : [
        { width: 320, theme: 'dark' as const },
        { width: 1280, theme: 'light' as const },
      ];

/** What there is to read without a script, where it is not the worked example. */
const READ: Record<string, readonly string[]> = {
  'claims.html': ['SGD can undo the normalisation', 'In the literature: contested.'],
  'lab.html': ['needs JavaScript', 'How it works'],
  'training-and-inference.html': ['A diary that forgets', 'Nothing fails'],
  'gamma-and-beta.html': ['What SGD can undo', 'SGD never sees a function'],
  'using-it-well.html': ['Weight decay is a learning rate', 'Standardise the inputs'],
  'deep-networks.html': ['A chain of whispers', 'Sixty-four pictures, one answer'],
  'why-does-it-work.html': ['A moving target', 'What is left'],
  'teach.html': ['Put a figure into your course', 'Who hears of whom?', 'formative'],
  'worksheets.html': ['Predict, run, explain', 'The loud neighbour'],
  'worksheet-keys.html': ['The first example’s', 'Thirty-two sevens'],
  'when-not-to.html': ['Averaged over what?', 'Thirty-two sevens are a bad batch'],
  'quiz.html': ['Nothing leaves the page', 'have mean 0 and variance 1?', 'Choose all that apply.'],
  'one-some-or-all.html': ['To halve the error', 'With seeds 0 to 9'],
};

const site = useSite();

describe.each(pages)('%s', (name) => {
  it.each(looks)(
    'has no accessibility violation at $width px, $theme, and nothing is wider',
    async ({ width, theme }) => {
      const page = await open(name, width, theme);
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    },
  );

  it('says where one is in the navigation', async () => {
    const page = await site.open(name);
    const current = page.locator('nav[aria-label="Site"] [aria-current]');
    expect(await current.count()).toBe(1);
    const shown = new URL((await current.getAttribute('href')) ?? '', page.url()).pathname;
    const place = PLACES.find(({ parts = [] }) => parts.includes(name));
    expect(shown.replace(/^.*\//, '') || 'index.html').toBe(place?.file ?? name);
    expect(await current.getAttribute('aria-current')).toBe(place ? 'true' : 'page');
  });

  it('links only to pages and places that exist', async () => {
    const page = await site.open(name);
    const links = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    const broken: string[] = [];
    for (const link of new Set(links)) {
      const { origin, hash } = new URL(link);
      if (origin !== new URL(site.address).origin) continue;
      const response = await fetch(link);
      // A hash with = in it is the state of a figure.
      const isPlace = hash !== '' && !hash.includes('=');
      const places = (await response.text()).split(`id="${hash.slice(1)}"`).length - 1;
      if (!response.ok || (isPlace && places !== 1)) broken.push(link);
    }
    expect(broken).toEqual([]);
  });

  it('skips to its text by keyboard', async () => {
    const page = await site.open(name);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the text');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#main');
  });

  it('can be read without JavaScript', async () => {
    const page = await site.open(name, { javaScriptEnabled: false });
    const text = await page.locator('main').innerText();
    for (const said of READ[name] ?? ['−1.34', '−0.39']) expect(text).toContain(said);
    expect(await page.locator('noscript').innerText()).toContain('JavaScript is off');
    expect(await page.locator('math').count()).toBeGreaterThanOrEqual(name.startsWith('a-batch') ? 100 : 0);
    expect(await page.locator('tex').count()).toBe(0);
  });

  it('moves nothing for those who ask for less motion', async () => {
    const page = await site.open(name, { reducedMotion: 'reduce' });
    await page.waitForLoadState('networkidle');
    const moving = await page.evaluate(() =>
      document.getAnimations().map((animation) => animation.effect?.getComputedTiming().duration),
    );
    expect(moving).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
  });
});

describe('the theme', () => {
  const surface = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const LIGHT = 'rgb(253, 253, 251)';
  const DARK = 'rgb(21, 24, 27)';

  it('is the system’s, until chosen; then it holds on every page and in the next visit', async () => {
    const page = await site.open('', { colorScheme: 'light' });
    expect(await surface(page)).toBe(LIGHT);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await surface(page)).toBe(DARK);

    const theme = page.getByRole('combobox', { name: 'Theme' });
    await theme.selectOption('light');
    expect(await surface(page)).toBe(LIGHT);
    await page.goto(new URL('a-batch-normalised.html', site.address).href);
    expect(await surface(page)).toBe(LIGHT);
    expect(await theme.inputValue()).toBe('light');

    await theme.selectOption('auto');
    expect(await surface(page)).toBe(DARK);
    await page.reload();
    expect(await surface(page)).toBe(DARK);
  });

  it('is there at the first paint: its script stands in the head and waits for nothing', async () => {
    const page = await site.open('', { colorScheme: 'light' });
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    // Before any module has run, the theme is the chosen one.
    await page.route('**/assets/*.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: '' }),
    );
    await page.goto(site.address, { waitUntil: 'commit' });
    await page.waitForSelector('h1');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});

describe('a link that sets the figure', () => {
  it('brings one to it, and back', async () => {
    const page = await open('a-batch-normalised.html', 1280, 'light');
    const link = page.getByRole('link', { name: 'Walk it in the figure' });
    const shown = (selector: string) =>
      page.evaluate(
        (s) => Math.abs(document.querySelector(s)?.getBoundingClientRect().top ?? Infinity),
        selector,
      );
    await link.scrollIntoViewIfNeeded();
    await link.press('Enter');
    await expect.poll(() => shown('#figure')).toBeLessThan(100);
    expect(new URL(page.url()).hash).toMatch(/^#we=1;/);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('figure');
    await page.goBack();
    await expect.poll(() => shown('a.to-figure[href*="tab=backward;dy=1,0,0,0"]')).toBeLessThan(800);
  });
});

describe('a narrow formula box', () => {
  it('takes the focus only where it scrolls', async () => {
    const wide = await open('a-batch-normalised.html', 1280, 'light');
    expect(await wide.locator('.formula[tabindex]').count()).toBe(0);
    const narrow = await open('a-batch-normalised.html', 320, 'light');
    const boxes = narrow.locator('.formula[tabindex="0"]');
    expect(await boxes.count()).toBeGreaterThan(0);
    const box = boxes.first();
    await box.focus();
    await narrow.keyboard.press('ArrowRight');
    await expect.poll(() => box.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  });
});

async function open(name: string, width: number, theme: 'light' | 'dark'): Promise<Page> {
  const page = await site.open(name, {
    viewport: { width, height: width < 800 ? 780 : 800 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  await page.waitForLoadState('networkidle');
  return page;
}

/** A page may have more to unfold than a test has time to click: what is not in a figure is set open at once. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  for (const summary of await page.locator('summary').all()) {
    const open = await summary.evaluate(({ parentElement }) => (parentElement as HTMLDetailsElement).open);
    if (!open) await summary.click();
  }
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent?.trim());
}
