import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { figure, loadedBytes, pageWidth, PHONE } from './chapter-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'gamma-and-beta.html';
const FIGURES = ['bn-identity-again', 'bn-same-function', 'bn-weight-scale'] as const;
const STUDIES = [
  'denormalise',
  'reparametrised',
  'effective-lr',
  'zero-gamma',
  'exact-identities',
  'gamma-beta-only',
] as const;

const said = (found: Locator): Promise<string> => found.locator('figcaption').first().innerText();

/** Scrolls to a figure, answers its question and runs it. */
async function answered(page: Page, selector: string, answer: RegExp): Promise<Locator> {
  const found = await figure(page, selector);
  const run = found.getByRole('button', { name: 'Run' });
  expect(await run.isDisabled()).toBe(true);
  expect(await found.getByRole('slider').count()).toBe(0);
  await found.getByRole('radio', { name: answer }).check();
  await run.click();
  await found.getByText('As you predicted.').waitFor();
  return found;
}

describe('“γ and β: the handshake with SGD”', () => {
  it('costs little to open: of engines only the small one that its first figure needs', async () => {
    const { bytes, binaries } = await loadedBytes(await site.open(PAGE));
    expect(bytes).toBeLessThan(150_000);
    expect(binaries.filter((url) => !url.includes('/figures-'))).toEqual([]);
  });

  it('finds mean and spread again, from a mirrored start through 0', async () => {
    const page = await site.open(PAGE);
    const found = await answered(page, 'bn-identity-again', /passes through 0/);
    await expect.poll(() => said(found)).toMatch(/^After 200 steps γ is 3\.00\d+ and β is 5\.0/);
    await found.getByText('The chart as a table').click();
    await found.locator('tbody tr').last().waitFor();
    const gammas = await found.locator('tbody td:nth-child(4)').allInnerTexts();
    expect(gammas[0]).toBe('−3');
    expect(Number(gammas.at(-1))).toBeCloseTo(3, 1);
  });

  it('learns one function in two ways, one of which the unit of the inputs can ruin', async () => {
    const page = await site.open(PAGE);
    const found = await answered(page, 'bn-same-function', /the one with γ′ and β′ blows up/);
    await expect.poll(() => said(found)).toContain('is beyond any number');
    const before = /that of γ and β is ([\d.]+)/.exec(await said(found))?.[1];
    const scale = found.getByRole('slider', { name: 'Inputs times' });
    await scale.press('ArrowLeft');
    expect(await scale.getAttribute('aria-valuetext')).toBe('1');
    await expect.poll(() => said(found)).not.toContain('beyond');
    expect(/that of γ and β is ([\d.]+)/.exec(await said(found))?.[1]).toBe(before);
  });

  it('scales the weights by keyboard: outputs stay, gradient and step shrink, and a mirror has its mirror', async () => {
    const page = await site.open(PAGE);
    const found = await answered(page, 'bn-weight-scale', /a quarter as far/);
    await expect.poll(() => said(found)).toContain('Each u is 2 times what it was; x̂ and y stay');
    const row = (name: RegExp) => found.locator('tr', { hasText: name }).locator('td').allInnerTexts();
    expect(await row(/effective learning rate/)).toEqual(['0.5', '0.125']);
    expect(await row(/gradient of the bias/)).toEqual(['0.0000', '0.0000']);

    const scale = found.getByRole('slider', { name: /^a:/ });
    await scale.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    expect(await scale.getAttribute('aria-valuetext')).toBe('−1');
    await expect.poll(() => said(found)).toContain('x̂ is mirrored, and with it y');
    await found.getByRole('radio', { name: '−1' }).check();
    await expect.poll(() => said(found)).toContain('the outputs y are what they were');

    await found.getByText('The examples as a table').click();
    const cells = await found.locator('details tbody tr').first().locator('td').allInnerTexts();
    expect(cells[4]).toBe(cells[5]);
    expect(cells[2]).toBe(`−${cells[3]}`);

    await found.getByRole('button', { name: 'Start again' }).click();
    await expect.poll(() => said(found)).toContain('Each u is what it was');
  });

  it('measures whether γ and β can learn alone', async () => {
    const page = await site.open(PAGE);
    const found = page.locator('bn-study[name="gamma-beta-only"]');
    await found.scrollIntoViewIfNeeded();
    await found.getByRole('radio', { name: /clearly less than with all/i }).check();
    await found.getByRole('button', { name: /^Run/ }).click();
    await found.getByText('As you predicted.').waitFor({ timeout: 90_000 });
    expect(await found.getByText('– this came out').count()).toBe(1);
  });

  it('fits a small phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, PHONE);
    for (const selector of FIGURES) {
      const found = await figure(page, selector);
      await found.getByRole('radio').first().check();
      await found.getByRole('button', { name: 'Run' }).click();
      await found.getByText(/^(Not as|As) you predicted\.$/).waitFor();
      await found.getByText(/as a table$/).click();
    }
    for (const name of STUDIES) {
      const found = page.locator(`bn-study[name="${name}"]`);
      await found.scrollIntoViewIfNeeded();
      await found.getByRole('button', { name: /^Run/ }).waitFor();
    }
    expect(await pageWidth(page)).toBe(PHONE.viewport.width);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['The loss is a bowl', 'SGD never sees a function', 'any positive number'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
