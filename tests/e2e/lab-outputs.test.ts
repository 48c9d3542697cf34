import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

const site = useSite();

/** What the Lab shows of its networks' outputs: charts, maps, batch-mates and pictures. */
async function open(
  link: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; lab: Locator; panel: (tag: string) => Locator }> {
  const page = await site.open(`lab.html#lab=1;${link}`, options);
  page.setDefaultTimeout(10_000);
  const lab = page.locator('bn-lab');
  await lab.locator('bn-lab-run-bar button.run:enabled').waitFor();
  return { page, lab, panel: (tag) => lab.locator(`bn-lab-${tag}`) };
}

const run = (lab: Locator) => lab.locator('bn-lab-run-bar button.run').click();

/** Runs until it has stopped by itself after so many steps. */
async function trained(lab: Locator, steps: number): Promise<void> {
  await run(lab);
  await expect.poll(() => lab.locator('bn-lab-run-bar .status b').innerText()).toBe(`${steps}`);
  await lab.getByRole('status').last().getByText('Stopped after').waitFor({ state: 'attached' });
}

/** How many colours there are on a canvas. */
function colours(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(element, 0, 0);
    return new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)).size;
  });
}

describe('loss and accuracy', () => {
  it('are shown on the test set in both modes for both networks, and said in a sentence', async () => {
    const { lab, panel } = await open('panels=trace;stop_steps=60');
    await trained(lab, 60);
    const trace = panel('trace');
    const rows = trace.locator('.values tbody tr');
    await expect
      .poll(() => rows.locator('th').allInnerTexts())
      .toEqual([
        'A, test set, training mode',
        'A, test set, inference mode',
        'B, test set, training mode',
        'B, test set, inference mode',
        'A, test set, gap',
        'B, test set, gap',
      ]);
    const [loss = ''] = await rows.nth(1).locator('td').allInnerTexts();
    expect(await trace.locator('figcaption').innerText()).toContain(`A has loss ${loss} and`);
    expect(await rows.nth(5).locator('td').allInnerTexts()).toEqual(['0.0000', '0.0 %']);
  });

  it('offer the other sets, and log scales, by choice', async () => {
    const { lab, panel } = await open('panels=trace;stop_steps=30');
    await trained(lab, 30);
    const trace = panel('trace');
    for (const name of ['training set', 'last batch', 'batches since the last point'])
      await trace.getByLabel(name, { exact: true }).check();
    await trace.getByLabel('B', { exact: true }).uncheck();
    await trace.getByLabel('inference mode', { exact: true }).uncheck();
    await trace.getByLabel('gap between them', { exact: true }).uncheck();
    const rows = trace.locator('.values tbody th');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([
        'A, test set, training mode',
        'A, training set, training mode',
        'A, last batch, training mode',
        'A, batches since the last point, training mode',
      ]);
    await trace.getByLabel('loss', { exact: true }).check();
    await trace.getByRole('heading', { name: 'Loss, log scale' }).waitFor();
  });

  it('are read at a step with the keyboard and with the mouse, and else follow the newest', async () => {
    const { page, lab, panel } = await open('panels=trace;stop_steps=100');
    await trained(lab, 100);
    const head = panel('trace').locator('.values thead th').first();
    await expect.poll(() => head.innerText()).toMatch(/^After step 100/);
    await panel('trace').getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('Home');
    await expect.poll(() => head.innerText()).toMatch(/^After step 0/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => head.innerText()).not.toMatch(/^After step (0|100)\b/);
    await page.keyboard.press('End');
    const chart = panel('trace').locator('bn-lab-trace-plot').first();
    await chart.hover();
    await expect.poll(() => head.innerText()).toMatch(/^After step [3-6]\d/);
    await head.hover();
    await expect.poll(() => head.innerText()).toMatch(/^After step 100/);
    await run(lab);
    await expect.poll(() => head.innerText()).toMatch(/^After step 200/);
  });

  it('have a table of all steps', async () => {
    const { lab, panel } = await open('panels=trace;stop_steps=50');
    await trained(lab, 50);
    await panel('trace').getByText('The charts as a table').click();
    const table = panel('trace').getByRole('group', { name: 'The charts as a table' });
    await expect.poll(() => table.locator('tbody th').last().innerText()).toBe('50');
    expect(await table.locator('tbody tr').first().locator('td').count()).toBe(8);
  });

  it('leave accuracy out where values are predicted', async () => {
    const { lab, panel } = await open('panels=trace;data=regression;stop_steps=20');
    await trained(lab, 20);
    await panel('trace').getByRole('heading', { name: 'Loss', exact: true }).waitFor();
    expect(await panel('trace').getByRole('heading', { name: 'Accuracy', exact: true }).count()).toBe(0);
  });
});

