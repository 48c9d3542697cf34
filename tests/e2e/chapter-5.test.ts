import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { conclusion, figure, loadedBytes, pageWidth, PHONE } from './chapter-page.ts';
import { finished, study, verdicts, withSeeds } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'deep-networks.html';
const FIRST = 'bn-deep-network[gain]';
const SIGMOIDS = 'bn-deep-network[activation]';
const GRADIENTS = 'bn-deep-network[view]';
/** In the order of the text. */
const STUDIES = [
  'init-gain',
  'sigmoid-digits',
  'depth-sigmoid',
  'rank-collapse',
  'gradient-scale',
  'gradient-growth',
  'learning-rate-sweep',
  'learning-rate-sweep-shallow',
  'speed',
  'blow-up',
  'depth-relu',
];

describe('“Deep networks”', () => {
  it('costs little to open, and loads no engine before a figure is near', async () => {
    const { bytes, binaries } = await loadedBytes(await site.open(PAGE));
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
  });

  it('shows each layer without and with batch normalization, and follows its knobs', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, FIRST);
    // Ten layers, of which six are drawn, twice each.
    expect(await found.locator('.cell path').count()).toBe(12);
    expect(await conclusion(found)).toMatch(
      /by 2\.\d in layer 1 and \d{3} in layer 10 .* With it, examples differ by 1 in every layer\./,
    );

    const gain = found.getByRole('slider', { name: /Initial weights/ });
    await gain.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    expect(await gain.getAttribute('aria-valuetext')).toBe('0.7');
    await expect.poll(() => conclusion(found)).toMatch(/and 0\.0\d+ in layer 10/);

    await found.getByText('Every layer, as a table').click();
    await expect.poll(() => found.locator('tbody tr').count()).toBe(10);
  });

  it('trains before it looks when asked to, and says that training ran away', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, FIRST);
    await found.getByRole('combobox', { name: 'Training steps' }).selectOption('10');
    await expect.poll(() => conclusion(found)).toContain('Without batch normalization training ran away');
    expect(await conclusion(found)).toMatch(/Of new digits \d+ % are recognised without, \d+ % with it/);
    expect(await found.getByText('no longer finite', { exact: true }).count()).toBe(6);
    await found.getByRole('combobox', { name: 'Learning rate' }).selectOption('0.01');
    await found.getByRole('slider', { name: /Initial weights/ }).press('Home');
    await expect.poll(() => conclusion(found)).toContain('After 10 steps');
  });

  it('tells apart what differs between units and what differs between examples', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, SIGMOIDS);
    expect(await conclusion(found)).toMatch(
      /10⁻⁶ in layer 10 .* together have standard deviation 0\.56\. With it, examples differ by 1 in every layer\./,
    );
    await found.getByRole('radio', { name: 'What it passes on' }).check();
    expect(await found.locator('.cell path.passed').count()).toBe(12);
  });

  it('draws the gradients of twenty layers beside what theory says', async () => {
    const page = await site.open(PAGE);
    const found = await figure(page, GRADIENTS);
    expect(await conclusion(found)).toMatch(
      /factor 1\.21 per layer with .* Theory, for wide layers: 1\.21\./,
    );
    expect(await found.locator('bn-line-plot svg[role="img"] .symbol').count()).toBe(40);
    await found.getByRole('combobox', { name: 'Nonlinearity' }).selectOption('sigmoid');
    await expect.poll(() => conclusion(found)).not.toContain('Theory');
  });

  it('measures what it tells of: every study can be run, and one decides its prediction', async () => {
    const page = await site.open(PAGE);
    for (const name of STUDIES) await study(page, name);
    expect(await page.locator('bn-study').count()).toBe(STUDIES.length);
    const found = await study(page, 'learning-rate-sweep');
    await withSeeds(found, 3);
    await found.getByRole('radio', { name: /at 0.1 and below it hardly matters/ }).check();
    await found.getByRole('button', { name: 'Run 3 seeds' }).click();
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    expect(await verdicts(found)).not.toContain('Fails');
  });

  it('fits a small phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, PHONE);
    for (const selector of [FIRST, SIGMOIDS, GRADIENTS]) {
      const found = await figure(page, selector);
      await found.getByText('Every layer, as a table').click();
    }
    expect(await pageWidth(page)).toBe(PHONE.viewport.width);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of [
      'Layers are such a row',
      'Sixty-four pictures, one answer',
      'The weights’ scale has cancelled',
    ])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
