import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { finished } from './study-page.ts';

const site = useSite();

/**
 * All that is written or said in the page's figures, through every shadow root, folded away or not. Code stays as programs read it, and
 * the numbers of preprints, sections and theorems are no decimals.
 */
const texts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const SAID = ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'alt', 'placeholder'];
    const found: string[] = [];
    const look = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.closest('code, pre, style, script')) continue;
        found.push(...SAID.map((name) => element.getAttribute(name) ?? ''));
        if (element instanceof HTMLInputElement && element.type === 'text') found.push(element.value);
        for (const node of element.childNodes) if (node instanceof Text) found.push(node.data);
        if (element instanceof HTMLDetailsElement) element.open = true;
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document.body);
    return found.map((text) =>
      text.replaceAll(
        /arXiv:[\d.]+|(?:chapter|figure|sections?|table|theorem) \d[\d.]*(?: and \d[\d.]*)?/g,
        '',
      ),
    );
  });

const withPoint = (all: readonly string[]): string[] => all.filter((text) => /\d\.\d/.test(text));
const withComma = (all: readonly string[]): number => all.filter((text) => /\d,\d/.test(text)).length;

it('the worked example has commas only, reads both signs, and computes', { timeout: 120_000 }, async () => {
  const page = await site.open('embed.html#v=1&figure=worked-example&x=2.5,4,6,8&decimal=comma');
  const first = page.locator('bn-walk-grid input[data-field^="x."]').first();
  await expect.poll(() => first.inputValue(), { timeout: 30_000 }).toBe('2,5');
  for (const step of ['Forward', 'Backward', 'Training & inference']) {
    await page.getByRole('tab', { name: step }).click();
    await page.waitForTimeout(300);
    const all = await texts(page);
    expect(withPoint(all)).toEqual([]);
    expect(withComma(all)).toBeGreaterThan(5);
  }
  await page.getByRole('tab', { name: 'Forward' }).click();
  for (const typed of ['3,5', '3.5']) {
    await first.fill('0');
    await first.fill(typed);
    await first.press('Enter');
    await expect.poll(() => first.inputValue()).toBe('3,5');
    // Of 3.5, 4, 6, 8: 2.625 above the mean, by the standard deviation.
    await expect.poll(async () => (await texts(page)).join(' ')).toContain('The largest |x̂| is 1,4739');
    await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('x=3.5,4,6,8');
  }
  expect(withPoint(await texts(page))).toEqual([]);
});

it('a study has commas only, before it runs and after', { timeout: 180_000 }, async () => {
  const page = await site.open('embed.html#v=1&figure=study&name=double-well&seeds=3&decimal=comma');
  const study = page.locator('bn-study');
  await study.getByRole('button', { name: /^Run/ }).waitFor();
  expect(withPoint(await texts(page))).toEqual([]);
  await study.getByRole('button', { name: /^Run/ }).click();
  await finished(study);
  // Tables are made when they are opened; texts() opens them.
  await texts(page);
  await page.waitForTimeout(500);
  const all = await texts(page);
  expect(withPoint(all)).toEqual([]);
  expect(withComma(all)).toBeGreaterThan(20);

  const points = study.getByRole('textbox', { name: /the points/ });
  await points.fill('1; 2 256');
  await points.press('Enter');
  await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('points=1,2,256');
  await points.fill('1,2,256');
  await points.press('Enter');
  await expect
    .poll(() => study.getByRole('alert').allInnerTexts())
    .toContainEqual(expect.stringContaining('semicolons or blanks'));
});

// They go the same way through the same functions; all of them take their time.
it
  .runIf(process.env['BNLAB_FULL'])
  .each([
    'claim&id=C82&open=',
    'lab&preset=start&panels=trace,mates,statistics,layers,map',
    'weight-scale',
    'same-function',
    'identity-again',
    'norm-balance',
    'deep-network',
    'weight-chain',
    'averaged-over',
    'running-average',
  ])('there are commas only in %s', { timeout: 120_000 }, async (figure) => {
  const page = await site.open(`embed.html#v=1&figure=${figure}&decimal=comma`);
  await expect.poll(async () => withComma(await texts(page)), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.waitForTimeout(1000);
  expect(withPoint(await texts(page))).toEqual([]);
});
