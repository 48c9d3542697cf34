import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

const CHAPTER = 'a-batch-normalised.html';
const site = useSite();

/** The figure on the page of its chapter, in the state of a link. */
async function open(
  link = '1',
  options: BrowserContextOptions = {},
): Promise<{ page: Page; figure: Figure }> {
  const page = await site.open(`${CHAPTER}#we=${link}`, { reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(10_000);
  const figure = new Figure(page, page.locator('bn-worked-example').first());
  await figure.ready();
  return { page, figure };
}

/** The figure as its reader sees it. */
class Figure {
  constructor(
    readonly page: Page,
    readonly element: Locator,
  ) {}

  /** With the engine's first numbers. */
  async ready(): Promise<void> {
    await this.element.locator('.panel .steps li, bn-running-view td.training').first().waitFor();
  }

  cell(name: string): Locator {
    return this.element.locator(`td[data-cell="${name}"]`);
  }

  input(field: string): Locator {
    return this.element.locator(`input[data-field="${field}"]`);
  }

  button(name: string | RegExp): Locator {
    return this.element.getByRole('button', { name, exact: typeof name === 'string' });
  }

  tab(name: string): Locator {
    return this.element.getByRole('tab', { name });
  }

  step(name: string): Locator {
    return this.element.locator('.steps').getByRole('button', { name });
  }

  get arithmetic(): Locator {
    return this.element.locator('.arithmetic');
  }

  get problem(): Locator {
    return this.element.locator('.problem');
  }

  async x(): Promise<string[]> {
    return this.element
      .locator('bn-walk-grid input[data-field^="x."]')
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  }

  /** The texts of one column, without the blanks that line them up. */
  async column(name: string): Promise<string[]> {
    const texts = await this.element.locator(`tbody td[data-cell^="${name}."]`).allInnerTexts();
    return texts.map((text) => text.trim());
  }

  async single(name: string): Promise<string> {
    return this.cell(name).locator('.value').innerText();
  }

  /** The middle of an element, scrolled into view. */
  async middle(of: Locator): Promise<{ x: number; y: number }> {
    await of.scrollIntoViewIfNeeded();
    const box = await of.boundingBox();
    if (!box) throw new Error('not on the page');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Types a number as a reader does, and leaves the cell. */
  async type(field: string, text: string): Promise<void> {
    await this.input(field).click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Tab');
  }

  async paste(field: string, text: string): Promise<void> {
    await this.input(field).evaluate((input, data) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', data);
      input.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true }),
      );
    }, text);
  }
}

const Y = ['−2.1833', '−0.3944', '1.3944', '3.1833'];

describe('the forward walk', () => {
  it('makes its cells in seven steps, forward and back', async () => {
    const { page, figure } = await open();
    const current = figure.element.locator('.steps [aria-current="step"]');
    expect(await figure.element.locator('.steps li').count()).toBe(7);
    expect(await figure.column('xhat')).toEqual([]);
    const made = async () => {
      const texts = await Promise.all(['centered', 'xhat', 'scaled', 'y'].map((name) => figure.column(name)));
      return texts.map((column) => column.length);
    };
    const seen: unknown[] = [];
    for (let step = 1; step < 7; step++) {
      await figure.button('Next ›').click();
      await expect.poll(() => current.innerText()).toContain(String(step + 1));
      seen.push(await made());
    }
    expect(seen).toEqual([
      [0, 0, 0, 0],
      [4, 0, 0, 0],
      [4, 4, 0, 0],
      [4, 4, 4, 0],
      [4, 4, 4, 4],
      [4, 4, 4, 4],
    ]);
    expect(await figure.button('Next ›').isDisabled()).toBe(true);
    expect([await figure.single('mean'), await figure.single('var'), await figure.single('std')]).toEqual([
      '5',
      '5',
      '2.2361',
    ]);
    expect(await figure.column('xhat')).toEqual(['−1.3416', '−0.4472', '0.4472', '1.3416']);
    expect(await figure.column('y')).toEqual(Y);

    await figure.button('‹ Back').click();
    const panel = figure.element.locator('section.panel:not(.closed)');
    await expect.poll(() => panel.locator('h4').innerText()).toBe('Shift by β');
    expect(await panel.locator('.note').innerText()).toMatch(/−0\.39 and 1\.39.*−0\.40 and 1\.40/s);
    await figure.step('Variance').click();
    await expect.poll(() => panel.locator('.worked').innerText()).toContain('20');
    await current.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'Home', 'ArrowRight'])
      await page.keyboard.press(key);
    await expect.poll(() => current.innerText()).toContain('Mean');
    expect(await figure.element.locator('.steps :focus').innerText()).toContain('Mean');
  });

  it.each(['none', 'active'] as const)(
    'lets its main button look like any other where it cannot be pressed (forced colours: %s)',
    async (forcedColors) => {
      const { figure } = await open('1;step=6', { forcedColors });
      const [back, next] = [figure.button('‹ Back'), figure.button('Next ›')];
      const look = (button: Locator) =>
        button.evaluate((element) => {
          const { backgroundColor, color, borderStyle } = getComputedStyle(element);
          return [backgroundColor, color, borderStyle];
        });
      const disabled = await look(next);
      await figure.step('Activations').click();
      await expect.poll(() => look(back)).toEqual(disabled);
      expect((await look(next))[0]).not.toBe(disabled[0]);
    },
  );

  it('moves nothing else when another step opens or a cell is looked at', async () => {
    const { figure } = await open();
    const top = async () => {
      const [whole, grid] = [
        await figure.element.boundingBox(),
        await figure.element.locator('bn-walk-grid').boundingBox(),
      ];
      return Math.round((grid?.y ?? 0) - (whole?.y ?? 0));
    };
    const before = await top();
    for (const name of ['Mean', 'Normalise', 'Shift', 'Next layer']) {
      await figure.step(name).click();
      expect(await top()).toBe(before);
    }
    await figure.cell('xhat.2').hover();
    await expect.poll(() => figure.arithmetic.locator('math').count()).toBeGreaterThan(2);
    expect(await top()).toBe(before);
  });

  it('shows the arithmetic of the cell pointed at, and lights up where it came from', async () => {
    const { figure } = await open('1;step=6');
    await figure.cell('xhat.2').hover();
    await expect
      .poll(async () => (await figure.arithmetic.innerText()).replace(/\s+/g, ''))
      .toContain('2.2361=0.4472');
    const lit = () =>
      figure.element
        .locator('td.source')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell')));
    expect(new Set(await lit())).toEqual(new Set(['x.2', 'mean', 'var', 'eps', 'centered.2', 'std']));
    expect(await figure.element.locator('td.looked').getAttribute('data-cell')).toBe('xhat.2');
  });

  it('connects a number in the formula with its cell, both ways', async () => {
    const { figure } = await open('1;step=6');
    await figure.cell('var').focus();
    await figure.arithmetic.locator('[data-cell="squared.1"]').hover();
    await expect.poll(() => figure.element.locator('td.lit').getAttribute('data-cell')).toBe('squared.1');
    await figure.cell('squared.2').hover();
    await expect.poll(() => figure.arithmetic.locator('.lit').getAttribute('data-cell')).toBe('squared.2');
    expect(await figure.element.locator('td.looked').getAttribute('data-cell')).toBe('var');
  });

  it('can be looked through with the arrow keys', async () => {
    const { page, figure } = await open('1;step=6');
    await figure.cell('xhat.0').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const cell = figure.element.locator('td:focus');
    expect(await cell.getAttribute('data-cell')).toBe('y.1');
    expect(await cell.getAttribute('aria-description')).toBe('y_2 = −0.8944 + 0.5 = −0.3944');
    await expect
      .poll(async () => (await figure.arithmetic.innerText()).replace(/\s+/g, ''))
      .toContain('0.5=−0.3944');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect(await cell.getAttribute('data-cell')).toBe('y_mean');
  });
});

