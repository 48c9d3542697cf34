import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './browser.ts';

/** Examples of the visitor's own in the Lab: a table that someone else made, and points that are drawn. */
const site = useSite();

/** Flowers as they come: a column of text, two bad cells, a decimal point, names in the first row. */
const FLOWERS = [
  'length,width,island,species',
  ...Array.from({ length: 60 }, (_, i) => {
    const kind = i % 3;
    const width = i === 10 ? 'n/a' : i === 20 ? '' : (1 + kind + (i % 7) / 10).toFixed(1);
    return `${(4 + 2 * kind + (i % 5) / 10).toFixed(1)},${width},Biscoe,${['rosa', 'viola', 'iris'][kind]}`;
  }),
].join('\r\n');

async function openTable(page: Page, text: string, name = 'flowers.csv'): Promise<void> {
  await page
    .locator('bn-lab-csv input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

/** Trains one epoch and waits until it is shown. */
async function trainAnEpoch(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Epoch' }).click();
  await page
    .locator('bn-lab-run-bar')
    .getByText(/epoch\s*1\b/)
    .waitFor();
}

test('a table of someone else’s is opened, its bad cells told, and trained on', async () => {
  const page = await site.open('lab.html#lab=1;data=csv');
  await openTable(page, FLOWERS);
  const csv = page.locator('bn-lab-csv');
  await csv.getByText('58 examples of 2 features; 3 classes: iris, rosa, viola.').waitFor();
  expect(await csv.locator('.problem li').allInnerTexts()).toEqual([
    'Row 12, column “width”: “n/a” is not a number',
    'Row 22, column “width”: the cell is empty',
  ]);
  await csv.getByRole('button', { name: 'Use these 58 examples' }).click();
  await csv.getByText('They are in the Lab.').waitFor();
  await trainAnEpoch(page);

  // What cannot be read is said where it was brought, and the Lab stays as it was.
  await openTable(page, 'no table at all', 'letter.txt');
  await csv.getByText('Only one column was found.').waitFor();
  await page.getByRole('button', { name: 'Step one batch' }).click();
});

test('a number can be predicted instead of a class, and pasted cells do as well as a file', async () => {
  const page = await site.open('lab.html#lab=1;data=csv', { viewport: { width: 360, height: 800 } });
  const csv = page.locator('bn-lab-csv');
  await csv.getByText('Paste instead').click();
  const cells = Array.from({ length: 40 }, (_, i) => `${i / 10}\t${(i * i) / 100}`.replaceAll('.', ','));
  await csv.locator('textarea').fill(['size\tweight', ...cells].join('\n'));
  await csv.getByRole('button', { name: 'Read' }).click();
  await csv.getByText('40 examples of 1 feature; a number to predict.').waitFor();
  expect(await csv.getByText('numbers with decimal commas').count()).toBe(1);
  await csv.getByRole('button', { name: 'Use these 40 examples' }).click();
  await trainAnEpoch(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('points are drawn by mouse, keyboard, touch and text, taken back, and trained on', async () => {
  const page = await site.open('lab.html#lab=1;data=drawn', { hasTouch: true });
  const draw = page.locator('bn-lab-draw');
  const pad = draw.locator('svg.pad');
  /** A place on the pad, wherever the page has been scrolled to. */
  const at = async (x: number, y: number) => {
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    return [box.x + x * box.width, box.y + y * box.height] as const;
  };
  const count = (points: number) =>
    draw.getByRole('button', { name: `Use these ${points} points` }).waitFor();

  // A stroke: several points, one step back.
  await page.mouse.move(...(await at(0.2, 0.3)));
  await page.mouse.down();
  await page.mouse.move(...(await at(0.4, 0.3)), { steps: 20 });
  await page.mouse.up();
  await count(6);
  await draw.getByRole('button', { name: 'Undo' }).click();
  await draw.getByText('It takes points of two classes or more.').waitFor();
  await draw.getByRole('button', { name: 'Redo' }).click();
  await count(6);

  await pad.focus();
  for (const key of ['2', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Enter', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key);
  await count(8);
  await page.keyboard.press('Delete');
  await count(7);
  await page.touchscreen.tap(...(await at(0.7, 0.7)));
  await count(8);

  await draw.getByText('The points as text').click();
  const text = draw.getByLabel('x, y and class, a line for each point');
  const lines = (await text.inputValue()).split('\n');
  expect(lines).toHaveLength(8);
  await text.fill(`${lines.join('\n')}\n0.5, 0.5, 9`);
  await text.blur();
  await draw.getByText('line 9 is “0.5, 0.5, 9”').waitFor();
  await text.fill(`${lines.join('\n')}\n0.5, 0.5, 3`);
  await text.blur();
  await count(9);
  await draw.getByRole('button', { name: 'Use these 9 points' }).click();
  await draw.getByText('They are in the Lab.').waitFor();
  await trainAnEpoch(page);
});
