import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

/** What readers of different kinds run into: without a mouse, with their own data, with a link that does not work. */
const site = useSite();

async function open(
  link: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; lab: Locator; run: Locator }> {
  const page = await site.open(`lab.html#lab=${link}`, { reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(10_000);
  const lab = page.locator('bn-lab');
  return { page, lab, run: lab.locator('bn-lab-run-bar button.run:enabled') };
}

/** What has the focus, and whether the run bar, which stays in sight, hides it. */
function focused(page: Page): Promise<{ name: string; hidden: boolean }> {
  return page.evaluate(() => {
    let at = document.activeElement as HTMLElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement as HTMLElement;
    const bar = document.querySelector('bn-lab')!.shadowRoot!.querySelector('bn-lab-run-bar')!;
    const [it, over] = [at.getBoundingClientRect(), bar.getBoundingClientRect()];
    const own = at.getRootNode() === bar.shadowRoot;
    const hidden = !own && it.bottom <= over.bottom && it.top >= over.top;
    return { name: (at.getAttribute('aria-label') ?? at.textContent).trim(), hidden };
  });
}

describe('without a mouse', () => {
  it('Tab goes through the whole Lab and back, and nothing it comes to is hidden', async () => {
    const { page, run } = await open('1;panels=trace,export', { viewport: { width: 360, height: 740 } });
    await run.waitFor();
    await page.locator('bn-lab-export').getByRole('button', { name: 'Save as CSV' }).waitFor();
    const seen: string[] = [];
    const unseen: string[] = [];
    const press = async (key: string) => {
      await page.keyboard.press(key);
      const { name, hidden } = await focused(page);
      seen.push(name);
      if (hidden) unseen.push(name);
    };
    while (seen.length < 90 && seen.at(-1) !== 'Save as CSV') await press('Tab');
    for (const name of ['Epoch', 'Speed', 'Loss and accuracy', 'Values at a step', 'Save as CSV'])
      expect(seen).toContain(name);
    for (const _ of Array.from(seen)) await press('Shift+Tab');
    expect(unseen).toEqual([]);
  });
});

describe('own data', () => {
  it('with values to predict over two features offers no map, and says what large values need', async () => {
    const { page, lab, run } = await open('1;data=csv');
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 7},${20 + (i % 40)}.5`);
    await page.locator('bn-lab-csv input[type=file]').setInputFiles({
      name: 'ages.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['height,weight,age', ...rows].join('\n')),
    });
    await lab.getByText(/^The numbers to predict are taken as they are\./).waitFor();
    await lab.getByRole('button', { name: 'Use these 60 examples' }).click();
    await run.waitFor();
    await expect
      .poll(() => lab.locator('.chooser button').allInnerTexts())
      .not.toContain('What they predict');
  });
});

describe('a link for a lesson', () => {
  it('can be given a title, which whoever opens it reads', async () => {
    const { page, lab, run } = await open('1;lr=0.3');
    await run.waitFor();
    await lab.getByRole('button', { name: /Share and keep/ }).click();
    const title = lab.getByLabel('Title, for whoever opens the link or the file');
    await title.fill('Monday: why so fast?');
    await title.press('Enter');
    await lab.getByRole('heading', { name: 'Monday: why so fast?' }).waitFor();
    await expect.poll(() => page.url()).toContain(';title=Monday');
    await page.reload();
    await lab.getByRole('heading', { name: 'Monday: why so fast?' }).waitFor();
    await run.waitFor();
    await lab.getByRole('button', { name: /Share and keep/ }).click();
    expect(await title.inputValue()).toBe('Monday: why so fast?');
    await title.fill('');
    await title.press('Tab');
    await expect.poll(() => page.url()).toMatch(/#lab=1;lr=0\.3$/);
  });
});

describe('before there are data', () => {
  it('every panel is accessible', async () => {
    const { page, lab } = await open(
      '1;data=csv;panels=trace,map,pictures,mates,layers,statistics,sweep,bands',
    );
    await lab.getByText('No table has been opened yet.').first().waitFor();
    await lab.locator('bn-lab-bands button').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('a link to what cannot be trained', () => {
  it('leaves the setting in sight that has to be changed', async () => {
    const { lab, run } = await open('1;net=conv');
    await expect.poll(() => lab.getByRole('alert').innerText()).toContain('convolutions need pictures');
    expect(await lab.locator('bn-lab-run-bar').getByText('There is nothing to train').count()).toBe(1);
    await lab.getByLabel('Network (starts anew)', { exact: true }).selectOption('dense');
    await run.waitFor();
    expect(await lab.getByRole('alert').count()).toBe(0);
  });
});

describe('what is drawn', () => {
  it('of a network that has diverged is as much as there is', async () => {
    // Squares of its outputs are beyond float32, its outputs soon after.
    const { lab, run } = await open('1;lr=1000;panels=trace,map,mates,layers,statistics');
    await run.click();
    await lab.getByRole('heading', { name: 'Divergence' }).waitFor();
    await lab.getByRole('button', { name: 'Draw 50 times' }).click();
    const said = lab.locator('bn-lab-mates').getByText('In 50 draws');
    await expect
      .poll(() => said.textContent())
      .toMatch(/A’s output in training mode is no finite number in 50 of 50 draws/);
  });

  it('of a very large network is a coarser picture, so that it comes soon', async () => {
    const { lab, run } = await open(`1;hidden=${Array(6).fill(256).join(',')};panels=map;compare=off`);
    await run.waitFor();
    expect(await lab.locator('bn-lab-regions input[type=range]').first().getAttribute('max')).toBe('23');
    await lab.getByRole('button', { name: 'Step one batch' }).click();
    await lab.locator('bn-lab-map').getByText('A’s pictures as a table').click();
    await expect.poll(() => lab.locator('bn-lab-map table.numbers tbody tr').count()).toBeGreaterThan(8);
  });

  it('marks only round numbers along a feature', async () => {
    const { page, lab, run } = await open('1;data=regression;panels=map');
    await page.addInitScript(() => {
      const { fillText } = CanvasRenderingContext2D.prototype;
      const texts = ((window as unknown as { texts: string[] }).texts = [] as string[]);
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        texts.push(text);
        fillText.call(this, text, ...place);
      };
    });
    await page.reload();
    await run.waitFor();
    await lab.getByRole('button', { name: 'Step one batch' }).click();
    const texts = () => page.evaluate(() => (window as unknown as { texts: string[] }).texts);
    await expect.poll(texts).toContain('−1');
    expect((await texts()).filter((text) => text.length > 5)).toEqual([]);
  });
});