describe('what they predict', () => {
  it('is drawn for both networks in both modes, and read at any place', async () => {
    const { page, lab, panel } = await open('panels=map;stop_steps=200');
    await trained(lab, 200);
    const canvases = panel('regions').locator('.map canvas');
    expect(await canvases.count()).toBe(4);
    for (const canvas of await canvases.all()) await expect.poll(() => colours(canvas)).toBeGreaterThan(100);
    await panel('regions').getByRole('slider', { name: 'across' }).focus();
    await page.keyboard.press('End');
    const rows = panel('regions').locator('.reading tbody tr');
    await expect.poll(() => rows.first().locator('td').first().innerText()).toMatch(/^class [01]$/);
    const outputs = await Promise.all([0, 1, 2, 3].map((row) => rows.nth(row).locator('td').allInnerTexts()));
    expect(outputs[2]).toEqual(outputs[3]);
    expect(outputs[0]).not.toEqual(outputs[1]);
    expect(await panel('regions').locator('figcaption').innerText()).toMatch(
      /A predicts another class .* in .* % of the picture.*B predicts the same in both modes everywhere/s,
    );
  });

  it('can be one network’s, in flat regions, without the examples', async () => {
    const { lab, panel } = await open('panels=map;stop_steps=50');
    await trained(lab, 50);
    const regions = panel('regions');
    await regions.getByLabel('A', { exact: true }).check();
    await expect.poll(() => regions.locator('.map').count()).toBe(2);
    await regions.getByLabel('training examples').uncheck();
    await regions.getByLabel('test examples').uncheck();
    await regions.getByLabel('last batch ringed').uncheck();
    const soft = await colours(regions.locator('canvas').first());
    await regions.getByLabel('hard regions').check();
    await expect.poll(() => colours(regions.locator('canvas').first())).toBeLessThan(soft);
  });

  it('stands in a table too', async () => {
    const { lab, panel } = await open('panels=map;stop_steps=20');
    await trained(lab, 20);
    await panel('regions').getByText('A’s pictures as a table').click();
    await expect
      .poll(() =>
        panel('regions').getByRole('group', { name: 'A’s pictures as a table' }).locator('td').count(),
      )
      .toBe(81);
  });

  it('is a curve where there is one feature', async () => {
    const { page, lab, panel } = await open('panels=map;data=regression;stop_steps=50');
    await trained(lab, 50);
    await panel('curve').getByRole('slider', { name: 'Feature' }).focus();
    await page.keyboard.press('ArrowRight');
    const values = panel('curve').locator('.values td');
    await expect.poll(() => values.first().innerText()).toMatch(/^−?\d/);
    expect(await panel('curve').locator('figcaption').innerText()).toContain(
      'B’s curve is the same in both modes.',
    );
  });
});