describe('editing', () => {
  it('takes what is typed, with a point or a comma, and counts it as one step of undo', async () => {
    const { page, figure } = await open('1;step=6');
    await figure.type('x.3.0', '12,5');
    await expect.poll(() => figure.single('mean')).toBe('6.125');
    await figure.type('gamma', '-1');
    await expect.poll(() => figure.column('y')).toContain('1.5462');
    await page.keyboard.press('Control+z');
    await expect.poll(() => figure.input('gamma').inputValue()).toBe('2');
    await page.keyboard.press('Control+z');
    await expect.poll(() => figure.column('y')).toEqual(Y);
    expect(await figure.button('Undo').isDisabled()).toBe(true);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '12.5']);
    await figure.button('Reset').click();
    await expect.poll(() => figure.column('y')).toEqual(Y);
    await figure.button('Undo').click();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '12.5']);
    await figure.button('Redo').click();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '8']);
  });

  it('says what it expected and keeps the last valid result', async () => {
    const { page, figure } = await open('1;step=6');
    const x2 = figure.input('x.1.0');
    await x2.click();
    await page.keyboard.type('4e');
    expect(await figure.problem.count()).toBe(0);
    await page.keyboard.type('x');
    await expect
      .poll(() => figure.problem.innerText())
      .toMatch(/x, example 2: expected a number from .*“4ex”.*last valid value, 4, stays/);
    expect(await x2.getAttribute('aria-invalid')).toBe('true');
    expect(await figure.column('y')).toEqual(Y);
    await page.keyboard.press('Escape');
    await expect.poll(() => x2.inputValue()).toBe('4');
    expect(await figure.problem.count()).toBe(0);
    await figure.type('x.1.0', '1e12');
    await expect.poll(() => figure.problem.innerText()).toContain('got 1000000000000');
    await figure.type('x.1.0', '5');
    await expect.poll(() => figure.problem.count()).toBe(0);
    await expect.poll(() => figure.single('mean')).toBe('5.25');
  });

  it('steps with the arrow keys and goes on with Enter', async () => {
    const { page, figure } = await open('1;step=6');
    await figure.input('x.0.0').click();
    for (const key of ['ArrowUp', 'ArrowUp', 'Shift+ArrowUp', 'ArrowDown', 'PageDown', 'Enter', 'PageUp'])
      await page.keyboard.press(key);
    await expect.poll(() => figure.x()).toEqual(['2.1', '5', '6', '8']);
    await figure.input('gamma').click();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => figure.input('gamma').inputValue()).toBe('2.1');
  });

  it('can be dragged sideways, as one step of undo', async () => {
    const { page, figure } = await open('1;step=6');
    const { x, y } = await figure.middle(figure.input('x.3.0'));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 100, y, { steps: 10 });
    await page.mouse.up();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '10']);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await page.keyboard.press('Control+z');
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '8']);
    expect(await figure.button('Undo').isDisabled()).toBe(true);
  });

  it('rounds a long number until it is entered, and keeps it in full', async () => {
    const { page, figure } = await open('1;gamma=2.03354098612;x=2,4,6,1000000000;step=6');
    const gamma = figure.input('gamma');
    expect([await gamma.inputValue(), await figure.input('x.3.0').inputValue()]).toEqual(['2.0335', '1·10⁹']);
    expect(await gamma.getAttribute('title')).toBe('2.03354098612');
    await gamma.focus();
    expect(await gamma.inputValue()).toBe('2.03354098612');
    await page.keyboard.press('Tab');
    await expect.poll(() => gamma.inputValue()).toBe('2.0335');
    expect(new URL(page.url()).hash).toContain('gamma=2.03354098612;');
    await figure.type('gamma', '1.23456789');
    await expect.poll(() => new URL(page.url()).hash).toContain('gamma=1.23456789;');
    await expect.poll(() => gamma.inputValue()).toBe('1.2346');
    await gamma.click();
    expect(await gamma.inputValue()).toBe('1.23456789');
    expect(await gamma.evaluate((input: HTMLInputElement) => input.selectionEnd)).toBe(10);
  });

  it('has room on a phone for what a step of SGD leaves behind', async () => {
    const { figure } = await open('1;gamma=2.03354098612;beta=-0.375123456;step=6', {
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
    });
    for (const field of ['gamma', 'beta']) {
      const cut = await figure.input(field).evaluate((input) => input.scrollWidth - input.clientWidth);
      expect(cut).toBe(0);
    }
  });

  it('has ε on a logarithmic slider and as a number', async () => {
    const { page, figure } = await open('1;step=6');
    const slider = figure.element.getByRole('slider', { name: /ε/ });
    await slider.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.input('eps').inputValue()).toBe('0.0001');
    await figure.type('eps', '4');
    await expect.poll(() => figure.single('std')).toBe('3');
    expect(await slider.getAttribute('aria-valuetext')).toBe('4');
    await figure.type('eps', '0');
    await expect
      .poll(() => figure.problem.innerText())
      .toContain('ε: expected a number from 1e−12 to 10, got 0');
  });

  it('adds and removes examples and features', async () => {
    const { figure } = await open('1;step=6');
    await figure.button('Edit the batch').click();
    await figure.button('Add an example').click();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '8', '10']);
    await figure.button('Example 2').click();
    await figure.button('Remove example 2').click();
    await expect.poll(() => figure.x()).toEqual(['2', '6', '8', '10']);
    await figure.button('Add a feature').click();
    await expect.poll(() => figure.x()).toHaveLength(8);
    expect(await figure.input('gamma').inputValue()).toBe('1');
    await figure.type('gamma', '3');
    await figure.element.getByRole('radio', { name: '1', exact: true }).check({ force: true });
    await expect.poll(() => figure.input('gamma').inputValue()).toBe('2');
    await figure.button('Feature 2').click();
    await expect.poll(() => figure.input('gamma').inputValue()).toBe('3');
    await figure.button('Remove feature 2').click();
    await expect.poll(() => figure.x()).toEqual(['2', '6', '8', '10']);
  });

  it('shows the example it has added, and the one chosen in the picture, in a long batch', async () => {
    const { page, figure } = await open('1;preset=humps;step=6');
    const row = (example: number) => figure.element.locator('bn-walk-grid tbody tr').nth(example - 1);
    const inSight = async (example: number) => {
      const [head, shown, foot] = await Promise.all(
        [figure.element.locator('thead'), row(example), figure.element.locator('tfoot')].map((part) =>
          part.first().boundingBox(),
        ),
      );
      return head!.y + head!.height <= shown!.y + 1 && shown!.y + shown!.height <= foot!.y + 1;
    };
    expect(await inSight(32)).toBe(false);
    await figure.button('Edit the batch').click();
    await figure.button('Add an example').click();
    await expect.poll(() => figure.x()).toHaveLength(33);
    expect([await inSight(33), await inSight(1)]).toEqual([true, false]);
    await figure.element.getByRole('slider', { name: 'x, example 33', exact: true }).focus();
    const scrolled = await page.evaluate(() => scrollY);
    for (let example = 33; example > 3; example--) await page.keyboard.press('ArrowUp');
    await expect.poll(() => inSight(3)).toBe(true);
    expect(await inSight(33)).toBe(false);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  });

  it('takes cells from a spreadsheet, or says which are wrong and changes nothing', async () => {
    const { figure } = await open('1;step=6');
    await figure.paste('x.0.0', '1,5\t10\n2,5\t30\n3,5\t20\n4,5\t40\n');
    await expect.poll(() => figure.x()).toEqual(['1.5', '10', '2.5', '30', '3.5', '20', '4.5', '40']);
    await figure.paste('x.1.0', '9\n8\nseven');
    await expect.poll(() => figure.problem.innerText()).toContain('row 3, column 1: “seven” is not a number');
    expect(await figure.x()).toEqual(['1.5', '10', '2.5', '30', '3.5', '20', '4.5', '40']);
    await figure.button('Undo').click();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '8']);
    expect(await figure.problem.count()).toBe(0);

    await figure.button('Edit the batch').click();
    await figure.element.getByRole('textbox', { name: /Cells copied/ }).fill('3 5 7');
    await figure.button('Use as the batch').click();
    await expect.poll(() => figure.x()).toEqual(['3', '5', '7']);
  });

  it.each([
    ['One example', /y = β whatever x is/, 'Here x̂ = 0 and y = 0.5; β = 0.5.'],
    ['Two examples', /−1 and 1/, 'The largest |x̂| is 0.9999; √(m − 1) = 1.'],
    ['A constant feature', /ε rules/, 'σ² = 0, ε = 0.00001'],
    ['An outlier', /below √\(m − 1\)/, 'The largest |x̂| is 2.6412; √(m − 1) = 2.6458.'],
    ['A huge mean', /x̂ and y are what they were/, 'μ = 10005'],
    ['Two humps', /two humps stay two humps/, 'Skewness'],
    ['Three features', /its own μ/, 'The means are 1.75, 73, 0.0316'],
  ])('the preset “%s” says what it teaches', async (name, lesson, check) => {
    const { figure } = await open('1;step=6');
    await figure.element.getByRole('combobox', { name: /^Batch/ }).selectOption({ label: name });
    const text = figure.element.locator('.lesson');
    await expect.poll(() => text.innerText()).toContain(check);
    expect(await text.innerText()).toMatch(lesson);
  });
});

