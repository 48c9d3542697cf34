import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { conclusion, figure, loadedBytes, pageWidth, PHONE } from './chapter-page.ts';
import { finished, study, verdicts, withSeeds } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'when-not-to.html';
/** In the order of the text. */
const STUDIES = ['batch-size', 'batch-size-conv', 'batches-by-class'];

describe('“When not to”', () => {
  it('costs little to open, and loads no engine before a figure is near', async () => {
    // So low a window that the first figure is not near.
    const viewport = { width: 1280, height: 400 };
    const { bytes, binaries } = await loadedBytes(await site.open(PAGE, { viewport }));
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
  });

  it('fills the values that each normalization averages over', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, 'bn-averaged-over');
    const filled = () => found.locator('.heard').count();
    expect(await conclusion(found)).toMatch(/among 16 values: 1 channel of 4 examples, 4 pixels each/);
    expect(await filled()).toBe(16);
    for (const [name, count] of [
      ['LayerNorm', 16],
      ['GroupNorm, two groups', 8],
      ['InstanceNorm', 4],
    ] as const) {
      await found.getByRole('radio', { name }).check();
      await expect.poll(filled).toBe(count);
      expect(await conclusion(found)).toContain('The other examples of the batch have no say');
    }
  });

  it('says what is wrong with a batch of one, and with one pixel', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, 'bn-averaged-over');
    await found.getByRole('combobox', { name: /Pixels/ }).selectOption('1 × 1 (fully connected)');
    await found.getByRole('combobox', { name: /Batch size/ }).selectOption('1');
    await expect.poll(() => conclusion(found)).toContain('x̂ is 0 whatever the value');
    await found.getByRole('radio', { name: 'InstanceNorm' }).check();
    await expect.poll(() => conclusion(found)).toContain('nothing but itself');
    await found.getByRole('radio', { name: 'LayerNorm' }).check();
    await expect.poll(() => conclusion(found)).toContain('among 4 values');
  });

  it('looks at the value that is clicked, or chosen by keyboard', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, 'bn-averaged-over');
    await found.locator('.value').last().click();
    await expect.poll(() => conclusion(found)).toContain('channel 4 of example 4');
    const example = found.getByRole('combobox', { name: 'Look at example' });
    expect(await example.inputValue()).toBe('4');
    await example.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => conclusion(found)).toContain('channel 4 of example 3');
    // A smaller batch has no third example.
    await found.getByRole('combobox', { name: /Batch size/ }).selectOption('2');
    await expect.poll(() => conclusion(found)).toContain('channel 4 of example 2');
  });

  it('measures what it tells of: every study can be run, and one decides its prediction', async () => {
    const page = await site.open(PAGE);
    for (const name of STUDIES) await study(page, name);
    expect(await page.locator('bn-study').count()).toBe(STUDIES.length);
    const found = await study(page, 'batches-by-class');
    await withSeeds(found, 3);
    await found.getByRole('radio', { name: /With batch normalization it guesses/ }).check();
    await found.getByRole('button', { name: 'Run 3 seeds' }).click();
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    expect(await verdicts(found)).not.toContain('Fails');
  });

  it('fits a small phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, PHONE);
    const found = await figure(page, 'bn-averaged-over');
    await found.getByText('The values as a table').click();
    expect(await pageWidth(page)).toBe(PHONE.viewport.width);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['Averaged over what?', 'It takes away the very thing', 'a place to begin'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
