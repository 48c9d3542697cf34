import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

const site = useSite();
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** The Lab with one of its panels open. */
async function open(
  panel: string,
  more = '',
  options: Parameters<typeof site.open>[1] = {},
): Promise<{ page: Page; lab: Locator; panel: Locator }> {
  const page = await site.open(`lab.html#lab=1;panels=${panel}${more}`, {
    reducedMotion: 'reduce',
    ...options,
  });
  page.setDefaultTimeout(10_000);
  const lab = page.locator('bn-lab');
  await lab.locator('bn-lab-run-bar button.run:enabled').waitFor();
  return { page, lab, panel: lab.locator(`bn-lab-${panel}`) };
}

async function train(lab: Locator, steps: number): Promise<void> {
  await lab.locator('bn-lab-run-bar button.run').click();
  const status = lab.locator('bn-lab-run-bar .status b');
  await expect.poll(async () => Number((await status.innerText()).replaceAll(/\D/g, ''))).toBe(steps);
}

/** What an element shows, with what its parts show inside their shadow roots. */
function textOf(element: Locator): Promise<string> {
  return element.evaluate((root) => {
    const read = (node: Node): string => {
      if (node instanceof HTMLStyleElement) return '';
      const inside = node instanceof Element && node.shadowRoot ? node.shadowRoot : node;
      return node instanceof Text ? node.data : [...inside.childNodes].map(read).join(' ');
    };
    return read(root).replaceAll(/\s+/g, ' ').trim();
  });
}

/** Whether anything but the background has been drawn. */
function isDrawn(canvas: Locator): Promise<boolean> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size > 2;
  });
}

describe('layers', () => {
  it('show nothing before there is a batch, then every layer of both networks', async () => {
    const { lab, panel } = await open('layers', ';stop_steps=200');
    expect(await textOf(panel)).toContain('after the first mini-batch');
    await train(lab, 200);
    await expect.poll(() => panel.locator('bn-layer-histograms .cell').count()).toBeGreaterThan(2);
    const cells = panel.locator('bn-layer-histograms canvas');
    for (const cell of await cells.all()) expect(await isDrawn(cell)).toBe(true);
    expect(await panel.locator('bn-layer-histograms figcaption').innerText()).toMatch(
      /^Standard deviation of the pre-activation: .* in A and .* in B\.$/,
    );
  });

  it('follow the layer and the signal that are chosen', async () => {
    const { lab, panel } = await open('layers', ';stop_steps=50');
    await train(lab, 50);
    await panel.locator('bn-layer-histograms').getByRole('button', { name: 'hidden 2' }).click();
    expect(await panel.getByRole('combobox', { name: 'Layer' }).inputValue()).toBe('hidden 2');
    expect(await panel.locator('bn-layer-strips h4').innerText()).toBe('hidden 2, step after step');
    // x̂ of the network without BN is not drawn, and the panel says why.
    expect(await panel.locator('bn-layer-strips canvas').count()).toBe(7);
    expect(await textOf(panel.locator('bn-layer-strips'))).toContain('does not normalise here');
    await panel.locator('bn-layer-histograms').getByRole('radio', { name: 'x̂' }).check({ force: true });
    expect(await panel.locator('bn-layer-histograms figcaption').innerText()).toContain('nowhere in B');
  });

  it('say which measure means what, and count a histogram in a table', async () => {
    const { lab, panel } = await open('layers', ';stop_steps=50');
    await train(lab, 50);
    await panel.locator('bn-layer-measures select').selectOption('dead');
    expect(await textOf(panel.locator('bn-layer-measures bn-lab-lines').first())).toContain('Dead units');
    await panel.getByText('The histogram of hidden 1 as a table').click();
    const rows = panel.locator('bn-layer-histograms tbody tr');
    await expect.poll(() => rows.count()).toBe(41);
    const counts = await rows.locator('td:nth-child(2)').allInnerTexts();
    const { length } = await panel.locator('bn-layer-histograms tbody tr').all();
    expect(length).toBe(41);
    // 32 examples, 16 units.
    expect(counts.map(Number).reduce((sum, count) => sum + count)).toBe(32 * 16);
  });
});