describe('the picture', () => {
  const point = (figure: Figure, example: number) =>
    figure.element.getByRole('slider', { name: `x, example ${example}`, exact: true });

  it('moves a point by dragging, the others follow, and the table too', async () => {
    const { page, figure } = await open('1;step=6');
    const { x, y } = await figure.middle(point(figure, 4).locator('circle.dot'));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 90, y + 5, { steps: 9 });
    const value = () => point(figure, 4).getAttribute('aria-valuenow').then(Number);
    await expect.poll(value, { message: 'while it is held' }).toBeGreaterThan(8.5);
    await page.mouse.up();
    // The page draws after the pointer has moved, so the table is compared with the point once both stand still.
    await expect.poll(async () => (await figure.x()).join() === `2,4,6,${await value()}`).toBe(true);
    expect(await value()).toBeGreaterThan(8.5);
    await figure.button('Undo').click();
    await expect.poll(() => figure.column('y')).toEqual(Y);
  });

  it('moves a point by keyboard and says what became of it', async () => {
    const { page, figure } = await open('1;step=6');
    await point(figure, 1).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Shift+ArrowLeft'])
      await page.keyboard.press(key);
    await expect.poll(() => figure.x()).toEqual(['2.2', '3', '6', '8']);
    expect(await figure.element.locator('.point:focus').getAttribute('aria-label')).toBe('x, example 2');
    await expect
      .poll(() => point(figure, 2).getAttribute('aria-valuetext'))
      .toMatch(/^3; x̂ −0\.77, y −1\.05$/);
  });

  it('is also a histogram for a large batch, and a table', async () => {
    const { figure } = await open('1;preset=humps');
    await figure.element.locator('rect.bar').first().waitFor();
    for (const name of ['x', 'xhat', 'y']) {
      const heights = await figure.element
        .locator(`rect.bar.${name}`)
        .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('height')) > 0));
      expect(heights).toHaveLength(12);
      expect(heights.slice(5, 7)).toEqual([false, false]);
    }
    await figure.element.getByText('The picture as a table').click();
    const [values, bars] = [0, 1].map((at) =>
      figure.element.locator('bn-picture table').nth(at).locator('tbody tr'),
    );
    expect(await values!.count()).toBe(34);
    expect((await values!.first().innerText()).split(/\s+/).slice(0, 2)).toEqual(['1', '0.8']);

    await figure.element.getByText('The histograms as a table').click();
    const cells = await bars!.evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
    );
    expect(cells[0]?.[0]).toBe('0.8 to 1.5');
    for (const column of [1, 3, 5]) {
      const counts = cells.map((row) => Number(row[column]));
      expect(counts.slice(5, 7)).toEqual([0, 0]);
      expect(counts.reduce((sum, count) => sum + count)).toBe(32);
    }
  });
});

