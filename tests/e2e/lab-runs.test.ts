import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

const site = useSite();

async function open(link: string, panel: 'sweep' | 'bands', viewport = { width: 1280, height: 800 }) {
  const page = await site.open(`lab.html#lab=1;${link}${link === '' ? '' : ';'}panels=${panel}`, {
    reducedMotion: 'reduce',
    viewport,
  });
  page.setDefaultTimeout(10_000);
  const element = page.locator(`bn-lab-${panel}`);
  await page.locator('bn-lab-run-bar button.run:enabled').waitFor();
  await element.getByRole('button', { name: /^Run/ }).waitFor();
  return { page, element };
}

/** Without the empty corners of the tables. */
const cells = (element: Locator) => element.locator('[data-cell]');
const said = (page: Page) => page.locator('bn-lab p.said').textContent();

async function fill(element: Locator, fields: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) {
    // oxlint-disable-next-line no-await-in-loop -- as a person would
    await element.getByLabel(name).fill(text);
  }
}

const SMALL = {
  'Values of learning rate': '0.1, 1',
  'Values of batch size': '8, 32',
  'Steps of each run': '30',
  'Seeds averaged over': '2',
};

describe('a sweep', () => {
  it('shows A, B and their difference at every pair of values, and names the best in words', async () => {
    const { page, element } = await open('', 'sweep');
    await fill(element, SMALL);
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await expect.poll(() => said(page)).toMatch(/^Sweep finished\. A is best with accuracy \d+\.\d % at/);
    expect(await element.getByRole('grid').count()).toBe(3);
    const texts = await cells(element).allInnerTexts();
    expect(texts).toHaveLength(12);
    for (const text of texts) expect(text).toMatch(/^[+−]?\d+/);
    const [a, b, difference] = [0, 4, 8].map((first) =>
      Number(/^[+−]?\d+/.exec(texts[first]!)?.[0].replace('−', '-')),
    );
    expect(Math.abs(a! - b! - difference!)).toBeLessThanOrEqual(1);
    // The same experiment gives the same numbers again.
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await expect.poll(() => said(page)).toMatch(/^Sweep finished/);
    expect(await cells(element).allInnerTexts()).toEqual(texts);
  });

  it('loads a cell into the Lab, by keyboard and by click', async () => {
    const { page, element } = await open('', 'sweep');
    await fill(element, SMALL);
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await expect.poll(() => said(page)).toMatch(/^Sweep finished/);
    await cells(element).first().focus();
    for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => page.url()).toMatch(/;lr=1;batch=8;|;batch=8;.*lr=1;/);
    await expect.poll(() => said(page)).toMatch(/learning rate 1, batch size 8/);
    await element
      .getByRole('gridcell', { name: /learning rate 0.1, batch size 8/ })
      .first()
      .click();
    await expect.poll(() => page.url()).not.toMatch(/lr=1;/);
  });

  it('can be cancelled at once', async () => {
    const { page, element } = await open('', 'sweep');
    await fill(element, { 'Steps of each run': '20000', 'Seeds averaged over': '20' });
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await element.getByRole('progressbar').waitFor();
    await element.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => said(page)).toBe('Sweep cancelled.');
    await element.getByRole('button', { name: 'Run the sweep' }).waitFor();
  });

  it('says what was refused, and runs the rest', async () => {
    const { page, element } = await open('', 'sweep');
    await fill(element, { ...SMALL, 'Values of batch size': '1, 32' });
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await expect.poll(() => said(page)).toMatch(/^Sweep finished/);
    const texts = await cells(element).allInnerTexts();
    // A normalises by the batch and cannot with one example; B has no such layer.
    expect(texts.slice(0, 2)).toEqual(['–', '–']);
    for (const text of texts.slice(4, 6)) expect(text).toMatch(/^\d/);
    expect(await element.locator('.note').allInnerTexts()).toContainEqual(
      expect.stringMatching(/^– was refused: .*batch/),
    );
  });

  it('says what is wrong with a value that is none, and runs nothing', async () => {
    const { element } = await open('', 'sweep');
    await fill(element, { 'Values of learning rate': '0.1, fast' });
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    expect(await element.getByRole('alert').innerText()).toMatch(/expected a number .*“fast”/);
    expect(await element.getByRole('grid').count()).toBe(0);
  });

  it('can sweep other settings, and fits a phone', async () => {
    const { page, element } = await open('data=regression', 'sweep', { width: 320, height: 700 });
    await element.getByLabel('Down: setting').selectOption('gain');
    await fill(element, {
      'Values of initial gain': '0.1, 1',
      'Values of learning rate': '0.01, 0.1',
      'Steps of each run': '20',
    });
    await element.getByRole('button', { name: 'Run the sweep' }).click();
    await expect.poll(() => said(page)).toMatch(/^Sweep finished\. A is best with loss /);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

describe('many seeds', () => {
  it('draw every run, their band and median, and compare A and B seed by seed', async () => {
    const { page, element } = await open('', 'bands');
    await fill(element, { Seeds: '5', 'Steps of each run': '40' });
    await element.getByRole('button', { name: 'Run all seeds' }).click();
    await expect.poll(() => said(page)).toMatch(/^All seeds are done\. After 40 steps with 5 seeds/);
    const text = await element.locator('figcaption').innerText();
    expect(text).toMatch(/Seed by seed, A − B is [+−]?\d+\.\d percentage points on average \(95 % interval/);
    expect(await element.locator('path.run').count()).toBe(10);
    expect(await element.locator('path.band').count()).toBe(2);
    expect(await element.locator('path.median').count()).toBe(2);
    await element.getByText('Each seed at the end, as a table').click();
    await expect.poll(() => element.getByRole('row').count()).toBe(1 + 5);
  });

  it('count runs that diverge', async () => {
    const { page, element } = await open('lr=30', 'bands');
    await fill(element, { Seeds: '5', 'Steps of each run': '40' });
    await element.getByRole('button', { name: 'Run all seeds' }).click();
    await expect.poll(() => said(page)).toMatch(/\d of 5 runs of B diverged and count as chance/);
  });

  it('are 5 to 20', async () => {
    const { element } = await open('', 'bands', { width: 320, height: 700 });
    await fill(element, { Seeds: '4' });
    await element.getByRole('button', { name: 'Run all seeds' }).click();
    expect(await element.getByRole('alert').innerText()).toBe(
      'seeds: expected a whole number from 5 to 20, got “4”.',
    );
  });
});