describe('statistics', () => {
  it('recalibrate the running ones, and say what that did', async () => {
    const { lab, panel } = await open('statistics', ';stop_steps=30');
    await train(lab, 30);
    await expect.poll(() => panel.locator('canvas[data-statistic]').count()).toBe(2);
    await expect.poll(() => isDrawn(panel.locator('canvas[data-statistic="mean"]'))).toBe(true);
    expect(await textOf(panel)).toContain('B keeps no batch statistics in hidden 1');
    await panel.getByRole('button', { name: 'Recalibrate' }).click();
    const results = panel.locator('.recalibration table tbody tr');
    await expect.poll(() => results.count()).toBe(2);
    expect(await results.first().innerText()).toMatch(/^accuracy of A\s+[\d.]+ %\s+[\d.]+ %$/);
    const losses = await results.nth(1).locator('td').allInnerTexts();
    expect(losses[0]).not.toBe(losses[1]);
    expect(await panel.locator('.recalibration').innerText()).toMatch(/A’s accuracy on the test set/);
  });

  it('are the recalibrated ones right after recalibrating', async () => {
    const { lab, panel } = await open('statistics', ';stop_steps=30');
    await train(lab, 30);
    await panel.getByRole('button', { name: 'Recalibrate' }).click();
    await panel.locator('.recalibration table').waitFor();
    await panel.getByText('The statistics of A as a table').click();
    const cells = panel.locator('section table').first().locator('tbody tr').first().locator('td');
    // The columns: μ of the last batch, running, recalibrated, and the same for σ².
    await expect
      .poll(async () => {
        const [, running, recalibrated, , spread, again] = await cells.allInnerTexts();
        return running === recalibrated && spread === again && running !== undefined;
      })
      .toBe(true);
  });

  it('say that there are none where nothing normalises by the batch', async () => {
    const { panel } = await open('statistics', ';norm=none');
    expect(await textOf(panel)).toContain('has a layer with batch statistics');
  });
});

describe('slow motion', () => {
  it('walks one mini-batch through nine stages by keyboard, and back', async () => {
    const { page, lab, panel } = await open('slow-motion');
    await panel.getByRole('button', { name: 'Draw a mini-batch' }).click();
    const title = panel.locator('section h4');
    await expect.poll(() => title.innerText()).toBe('1. Draw a mini-batch');
    expect(await lab.locator('bn-lab-run-bar .status b').innerText()).toBe('1');
    await expect
      .poll(() =>
        panel.getByRole('button', { name: 'Next ›' }).evaluate((button) => button.matches(':focus')),
      )
      .toBe(true);
    await page.keyboard.press('ArrowRight');
    expect(await title.innerText()).toBe('2. Forward to unit 0');
    await page.keyboard.press('Space');
    expect(await title.innerText()).toBe('3. Measure the batch: μ and σ²');
    expect(await panel.locator('.formula').count()).toBe(2);
    await page.keyboard.press('ArrowLeft');
    expect(await title.innerText()).toBe('2. Forward to unit 0');
    for (let stage = 2; stage < 9; stage++) await page.keyboard.press('ArrowRight');
    expect(await title.innerText()).toBe('9. Running statistics: what inference mode will use');
    expect(await textOf(panel)).toContain('Now at full speed');
  });

  it('tells what the network without BN does not do', async () => {
    const { panel } = await open('slow-motion');
    await panel.getByRole('button', { name: 'Draw a mini-batch' }).click();
    await panel.getByRole('radio', { name: 'B' }).check({ force: true });
    await panel.getByRole('button', { name: 'x̂', exact: true }).click();
    expect(await panel.locator('section').innerText()).toContain(
      'Skipped. B does not normalise in hidden 1.',
    );
  });

  it('makes the next step only when the next batch is drawn', async () => {
    const { lab, panel } = await open('slow-motion');
    await panel.getByRole('button', { name: 'Draw a mini-batch' }).click();
    await panel.getByRole('button', { name: 'running' }).click();
    const step = lab.locator('bn-lab-run-bar .status b');
    expect(await step.innerText()).toBe('1');
    await panel.getByRole('button', { name: 'Draw the next mini-batch' }).click();
    await expect.poll(() => step.innerText()).toBe('2');
    expect(await panel.locator('section h4').innerText()).toBe('1. Draw a mini-batch');
  });
});

describe('divergence', () => {
  it('says where, when, which value, and what to try; the other network goes on', async () => {
    const { lab, panel } = await open('divergence', ';lr=100;gain=5');
    expect(await textOf(panel)).toBe('All numbers are finite so far.');
    await lab.locator('bn-lab-run-bar button.run').click();
    const event = panel.getByRole('status').locator('section').first();
    await event.waitFor();
    expect(await event.locator('h4').innerText()).toMatch(
      /^B diverged at step \d+: in .* · .*, .* (∞|−∞|is not a number)/,
    );
    expect(await event.innerText()).toContain('Lower the learning rate (it is 100)');
    await lab.getByRole('button', { name: 'Rewind' }).click();
    await expect.poll(() => textOf(panel)).toBe('All numbers are finite so far.');
  });
});

describe('all four', () => {
  it.each(['light', 'dark'] as const)('are accessible and fit a phone, %s', async (colorScheme) => {
    const { page, lab } = await open('layers,statistics,slow-motion,divergence', ';stop_steps=20', {
      ...PHONE,
      colorScheme,
    });
    await train(lab, 20);
    const slowMotion = lab.locator('bn-lab-slow-motion');
    await slowMotion.scrollIntoViewIfNeeded();
    await slowMotion.getByRole('button', { name: 'Draw a mini-batch' }).click();
    await slowMotion.getByRole('button', { name: 'Next ›' }).waitFor();
    for (const panel of ['layers', 'statistics']) {
      await lab.locator(`bn-lab-${panel}`).scrollIntoViewIfNeeded();
      await lab.locator(`bn-lab-${panel} figure`).first().waitFor();
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });
});
