import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();

describe('the page for teachers', () => {
  it('has a lesson for each chapter, reached by number, with answers folded away', async () => {
    const page = await site.open('teach.html');
    expect(await page.locator('.lesson').count()).toBe(8);
    await page.getByRole('link', { name: '4: Training and inference' }).click();
    const lesson = page.getByRole('region', { name: /Training and inference$/ });
    expect(await lesson.getByText('Recalibration keeps the weights').isVisible()).toBe(false);
    await lesson.locator('summary', { hasText: 'Two diaries, one network' }).click();
    expect(await lesson.getByText('Recalibration keeps the weights').isVisible()).toBe(true);
  });

  it('opens a figure in the state it promises', async () => {
    const page = await site.open('teach.html');
    await page.locator('summary', { hasText: 'The loud neighbour' }).click();
    await page.getByRole('link', { name: '2, 4, 6, 80', exact: true }).click();
    const last = page.getByRole('spinbutton', { name: 'x, example 4', exact: true });
    await expect.poll(() => last.inputValue()).toBe('80');
  });

  it('opens an experiment by itself with the settings it promises, and the questions of a chapter', async () => {
    const page = await site.open('teach.html');
    await page.locator('summary', { hasText: 'Out of the valley' }).click();
    await page.getByRole('link', { name: 'With half the noise' }).click();
    await page.getByText('Settings (changed)').click();
    const noise = page.getByRole('spinbutton', { name: /noise/i });
    await expect.poll(() => noise.inputValue()).toBe('2');
    await page.goBack();
    await page.getByRole('link', { name: 'Questions' }).nth(2).click();
    await expect.poll(() => page.url()).toContain('quiz.html#quiz=1;chapter=3');
    expect(await page.locator('bn-quiz').count()).toBe(1);
  });

  it('prints lessons with their answers, and without the builder', async () => {
    const page = await site.open('teach.html');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Recalibration keeps the weights').isVisible()).toBe(true);
    expect(await page.locator('bn-embed-builder').isVisible()).toBe(false);
    expect(await page.locator('.masthead nav').isVisible()).toBe(false);
  });
});

describe('a worksheet', () => {
  it('stands alone under its link, and all of them without', async () => {
    const page = await site.open('worksheets.html#chapter-3');
    const shown = () => page.locator('.worksheet:visible').evaluateAll((all) => all.map(({ id }) => id));
    expect(await shown()).toEqual(['chapter-3']);
    await page.locator('#chapter-3').getByRole('link', { name: 'All of them' }).click();
    await expect.poll(shown).toHaveLength(8);
  });

  it('is printed alone by its button', async () => {
    const page = await site.open('worksheets.html');
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', location.hash);
    });
    await page.locator('#chapter-5').getByRole('button', { name: 'Print this worksheet' }).click();
    await page.locator('body[data-printed="#chapter-5"]').waitFor();
    expect(await page.locator('.worksheet:visible').count()).toBe(1);
  });

  it.each(['A4', 'Letter'])('fits %s, with nothing around it', async (format) => {
    const page = await site.open('worksheets.html#chapter-1', { javaScriptEnabled: false });
    await page.emulateMedia({ media: 'print' });
    for (const around of ['.masthead', '.footer', '.overview', '.tools', 'noscript'])
      expect(await page.locator(`${around}:visible`).count()).toBe(0);
    const pdf = await page.pdf({ format });
    if (process.env['BNLAB_SHOW']) await writeFile(path.join(os.tmpdir(), `worksheet-${format}.pdf`), pdf);
    expect(pagesOf(pdf)).toBeGreaterThanOrEqual(3);
    expect(pagesOf(pdf)).toBeLessThanOrEqual(6);
  });

  it('is printed with its lines to write on, which are no backgrounds', async () => {
    const page = await site.open('worksheets.html#chapter-2');
    await page.emulateMedia({ media: 'print' });
    const line = page.locator('.rules > span').locator('visible=true').first();
    expect(await line.evaluate((span) => getComputedStyle(span).borderBlockEndStyle)).toBe('solid');
    expect(await line.evaluate((span) => span.getBoundingClientRect().height)).toBeGreaterThan(28);
  });

  it('has a key that is a page of its own, shorter, with every answer', async () => {
    const page = await site.open('worksheet-keys.html#chapter-1');
    expect(await page.locator('.worksheet:visible .key').count()).toBe(9);
    expect(await page.locator('.worksheet .rules').count()).toBe(0);
    const sheet = await site.open('worksheets.html#chapter-1');
    expect(pagesOf(await page.pdf())).toBeLessThan(pagesOf(await sheet.pdf()));
  });
});

/** Chromium writes a page’s object uncompressed. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
