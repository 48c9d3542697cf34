import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { loadedBytes, pageWidth } from './chapter-page.ts';
import { finished, marks, study, verdicts, withSeeds } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'training-and-inference.html';
const STUDIES = ['ema-lag', 'batch-mates', 'leakage', 'domain-shift', 'frozen-norm'];

describe('“Training and inference”', () => {
  it('costs little to open: neither Lab nor engine is loaded before a figure is near', async () => {
    const page = await site.open(PAGE);
    const { bytes, binaries } = await loadedBytes(page);
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
    expect(await page.evaluate(() => customElements.get('bn-lab') === undefined)).toBe(true);
  });

  it('follows a running average, in the words of both libraries', async () => {
    const page = await site.open(PAGE);
    const figure = page.locator('bn-running-average');
    await figure.scrollIntoViewIfNeeded();
    await figure.getByText('After 50 batches the running mean is 4.9742').waitFor();
    const k = figure.getByRole('slider', { name: /Weight of the new batch/ });
    await k.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    await figure.getByText('momentum=0.01', { exact: true }).waitFor();
    expect(await figure.getByText('momentum=0.99', { exact: true }).isVisible()).toBe(true);
    await figure.getByText('still has weight 0.605').waitFor();

    await figure.getByRole('combobox', { name: 'Statistic' }).selectOption('variance');
    await figure.getByText('that of the batches is 6.6667').waitFor();
    await figure.getByRole('combobox', { name: 'Stored' }).selectOption('biased');
    await figure.getByText('that of the batches is 5.').waitFor();
  });

  it('measures the lag once a prediction is made, and says what came out', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'ema-lag');
    const run = found.getByRole('button', { name: 'Run 10 seeds' });
    expect(await run.isDisabled()).toBe(true);
    await found.getByRole('radio', { name: /next to nothing after 600/ }).check();
    await run.click();
    await finished(found);
    expect(await verdicts(found)).toEqual(['Holds', 'Holds', 'Holds', 'Holds']);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    // 10 seeds at 7 steps, read in four ways.
    expect(await marks(found)).toBe(280);
  });

  it('runs the other studies: no check fails with the first settings', async () => {
    const page = await site.open(PAGE);
    for (const name of STUDIES.slice(1)) {
      const found = await study(page, name);
      await withSeeds(found, 3);
      await found.getByRole('radio').first().check();
      await found.getByRole('button', { name: 'Run 3 seeds' }).click();
      await finished(found);
      expect(await marks(found)).toBeGreaterThan(10);
      expect(await verdicts(found)).toContain('Holds');
      expect(await verdicts(found)).not.toContain('Fails');
    }
  });

  it('says that nobody guesses where there is no offset to hide behind', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'leakage');
    await found.getByRole('radio').first().check();
    await found.getByText('Settings', { exact: true }).click();
    const offset = found.getByRole('spinbutton', { name: /offset/ });
    await offset.fill('0');
    await offset.press('Enter');
    await found.getByRole('button', { name: /^Run/ }).click();
    await finished(found);
    expect(await verdicts(found)).toEqual(['Holds', 'Fails', 'Fails', 'Fails']);
  });

  it('trains two diaries on one network, to the outcome the text tells', async () => {
    const page = await site.open(PAGE);
    const lab = page.locator('bn-lab').first();
    await lab.scrollIntoViewIfNeeded();
    const run = lab.getByRole('button', { name: 'Run' }).first();
    await run.waitFor();
    await lab.getByRole('radio', { name: /in inference mode B is ahead/ }).check();
    await run.click();
    await lab.getByText('As you predicted.').waitFor({ timeout: 30_000 });
    const row = async (name: string) =>
      Number(
        /([\d.]+) %/.exec(
          await lab
            .locator('tr', { hasText: `${name} mode` })
            .first()
            .innerText(),
        )?.[1],
      );
    expect(await row('A, test set, training')).toBe(await row('B, test set, training'));
    expect(await row('A, test set, inference')).toBeLessThan(await row('B, test set, inference'));
  });

  it('moves a prediction by its batch-mates, in training mode only', async () => {
    const page = await site.open(PAGE);
    const lab = page.locator('bn-lab').nth(1);
    await lab.scrollIntoViewIfNeeded();
    const run = lab.getByRole('button', { name: 'Run' }).first();
    await run.waitFor();
    await lab.getByRole('radio', { name: /training mode only/ }).check();
    await run.click();
    await lab.getByText('As you predicted.').waitFor({ timeout: 30_000 });
    await lab.getByRole('button', { name: 'Draw 50 times' }).click();
    const said = lab.getByText(/A’s margin moves between/).first();
    await said.waitFor();
    expect(await said.innerText()).toContain('in inference mode it stays at');
  });

  it('works by keyboard on a phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, {
      viewport: { width: 360, height: 780 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
      hasTouch: true,
    });
    const found = await study(page, 'leakage');
    await found.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    await found.getByText('Each seed, as a table').click();
    for (const name of STUDIES) await study(page, name);
    await page.locator('bn-running-average').scrollIntoViewIfNeeded();
    await page.locator('bn-running-average figcaption').waitFor();
    expect(await pageWidth(page)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['Lag is an illness of youth', 'Training never reads the diary', 'Reported as bugs'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
