import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { conclusion, figure, loadedBytes, pageWidth, PHONE } from './chapter-page.ts';
import { finished, study, verdicts, withSeeds } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'why-does-it-work.html';

/** Of the histogram that is open as a table, in A or B. */
async function meanOf(lab: Locator, arm: 0 | 1): Promise<number> {
  const rows = await lab
    .locator('bn-layer-histograms tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
    );
  let [sum, count] = [0, 0];
  for (const [bin = '', ...counts] of rows) {
    const values = Number(counts[arm]);
    sum += values * Number(/−?\d+\.\d+/.exec(bin)?.[0].replace('−', '-'));
    count += values;
  }
  return sum / count;
}
/** In the order of the text. */
const STUDIES = [
  'covariate-shift',
  'covariate-shift-relu',
  'noisy-norm',
  'loss-landscape',
  'loss-landscape-linear',
  'lp-norms',
  'goodfellow-chain',
];

describe('“Why does it work?”', () => {
  it('costs little to open, and loads no engine before a figure is near', async () => {
    const { bytes, binaries } = await loadedBytes(await site.open(PAGE));
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
  });

  it('takes one step of a chain: what the gradient promises, and what happens', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, 'bn-weight-chain');
    expect(await conclusion(found)).toMatch(
      /falls from 1\.00 to 0\.00; it falls to 0\.35.* promises 0\.86, and 0\.86 is what happens/,
    );
    const lr = found.getByRole('slider', { name: /Learning rate/ });
    await lr.focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press('PageUp');
    await page.keyboard.press('End');
    await expect.poll(() => conclusion(found)).toMatch(/rate 0\.40: .* to −3\.00; it falls to 0\.01/);

    await found.getByRole('slider', { name: /Layers/ }).press('Home');
    // One layer is linear: the promise is kept.
    await expect.poll(() => conclusion(found)).toMatch(/^1 layer, .* from 1\.00 to 0\.60; it falls to 0\.60/);
    await found.getByText('The chart as a table').click();
    expect(await found.locator('tbody tr').count()).toBe(8);
  });

  it('watches a layer’s inputs move without batch normalization, and stay with it', async () => {
    const page = await site.open(PAGE);
    const lab = page.locator('bn-lab');
    await lab.scrollIntoViewIfNeeded();
    const run = lab.getByRole('button', { name: 'Run' }).first();
    await run.waitFor();
    await lab.getByRole('radio', { name: /shifted as a whole/ }).check();
    await run.click();
    await lab.getByText('As you predicted.').waitFor({ timeout: 60_000 });
    await lab.getByRole('combobox', { name: 'Layer' }).selectOption('hidden 3');
    await lab.getByText('The histogram of hidden 3 as a table').click();
    await lab.locator('bn-layer-histograms tbody tr').first().waitFor();
    // A, whose linear layer is what the nonlinearity receives; B, whose x̂ it receives but for γ and β.
    expect(await meanOf(lab, 0)).toBeLessThan(-1);
    await lab.getByRole('radio', { name: 'x̂' }).check();
    await expect.poll(() => meanOf(lab, 1)).toBeGreaterThan(-0.5);
    expect(await meanOf(lab, 1)).toBeLessThan(0.5);
  });

  it('measures what it tells of: every study can be run, and one decides its prediction', async () => {
    const page = await site.open(PAGE);
    for (const name of STUDIES) await study(page, name);
    expect(await page.locator('bn-study').count()).toBe(STUDIES.length);
    const found = await study(page, 'covariate-shift');
    await withSeeds(found, 8);
    await found.getByRole('radio', { name: /and yet a lower loss/ }).check();
    await found.getByRole('button', { name: 'Run 8 seeds' }).click();
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    expect(await verdicts(found)).toContain('Fails');
  });

  it('fits a small phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, PHONE);
    const found = await figure(page, 'bn-weight-chain');
    await found.getByText('The chart as a table').click();
    expect(await pageWidth(page)).toBe(PHONE.viewport.width);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['shoots at a moving target', 'To L-th order nobody can', 'is not known'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