describe('training and inference', () => {
  it('feeds the batch, and the averages catch up', async () => {
    const { figure } = await open('1;tab=statistics');
    const mean = figure.element.locator('[data-running="mean"]');
    const variance = figure.element.locator('[data-running="var"]');
    expect([await mean.innerText(), await variance.innerText()]).toEqual(['0', '1']);
    await figure.button('Feed this batch').click();
    await expect.poll(() => mean.innerText()).toBe('0.5');
    expect(await variance.innerText()).toBe('1.5667');
    await figure.button(/× 10/).click();
    await expect.poll(() => mean.innerText()).toBe('3.4309');
    expect(await figure.element.locator('bn-running-view .count').innerText()).toBe('11 batches fed');
    expect(await figure.element.locator('.update').innerText()).toContain('3.4309');
    await figure.element.getByRole('radio', { name: /^biased/ }).check({ force: true });
    await expect.poll(() => variance.innerText()).toBe('3.7448');
    await figure.element.locator('bn-running-view').getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => mean.innerText()).toBe('0');
    await figure.button('Undo').click();
    await expect.poll(() => mean.innerText()).toBe('3.4309');
  });

  it('counts momentum as PyTorch and as Keras do, always alike', async () => {
    const { figure } = await open('1;tab=statistics;fed=3,4,5,5/');
    await figure.type('momentum', '0,25');
    await expect.poll(() => figure.input('keras').inputValue()).toBe('0.75');
    await figure.type('keras', '.99');
    await expect.poll(() => figure.input('momentum').inputValue()).toBe('0.01');
    const means = async () =>
      (await figure.element.locator('.momentum .note').allInnerTexts()).map((note) => note.split('M = ')[1]);
    await expect.poll(means).toEqual(['0.1485', '0.1485']);
    await figure.element.locator('.defaults').getByRole('button', { name: 'Keras' }).click();
    await expect.poll(() => figure.input('eps').inputValue()).toBe('0.001');
    expect(await figure.element.getByRole('radio', { name: /^biased/ }).isChecked()).toBe(true);
    await figure.type('momentum', '2');
    await expect
      .poll(() => figure.problem.innerText())
      .toContain('weight of the new batch: expected a number from 0 to 1, got 2');
  });

  it('draws both averages, and has them as tables', async () => {
    const { figure } = await open('1;tab=statistics;fed=3,4,5,5/');
    const chart = figure.element.locator('bn-moving-average').first();
    await expect
      .poll(() =>
        chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
            data: [],
          };
          return new Set(data).size > 20;
        }),
      )
      .toBe(true);
    expect(await chart.locator('canvas').getAttribute('aria-label')).toBe(
      'Running mean. After 3 batches it is 1.355; the last batch had 5.',
    );
    await chart.getByText('The chart as a table').click();
    const rows = await chart.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s+/).filter(Boolean))).toEqual([
      ['0', '0'],
      ['1', '5', '0.5'],
      ['2', '5', '0.95'],
      ['3', '5', '1.355'],
    ]);
  });

  it('shows the outputs of both modes and their gap', async () => {
    const { figure } = await open('1;tab=statistics;fed=3,4,5,5/');
    const rows = await figure.element.locator('.modes tbody tr').allInnerTexts();
    expect(rows[0]?.split(/\s+/)).toEqual(['1', '2', '−2.1833', '1.3101', '−3.4934']);
    expect(await figure.element.locator('.modes strong').innerText()).toBe('5.6627');
  });

  it('walks by the running averages in inference mode', async () => {
    const { figure } = await open('1;step=6;fed=3,4,5,5/');
    await figure.element.getByRole('radio', { name: /running averages/ }).check({ force: true });
    await expect.poll(() => figure.column('y')).toEqual(['1.3101', '3.8221', '6.3340', '8.8460']);
    expect(await figure.single('mean')).toBe('1.355');
    expect(await figure.column('squared')).toEqual([]);
  });

  it('refuses to feed a single example where PyTorch does, and says why', async () => {
    const { figure } = await open('1;preset=one;tab=statistics');
    expect(await figure.button('Feed this batch').isDisabled()).toBe(true);
    expect(await figure.element.locator('bn-running-view .running > .note').innerText()).toContain(
      'PyTorch refuses such a batch',
    );
  });
});

