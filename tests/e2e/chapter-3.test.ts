import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();
const PAGE = 'one-some-or-all.html';

/** Scrolls to a study, which loads it. */
async function study(page: Page, name: string): Promise<Locator> {
  const found = page.locator(`bn-study[name="${name}"]`);
  await found.scrollIntoViewIfNeeded();
  await found.getByRole('button', { name: /^Run/ }).waitFor();
  return found;
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

describe('“One, some or all”', () => {
  it('costs little to open: neither Lab nor engine is loaded before a figure is near', async () => {
    const page = await site.open(PAGE);
    await page.waitForLoadState('networkidle');
    const loaded = await page.evaluate(() => [
      location.href,
      ...performance.getEntriesByType('resource').map(({ name }) => name),
    ]);
    expect(loaded.length).toBeGreaterThan(4);
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    expect(await page.evaluate(() => customElements.get('bn-lab') === undefined)).toBe(true);
    const bodies = await Promise.all(loaded.map(async (url) => (await fetch(url)).arrayBuffer()));
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(new Uint8Array(body)).length, 0);
    expect(bytes).toBeLessThan(150_000);
  });

  it('asks first, then runs, draws every seed and says what came out', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'fixed-batches');
    const run = found.getByRole('button', { name: 'Run 10 seeds' });
    expect(await run.isDisabled()).toBe(true);
    expect(await found.getByText('The claim.').count()).toBe(0);
    expect(await found.getByText('The order of the examples').isVisible()).toBe(false);
    await found.getByRole('radio', { name: 'Both.' }).check();
    await run.click();
    await finished(found);

    expect(await found.getByText('Yes, with these settings.').count()).toBe(1);
    expect(await found.getByText('Not as you predicted.').isVisible()).toBe(true);
    expect(await found.getByText('The order of the examples').isVisible()).toBe(true);
    // 10 seeds, with and without BatchNorm, reshuffled and fixed.
    expect(await found.locator('bn-study-plot .dot').count()).toBe(40);
    expect(await found.locator('bn-study-plot .pair').count()).toBe(20);
    expect(await found.locator('figcaption').innerText()).toMatch(/worth \+\d+\.\d \(\+\d/);

    await found.getByText('Each seed, as a table').click();
    await expect.poll(() => found.locator('tbody tr').count()).toBe(10);
    expect(await found.locator('tfoot td').count()).toBe(12);
  });

  it('runs again with other settings, says what is old, and cancels', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'double-well');
    await found.getByRole('radio').first().check();
    await found.getByText('Settings', { exact: true }).click();
    const seeds = found.getByRole('spinbutton', { name: 'Seeds' });
    await seeds.fill('3');
    await seeds.press('Enter');
    const noise = found.getByRole('spinbutton', { name: /Noise/ });
    await noise.fill('0');
    await noise.press('Enter');
    await found.getByRole('button', { name: 'Run 3 seeds' }).click();
    await finished(found);
    expect(await found.getByText('No, not with these settings.').count()).toBe(1);
    expect(await found.locator('bn-study-plot .dot').count()).toBe(21);

    await noise.fill('4');
    await noise.press('Enter');
    expect(await found.getByText('The settings have been changed since').count()).toBe(1);
    const runs = found.getByRole('spinbutton', { name: 'Runs for each seed' });
    await runs.fill('200');
    await runs.press('Enter');
    await seeds.fill('30');
    await seeds.press('Enter');
    await found.getByRole('button', { name: 'Run 30 seeds' }).click();
    await found.getByRole('button', { name: 'Cancel' }).click();
    await found.getByRole('button', { name: 'Run 30 seeds' }).waitFor();
    expect(await found.getByText('before it was stopped').count()).toBe(1);
    expect(await found.getByText('Does the claim hold here?').count()).toBe(0);
  });

  it('refuses a setting that cannot be, and keeps the last one', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'throughput');
    await found.getByText('Settings', { exact: true }).click();
    const units = found.getByRole('spinbutton', { name: /Units/ });
    await units.fill('9999');
    await units.press('Enter');
    expect(await found.getByRole('alert').innerText()).toMatch(/from 4 to 256, got 9.?999.*64 stays/s);
    await found.getByRole('button', { name: 'Run 5 repetitions' }).click();
    await finished(found);
    // What it measured depends on the clock; that it measured does not.
    expect(await found.locator('bn-study-plot .mean').count()).toBe(9);
    expect(await found.locator('figcaption').innerText()).toContain('Measured just now');
  });

  it('works by keyboard on a phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, {
      viewport: { width: 360, height: 780 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
      hasTouch: true,
    });
    const found = await study(page, 'gradient-noise');
    await found.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    await found.getByText('Each seed, as a table').click();
    await found.getByText('Settings', { exact: true }).click();
    for (const name of ['throughput', 'double-well', 'fixed-batches']) await study(page, name);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });

  it('trains the Lab in the text after its question, to the outcome it tells', async () => {
    const page = await site.open(PAGE);
    const lab = page.locator('bn-lab');
    await lab.scrollIntoViewIfNeeded();
    const run = lab.getByRole('button', { name: 'Run' }).first();
    await run.waitFor();
    await lab.getByRole('radio', { name: /A little below/ }).check();
    await run.click();
    await lab.getByText('As you predicted.').waitFor({ timeout: 30_000 });
    expect(await lab.getByText('It has asked 90 000 examples').isVisible()).toBe(true);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['A quarter is left', 'The mean square falls as', 'Noise carries a run over the hill'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
