import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { figure, loadedBytes, pageWidth, PHONE } from './chapter-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'using-it-well.html';
const STUDIES = [
  'ablations',
  'dropout-shift',
  'dropout-accuracy',
  'weight-norm',
  'rate-decay',
  'batch-noise',
  'ghost-batches',
  'fixed-batches',
  'input-scale',
] as const;

describe('“Using it well”', () => {
  it('costs little to open, and loads no engine before a figure is near', async () => {
    const { bytes, binaries } = await loadedBytes(await site.open(PAGE));
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
  });

  it('lets weights of three lengths come to one, and turn by √(2ηλ) a step', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, 'bn-norm-balance');
    const said = () => found.locator('figcaption').innerText();
    expect(await said()).toContain('with nothing to make them shorter');
    await found.getByRole('radio', { name: /come to the same length/ }).check();
    await found.getByRole('button', { name: 'Run' }).click();
    await found.getByText('As you predicted.').waitFor();
    await expect.poll(said).toMatch(/lengths are (1\.\d\d), \1 and \1\. .* √\(2ηλ\) is 0\.0775\.$/);

    const decay = found.getByRole('slider', { name: 'Weight decay' });
    await decay.press('ArrowRight');
    expect(await decay.getAttribute('aria-valuetext')).toBe('0.03');
    await expect.poll(said).toContain('√(2ηλ) is 0.1342');

    await found.getByText('The chart as a table').click();
    await found.locator('tbody tr').last().waitFor();
    const first = await found.locator('tbody tr').first().locator('td').allInnerTexts();
    expect(first).toEqual(['0.3', '1', '3']);
  });

  it('measures the ghost batches, and says what came of the prediction', async () => {
    const page = await site.open(PAGE);
    const found = page.locator('bn-study[name="ghost-batches"]');
    await found.scrollIntoViewIfNeeded();
    await found.getByRole('radio', { name: /that stay the same do harm/ }).check();
    await found.getByRole('button', { name: /^Run/ }).click();
    await found.getByText('As you predicted.').waitFor({ timeout: 90_000 });
    expect(await found.getByText('– this came out').count()).toBe(1);
  });

  it('fits a small phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, PHONE);
    const found = await figure(page, 'bn-norm-balance');
    await found.getByText('The chart as a table').click();
    for (const name of STUDIES) {
      const study = page.locator(`bn-study[name="${name}"]`);
      await study.scrollIntoViewIfNeeded();
      await study.getByRole('button', { name: /^Run/ }).waitFor();
    }
    expect(await pageWidth(page)).toBe(PHONE.viewport.width);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of [
      'A null result, and a useful one',
      'it sets the effective',
      'It is a secret that the network learns',
    ])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