describe('batch-mates', () => {
  it('move the prediction in training mode, and in inference mode not', async () => {
    const { lab, panel } = await open('panels=mates;batch=8;stop_steps=100');
    await trained(lab, 100);
    const mates = panel('mates');
    await mates.getByRole('button', { name: 'Draw 50 times' }).click();
    const caption = mates.locator('figcaption');
    await expect
      .poll(() => caption.innerText())
      .toMatch(/^In 50 draws of 7 batch-mates: A’s margin moves between/);
    expect(await caption.innerText()).toMatch(
      /in inference mode it stays at .* B’s margin is .* whoever the batch-mates are/s,
    );
    await mates.getByText('The draws as a table').click();
    const rows = mates.getByRole('group', { name: 'The draws as a table' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(50);
    const cells = (column: number) => rows.locator(`td:nth-of-type(${column})`).allInnerTexts();
    expect(new Set(await cells(1)).size).toBeGreaterThan(10);
    expect(new Set(await cells(2)).size).toBe(1);
  });

  it('are the same again for the same example, and of an example one clicks', async () => {
    const { lab, panel } = await open('panels=mates;stop_steps=50');
    await trained(lab, 50);
    const mates = panel('mates');
    const draw = async () => {
      await mates.getByRole('button', { name: 'Draw batch-mates' }).click();
      await expect.poll(() => mates.locator('figcaption').innerText()).toMatch(/^In one draw/);
      return mates.locator('figcaption').innerText();
    };
    const first = await draw();
    await mates.getByRole('button', { name: 'Clear' }).click();
    expect(await draw()).toBe(first);
    await mates.locator('canvas').click({ position: { x: 150, y: 120 } });
    await expect.poll(() => mates.getByLabel('Example', { exact: true }).inputValue()).not.toBe('0');
    expect(await draw()).not.toBe(first);
    // A larger batch moves it less, and there are no more mates than examples.
    await mates.getByLabel('in a batch of').fill('100000');
    await mates.getByLabel('in a batch of').press('Tab');
    expect(await mates.getByLabel('in a batch of').inputValue()).toBe('32');
  });

  it('are looked at again when the weights have changed', async () => {
    const { lab, panel } = await open('panels=mates;stop_steps=20');
    await trained(lab, 20);
    await panel('mates').getByRole('button', { name: 'Draw batch-mates' }).click();
    const caption = panel('mates').locator('figcaption');
    await expect.poll(() => caption.innerText()).toMatch(/^In one draw/);
    const before = await caption.innerText();
    await lab.getByRole('button', { name: 'Step one batch' }).click();
    await expect.poll(() => caption.innerText()).not.toBe(before);
    expect(await caption.innerText()).toMatch(/^In one draw/);
  });
});

describe('pictures', () => {
  it('show what each is taken for, and count the confusion in both modes', async () => {
    const { lab, panel } = await open('panels=pictures;data=glyphs;stop_steps=60');
    await trained(lab, 60);
    const pictures = panel('pictures');
    await expect.poll(() => pictures.locator('.pictures li').count()).toBe(24);
    expect(await colours(pictures.locator('canvas').first())).toBeGreaterThan(10);
    expect(await pictures.locator('.pictures dd').first().innerText()).toMatch(/^\d [✓✗]/);
    const right = async (matrix: Locator) =>
      (await matrix.locator('td.same').allInnerTexts()).reduce((sum, text) => sum + Number(text), 0);
    const [training, inference] = [0, 1].map((at) => pictures.locator('table.confusion').nth(at));
    const said = await pictures.locator('figcaption').innerText();
    expect(said).toContain(`${await right(inference!)} of`);
    expect(said).toContain(String(await right(training!)));
    await pictures.getByLabel('B', { exact: true }).check();
    await expect
      .poll(() => pictures.locator('figcaption').innerText())
      .toMatch(/^B gets .* right in both modes/);
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' },
  { width: 320, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme', ({ width, colorScheme }) => {
  it.each(['panels=trace,map,mates;stop_steps=20', 'panels=pictures,mates;data=glyphs;stop_steps=20'])(
    'fits and has no accessibility violation: %s',
    async (link) => {
      const { page, lab } = await open(link, { colorScheme, viewport: { width, height: 800 } });
      await trained(lab, 20);
      await lab.getByRole('button', { name: 'Draw batch-mates' }).click();
      await lab.locator('bn-lab-mates figcaption').getByText('In one draw').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await violations(page)).toEqual([]);
    },
  );
});