describe('the backward walk', () => {
  it('takes dL/dy apart into three terms', async () => {
    const { figure } = await open('1;tab=backward;back_step=6;dy=1,0,0,0');
    expect([
      await figure.single('dbeta'),
      await figure.single('dgamma'),
      await figure.single('factor'),
    ]).toEqual(['1', '−1.3416', '0.8944']);
    expect(await figure.column('dx_direct')).toEqual(['0.8944', '0', '0', '0']);
    expect(await figure.column('dx_mean')).toEqual(['−0.2236', '−0.2236', '−0.2236', '−0.2236']);
    expect(await figure.column('dx_variance')).toEqual(['−0.4025', '−0.1342', '0.1342', '0.4025']);
    expect(await figure.column('dx')).toEqual(['0.2683', '−0.3578', '−0.0894', '0.1789']);
    expect(await figure.single('dx_sum')).toBe('0.0000');
    await figure.type('dy.1.0', '1');
    await expect.poll(() => figure.single('dbeta')).toBe('2');
  });

  it('has gradients to try, and says what they teach', async () => {
    const { figure } = await open('1;tab=backward;back_step=6');
    const lesson = figure.element.locator('bn-gradient-source .lesson');
    await figure.button('all ones').click();
    await expect.poll(() => lesson.innerText()).toContain('The mean undoes any common shift'.slice(4));
    expect((await figure.column('dx')).every((text) => Number(text) === 0)).toBe(true);
    await figure.button('same as x̂').click();
    await expect.poll(() => lesson.innerText()).toContain('variance undoes any common stretch');
    await figure.button('only example 1').click();
    await expect.poll(() => figure.single('dbeta')).toBe('1');
    await figure.button('mixed').click();
    await expect.poll(() => figure.single('dbeta')).toBe('1.25');
  });

  it('starts from a target, too', async () => {
    const { figure } = await open('1;tab=backward');
    await figure.element.getByRole('radio', { name: 'from a target' }).check({ force: true });
    await figure.type('target.0.0', '-2.5');
    await expect.poll(() => figure.column('dy')).toEqual(['0.3167', '−0.3944', '0.3944', '2.1833']);
  });

  it('shows that batch-mates share their gradients', async () => {
    const { figure } = await open('1;tab=backward;dy=1,0,0,0');
    const section = figure.element.locator('section', { has: figure.page.locator('#mates') });
    await section.getByRole('combobox').selectOption({ label: 'example 4' });
    const rows = async () =>
      (await section.locator('tbody tr').allInnerTexts()).map((row) => row.split(/\s+/));
    await expect
      .poll(async () => (await rows()).map((row) => row[2]))
      .toEqual(['0.1789', '−0.0894', '−0.3578', '0.2683']);
    for (const [, before, change, after] of await rows()) {
      const value = (text = '') => Number(text.replace('−', '-'));
      expect(value(before) + value(change)).toBeCloseTo(value(after), 3);
    }
    await figure.type('nudge', '0');
    await expect.poll(async () => (await rows()).map((row) => row[2])).toEqual(['0', '0', '0', '0']);
  });

  it('is checked by finite differences', async () => {
    const { figure } = await open('1;tab=backward');
    const section = figure.element.locator('section', { has: figure.page.locator('#check') });
    expect(await section.locator('tbody tr').count()).toBe(6);
    const largest = /largest difference is (\S+)\./.exec(await section.innerText())?.[1] ?? '';
    expect(largest).toMatch(/^\d(\.\d+)?·10⁻(⁹|¹[⁰¹²³⁴])$/u);
  });

  it('moves γ and β by a step of SGD, and back', async () => {
    const { figure } = await open('1;tab=backward;gradient=target;back_step=6');
    const section = figure.element.locator('section', { has: figure.page.locator('#sgd') });
    const text = async () => (await section.innerText()).replace(/\s+/g, '');
    await expect.poll(text).toContain('=1.5131');
    expect(await text()).toContain('=3.2390→1.2620');
    await figure.button('Take the step').click();
    await expect.poll(text).toContain('=1.2620→');
    await figure.tab('Forward').click();
    expect(Number(await figure.input('gamma').inputValue())).toBeCloseTo(1.5131, 4);
    await figure.button('Undo').click();
    await expect.poll(text).toContain('=3.2390→1.2620');
    await figure.type('lr', '0.2');
    await expect.poll(text).toContain('=1.0261');
  });
});

