import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';

/** The figure of the home page. Its numbers are the engine's; here they are checked where they are easily known. */
describe('<bn-hero>', () => {
  const site = useSite();

  async function opened(): Promise<{
    page: Page;
    point: (i: number) => Locator;
    row: (name: string) => Promise<string[]>;
  }> {
    const page = await site.open('');
    const hero = page.locator('bn-hero');
    await hero.locator('svg.lines').waitFor();
    return {
      page,
      point: (i) => hero.getByRole('slider', { name: `x ${i}` }),
      row: (name) =>
        hero
          .locator('.values tr', { has: page.locator(`th.${name}[scope="row"]`) })
          .locator('td')
          .allInnerTexts(),
    };
  }

  it('is there to be moved without scrolling, on a phone too', async () => {
    const page = await site.open('', { viewport: { width: 360, height: 640 }, hasTouch: true });
    const hero = page.locator('bn-hero');
    const marks = hero.locator('svg.lines :is(circle.dot, .xhat .mark)');
    await marks.first().waitFor();
    const bottoms = await marks.evaluateAll((all) => all.map((mark) => mark.getBoundingClientRect().bottom));
    expect(bottoms).toHaveLength(8);
    expect(Math.max(...bottoms)).toBeLessThan(640);
  });

  it('starts with the worked example', async () => {
    const { row } = await opened();
    expect(await row('x')).toEqual(['2.00', '4.00', '6.00', '8.00', '5.00', '2.24']);
    expect(await row('xhat')).toEqual(['−1.34', '−0.45', '0.45', '1.34', '0.00', '1.00']);
    expect(await row('y')).toEqual(['−2.18', '−0.39', '1.39', '3.18', '0.50', '2.00']);
  });

  it('moves a point by keyboard, and says what became of it', async () => {
    const { page, point, row } = await opened();
    await point(4).focus();
    for (const key of ['ArrowRight', 'PageDown', 'Shift+ArrowRight', 'ArrowLeft', 'PageUp'])
      await page.keyboard.press(key);
    await expect.poll(() => row('x')).toEqual(['2.00', '4.00', '6.00', '9.00', '5.25', '2.59']);
    await page.keyboard.press('Home');
    await expect
      .poll(() => point(4).getAttribute('aria-valuetext'))
      .toMatch(/^−8\.0; x hat −1\.6\d, y −2\.8\d$/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    expect(await point(4).getAttribute('aria-valuenow')).toBe('10');
  });

  it('moves a point by dragging it, and to where one clicks', async () => {
    const { page, point } = await opened();
    const from = await center(point(1));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x - 200, from.y, { steps: 5 });
    await page.mouse.up();
    const dragged = Number(await point(1).getAttribute('aria-valuenow'));
    expect(dragged).toBeLessThan(0);

    const last = await center(point(4));
    await page.mouse.click(last.x + 40, last.y);
    expect(Number(await point(4).getAttribute('aria-valuenow'))).toBeGreaterThan(8.5);
    expect(Number(await point(1).getAttribute('aria-valuenow'))).toBe(dragged);
  });

  it('scales by γ, shifts by β and goes back', async () => {
    const { page, row } = await opened();
    await page.getByRole('slider', { name: 'γ scale' }).fill('-1');
    await page.getByRole('slider', { name: 'β shift' }).fill('3');
    await expect.poll(() => row('y')).toEqual(['4.34', '3.45', '2.55', '1.66', '3.00', '1.00']);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => row('y')).toEqual(['−2.18', '−0.39', '1.39', '3.18', '0.50', '2.00']);
    expect(await page.getByRole('button', { name: 'Reset' }).isDisabled()).toBe(true);
  });

  it('keeps the fixed numbers and says why when the engine cannot start', async () => {
    const page = await site.open('');
    await page.route('**/*.wasm', (route) =>
      route.fulfill({ contentType: 'application/wasm', body: 'no engine' }),
    );
    await page.reload();
    expect(await page.getByRole('alert').innerText()).toMatch(/^[A-Z].*\.$/);
    expect(await page.locator('bn-hero table').innerText()).toContain('−1.34');
  });
});

async function center(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.locator('circle.dot').boundingBox();
  if (!box) throw new Error('the point is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
