import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();
const PAGE = 'training-and-inference.html';
const STUDIES = ['ema-lag', 'batch-mates', 'leakage', 'domain-shift', 'frozen-norm'];

/** Scrolls to a study, which loads it. */
async function study(page: Page, name: string): Promise<Locator> {
  const found = page.locator(`bn-study[name="${name}"]`);
  await found.scrollIntoViewIfNeeded();
  await found.getByRole('button', { name: /^Run/ }).waitFor();
  return found;
}

/** With three seeds instead of ten. */
async function fewer(found: Locator): Promise<void> {
  await found.getByText('Settings').click();
  const seeds = found.getByRole('spinbutton', { name: 'Seeds' });
  await seeds.fill('3');
  await seeds.press('Enter');
}

const finished = (found: Locator) =>
  found.getByText('Does the claim hold here?').waitFor({ timeout: 60_000 });

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe('“Training and inference”', () => {
  it('costs little to open: neither Lab nor engine is loaded before a figure is near', async () => {
    const page = await site.open(PAGE);
    await page.waitForLoadState('networkidle');
    const loaded = await page.evaluate(() => [
      location.href,
      ...performance.getEntriesByType('resource').map(({ name }) => name),
    ]);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    expect(await page.evaluate(() => customElements.get('bn-lab') === undefined)).toBe(true);
    const sizes = await Promise.all(
      loaded.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
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
    expect(await figure.locator('figcaption').innerText()).toContain('still has weight 0.605');

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
    await found.getByRole('radio', { name: /no longer after 600/ }).check();
    await run.click();
    await finished(found);
    expect(await found.getByText('Yes, with these settings.').count()).toBe(1);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    // 10 seeds at 7 steps, read in three ways.
    expect(await found.locator('bn-study-plot .dot').count()).toBe(210);
    expect(await found.locator('figcaption').innerText()).toMatch(/After 100 steps the network gets \d+ %/);
  });

  it('runs the other studies: each claim holds with its first settings', async () => {
    const page = await site.open(PAGE);
    for (const name of STUDIES.slice(1)) {
      const found = await study(page, name);
      await fewer(found);
      await found.getByRole('radio').first().check();
      await found.getByRole('button', { name: 'Run 3 seeds' }).click();
      await finished(found);
      expect(await found.locator('bn-study-plot .mean').count()).toBeGreaterThan(2);
      expect(`${name}: ${await found.locator('.verdict').innerText()}`).not.toContain('No,');
    }
  });

  it('says that nothing is given away where examples have offsets of their own', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'leakage');
    await found.getByRole('radio').first().check();
    await found.getByText('Settings').click();
    await found.getByRole('checkbox', { name: /shares one offset/ }).uncheck();
    await found.getByRole('button', { name: /^Run/ }).click();
    await finished(found);
    expect(await found.getByText('No, not with these settings.').count()).toBe(1);
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
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['Lag is an illness of youth', 'Training never reads the diary', 'Reported as bugs'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