describe('the address', () => {
  const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));

  it('holds the whole state, also after a reload', async () => {
    const { page, figure } = await open('1');
    await figure.step('Next layer').click();
    await figure.type('x.0.0', '3');
    await expect.poll(() => hash(page)).toBe('#we=1;x=3,4,6,8;step=6');
    await figure.tab('Training & inference').click();
    await figure.button('Feed this batch').click();
    await expect.poll(() => hash(page)).toContain(';tab=statistics;step=6;fed=1,4,5.25,3.6875/');
    await page.reload();
    await figure.ready();
    expect(await figure.element.locator('[data-running="mean"]').innerText()).toBe('0.525');
    await figure.tab('Forward').click();
    await expect.poll(() => figure.single('mean')).toBe('5.25');
  });

  it('goes back and forward through what was changed, not through the steps of the walk', async () => {
    const { page, figure } = await open('1');
    await figure.type('x.0.0', '3');
    await expect.poll(() => hash(page)).toBe('#we=1;x=3,4,6,8');
    for (const name of ['Mean', 'Variance', 'Normalise']) await figure.step(name).click();
    await expect.poll(() => hash(page)).toBe('#we=1;x=3,4,6,8;step=3');
    await figure.type('x.3.0', '9');
    await expect.poll(() => hash(page)).toBe('#we=1;x=3,4,6,9;step=3');
    await page.goBack();
    await expect.poll(() => figure.x()).toEqual(['3', '4', '6', '8']);
    expect(await figure.button('Redo').isDisabled()).toBe(false);
    await page.goBack();
    await expect.poll(() => figure.x()).toEqual(['2', '4', '6', '8']);
    await page.goForward();
    await page.goForward();
    await expect.poll(() => figure.x()).toEqual(['3', '4', '6', '9']);
    await figure.button('Undo').click();
    await expect.poll(() => hash(page)).toBe('#we=1;x=3,4,6,8;step=3');
  });

  it('is one entry for a whole drag', async () => {
    const { page, figure } = await open('1;step=6');
    const before = await page.evaluate(() => history.length);
    const { x, y } = await figure.middle(figure.input('x.3.0'));
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 0; step < 30; step++) {
      await page.mouse.move(x + 5 * step, y);
      await page.waitForTimeout(30);
    }
    await page.mouse.up();
    await expect.poll(() => hash(page)).toBe('#we=1;x=2,4,6,10.9;step=6');
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
  });

  it.each([
    ['2;x=1', 'it is of version “2”; this page reads version 1'],
    ['1;x=1,2,banana', 'row 3, column 1: expected a number'],
    ['1;__proto__=1', '“__proto__” is not one of its settings'],
    ['1;x=1e99', 'expected a number from'],
    ['<img src=x onerror=alert(1)>', 'version “<img src=x'],
  ])('that cannot be read (%s) gives a message and the default', async (link, message) => {
    const { figure } = await open(encodeURIComponent(link));
    expect(await figure.problem.innerText()).toContain('This link could not be read');
    expect(await figure.problem.innerText()).toContain(message);
    await figure.step('Next layer').click();
    await expect.poll(() => figure.column('y')).toEqual(Y);
  });

  it('that turns bad later leaves the numbers as they are', async () => {
    const { page, figure } = await open('1;x=1,2,3;step=6');
    await page.evaluate(() => (location.hash = '#we=1;x='));
    await expect.poll(() => figure.problem.innerText()).toContain('The numbers stay as they were');
    expect(await figure.x()).toEqual(['1', '2', '3']);
    await page.evaluate(() => (location.hash = '#main'));
    expect(await figure.x()).toEqual(['1', '2', '3']);
    await page.evaluate(() => (location.hash = '#we=1;x=5,6;step=6'));
    await expect.poll(() => figure.x()).toEqual(['5', '6']);
    expect(await figure.problem.count()).toBe(0);
  });
});

describe('copying', () => {
  it('puts CSV, LaTeX, PyTorch and the link on the clipboard and says so', async () => {
    const { page, figure } = await open('1', { permissions: ['clipboard-read', 'clipboard-write'] });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await figure.button('Copy the numbers').click();
    for (const [name, text] of [
      ['CSV', 'example,feature,x,centered'],
      ['LaTeX', '\\begin{align*}'],
      ['PyTorch', 'torch.nn.BatchNorm1d(1, eps=0.00001, momentum=0.1'],
      ['Link', CHAPTER],
    ] as const) {
      await figure.button(name).click();
      await expect
        .poll(() => figure.element.locator('bn-copy-text .done').innerText())
        .toBe(`${name} copied`);
      expect(await clipboard()).toContain(text);
      expect(await figure.element.getByRole('status').innerText()).toBe(`${name} copied`);
    }
  });

  it('shows the text to be copied by hand where the clipboard is blocked', async () => {
    const { page, figure } = await open('1');
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('blocked')) },
      }),
    );
    await figure.button('Copy the numbers').click();
    await figure.button('PyTorch').click();
    const text = figure.element.getByRole('textbox', { name: /Copy the text from here/ });
    await expect.poll(() => text.inputValue()).toContain('import torch');
    expect(await text.evaluate((area: HTMLTextAreaElement) => area.selectionEnd)).toBeGreaterThan(100);
    await figure.button('Close').click();
    expect(await text.count()).toBe(0);
  });
});

describe('the element', () => {
  it('works twice on a page, from attributes, each by itself', async () => {
    const { page, figure } = await open('1;step=6');
    await page.evaluate(() => {
      const other = document.createElement('bn-worked-example');
      for (const [name, value] of Object.entries({
        x: '1,10;3,30',
        gamma: '1',
        beta: '0,5',
        eps: '1',
        dy: '1,0;0,1',
        hash: 'b',
      })) {
        other.setAttribute(name, value);
      }
      other.addEventListener(
        'bn-change',
        (event) => (document.title = JSON.stringify((event as CustomEvent).detail.state.beta)),
      );
      document.querySelector('main')?.append(other);
    });
    const other = new Figure(page, page.locator('bn-worked-example').nth(1));
    await other.ready();
    await other.step('Next layer').click();
    await expect.poll(() => other.column('xhat')).toEqual(['−0.7071', '0.7071']);
    expect(await other.x()).toEqual(['1', '10', '3', '30']);
    await other.element.getByRole('radio', { name: '2', exact: true }).check({ force: true });
    await other.type('beta', '7');
    await expect.poll(() => page.title()).toBe('[0,7]');
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#we=1;step=6&b=1;x=1,10\/3,30/);
    expect(await figure.column('y')).toEqual(Y);
    await page.evaluate(() => {
      const second = document.querySelectorAll('bn-worked-example')[1];
      document.querySelector('main')?.prepend(second ?? '');
    });
    await other.element.first().waitFor();
    expect(
      await page.locator('bn-worked-example').first().locator('input[data-field="beta"]').inputValue(),
    ).toBe('7');
  });

  it('starts anew when an attribute is set, and tells of changes the browser made', async () => {
    const { page, figure } = await open('1;step=6');
    await figure.element.evaluate((element) => {
      const seen: unknown[] = [];
      Object.assign(globalThis, { seen });
      element.addEventListener('bn-change', (event) =>
        seen.push((event as CustomEvent).detail.state.x.flat()),
      );
      element.setAttribute('dy', '1,0,0');
      element.setAttribute('x', '1,2,6');
    });
    await expect.poll(() => figure.x()).toEqual(['1', '2', '6']);
    await figure.type('x.0.0', '4');
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('x=4,2,6');
    await page.evaluate(() => (location.hash = '#we=1;x=7,9'));
    await expect.poll(() => figure.x()).toEqual(['7', '9']);
    expect(await page.evaluate(() => (globalThis as unknown as { seen: unknown[] }).seen)).toEqual([
      [4, 2, 6],
      [7, 9],
    ]);
  });

  it('says what is wrong with an attribute', async () => {
    const { page } = await open('1');
    await page.evaluate(() => {
      const other = document.createElement('bn-worked-example');
      other.setAttribute('gamma', '1,2,3');
      document.querySelector('main')?.append(other);
    });
    await expect
      .poll(() => page.locator('bn-worked-example').nth(1).locator('.problem').innerText())
      .toBe('gamma: expected 1 number, one per feature, got 3.');
  });

  it('says in one sentence that the engine could not start', async () => {
    const page = await site.open('');
    await page.route('**/*.wasm', (route) =>
      route.fulfill({ contentType: 'application/wasm', body: 'no engine' }),
    );
    await page.goto(new URL(CHAPTER, site.address).href);
    const alert = page.locator('bn-worked-example .problem');
    await expect.poll(() => alert.innerText()).toMatch(/^[A-Z].*\.$/);
    expect(await page.locator('bn-worked-example').innerText()).toContain('The text below works the same');
  });
});

describe('the keyboard alone', () => {
  it('reaches and works every part', async () => {
    const { page, figure } = await open('1;step=6');
    const reached: string[] = [];
    await figure.element.getByRole('combobox', { name: /^Batch/ }).focus();
    for (let count = 0; count < 60; count++) {
      const label = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (!element?.getRootNode || element.getRootNode() === document) return 'outside';
        return `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.trim().replace(/\s+/g, ' ').slice(0, 30)}`;
      });
      if (label === 'outside') break;
      reached.push(label);
      await page.keyboard.press('Tab');
    }
    const expected = [
      'SELECT The worked example',
      'BUTTON Reset',
      'BUTTON ▸Edit the batch',
      'INPUT ε, on a logarithmic scale',
      'BUTTON Forward',
      'BUTTON 7Next layer',
      'BUTTON ‹ Back',
      'INPUT γ, scale',
      'INPUT x, example 1',
      'INPUT x, example 4',
      'svg x, example 1',
      'SUMMARY The picture as a table',
    ];
    for (const label of expected) expect(reached.filter((other) => other.startsWith(label))).not.toEqual([]);
    // The walk's computed cells are one stop, its steps another, the points of the picture a third.
    expect(reached.filter((label) => label.startsWith('TD'))).toHaveLength(1);
    expect(reached.length).toBeLessThan(40);

    await figure.tab('Forward').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.tab('Backward').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    await expect.poll(() => figure.tab('Training & inference').getAttribute('aria-selected')).toBe('true');
    await figure.button('Feed this batch').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => figure.element.getByRole('status').innerText()).toBe('1 batch fed');
  });
});

describe('for everyone', () => {
  const states = [
    '1;step=6',
    '1;step=3;mode=inference;fed=3,4,5,5/',
    '1;preset=features;step=6;feature=1',
    '1;preset=humps;step=6',
    '1;tab=backward;back_step=6',
    '1;tab=backward;gradient=target',
    '1;tab=statistics;fed=3,4,5,5/',
  ];
  const everyLook = [
    { width: 320, colorScheme: 'dark' },
    { width: 1280, colorScheme: 'light' },
    { width: 390, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
  ] as const;
  const looks = process.env['BNLAB_FULL'] ? everyLook : everyLook.slice(0, 2);

  it.each(looks.flatMap((look) => states.map((state) => ({ ...look, state }))))(
    '$state has no accessibility violation at $width px, $colorScheme, and fits',
    async ({ width, colorScheme, state }) => {
      const { page, figure } = await open(state, { viewport: { width, height: 800 }, colorScheme });
      for (const summary of await figure.element.locator('summary').all()) await summary.click();
      expect(await violations(page, 'bn-worked-example')).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    },
  );

  it('shows on a phone the columns a step touches, and every number a finger can hit', async () => {
    const { figure } = await open('1;step=3', { viewport: { width: 320, height: 700 }, hasTouch: true });
    const shown = await figure.element
      .locator('thead tr:first-child th')
      .evaluateAll((heads) =>
        heads.filter((head) => head.checkVisibility()).map((head) => head.getAttribute('title')),
      );
    expect(shown.slice(1)).toEqual(['x minus the mean', 'squared distance from the mean', 'x̂, normalised']);
    for (const name of ['Shift', 'Next layer']) {
      await figure.step(name).click();
      await figure.cell('y.1').tap();
      await expect
        .poll(async () => (await figure.arithmetic.innerText()).replace(/\s+/g, ''))
        .toContain('=−0.3944');
      const lit = figure.element.locator('td.source:visible');
      await expect.poll(() => lit.count(), { message: name }).toBe(2);
      const box = figure.element.locator('bn-walk-grid .scroll');
      expect(await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    }
    const small = await figure.element.locator('button, input, summary, select').evaluateAll((controls) =>
      controls
        .filter((control) => control.checkVisibility() && (control as HTMLInputElement).type !== 'radio')
        .map((control) => ({ name: control.outerHTML.slice(0, 60), box: control.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ name }) => name),
    );
    expect(small).toEqual([]);
  });

  it('takes a finger that drags a number sideways, and leaves the page to one that scrolls', async () => {
    const { page, figure } = await open('1', { viewport: { width: 390, height: 800 }, hasTouch: true });
    const { x, y } = await figure.middle(figure.input('x.3.0'));
    const session = await page.context().newCDPSession(page);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', dx = 0, dy = 0) => {
      const touchPoints = type === 'touchEnd' ? [] : [{ x: x + dx, y: y + dy }];
      await session.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    await touch('touchStart');
    for (let step = 1; step <= 10; step++) await touch('touchMove', -5 * step);
    await touch('touchEnd');
    await expect.poll(async () => Number((await figure.x())[3])).toBeLessThan(7.5);
    const [, , , dragged] = await figure.x();
    const scrolled = () => page.evaluate(() => scrollY);
    const before = await scrolled();
    await touch('touchStart');
    for (let step = 1; step <= 20; step++) await touch('touchMove', 0, -10 * step);
    await touch('touchEnd');
    await expect.poll(scrolled).toBeGreaterThan(before + 50);
    expect((await figure.x())[3]).toBe(dragged);
  });

  it('keeps up while a number of the largest batch is dragged', async () => {
    const row = Array.from({ length: 8 }, (_, column) => column + 1);
    const rows = Array.from({ length: 64 }, (_, at) => row.map((value) => value * (at + 1)).join(','));
    const { page, figure } = await open(`1;x=${rows.join('/')};step=6`);
    const { x, y } = await figure.middle(figure.input('x.0.0'));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 200, y, { steps: 40 });
    await page.mouse.up();
    await expect.poll(() => figure.single('mean')).toBe('32.5625');
  });
});
