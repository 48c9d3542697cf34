import fs from 'node:fs';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

const site = useSite();
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** The Lab on its page, with the experiment of a link. */
async function open(
  link = '1',
  options: BrowserContextOptions = {},
): Promise<{ page: Page; lab: LabOnPage }> {
  const page = await site.open(`lab.html#lab=${link}`, { reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(10_000);
  const lab = new LabOnPage(page);
  await lab.run.waitFor();
  return { page, lab };
}

/** The Lab as its reader sees it. */
class LabOnPage {
  readonly element: Locator;
  constructor(readonly page: Page) {
    this.element = page.locator('bn-lab');
  }

  button(name: string | RegExp): Locator {
    return this.element.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Ready to be pressed, which it is when the engine has the experiment. */
  get run(): Locator {
    return this.element.locator('bn-lab-run-bar button.run:enabled');
  }

  field(name: string): Locator {
    return this.element.getByLabel(name, { exact: true });
  }

  get alert(): Promise<string> {
    return this.element.getByRole('alert').first().innerText();
  }

  async step(): Promise<number> {
    const text = await this.element.locator('bn-lab-run-bar .status b').innerText();
    return Number(text.replaceAll(/\D/g, ''));
  }

  get said(): Promise<string | null> {
    return this.element.locator('p.said').textContent();
  }

  get link(): string {
    return /#lab=(.*)$/.exec(this.page.url())?.[1] ?? '';
  }
}

describe('training', () => {
  it('begins when it is asked to, pauses, and goes on', async () => {
    const { lab } = await open();
    expect(await lab.step()).toBe(0);
    await lab.run.click();
    await expect.poll(() => lab.step()).toBeGreaterThan(50);
    await lab.button(/Pause/).click();
    await expect.poll(() => lab.said).toMatch(/^Paused at step \d+$/);
    const paused = Number(/\d+/.exec((await lab.said) ?? '')?.[0]);
    await expect.poll(() => lab.step()).toBe(paused);
    await lab.run.click();
    await expect.poll(() => lab.step()).toBeGreaterThan(paused);
  });

  it('takes one batch, then one epoch, and says who was in the batch', async () => {
    const { lab } = await open();
    await lab.button('Step one batch').click();
    await expect.poll(() => lab.step()).toBe(1);
    await expect.poll(() => lab.said).toBe('Step 1');
    await lab.element.getByText('The batch of the last step: 32 examples, the same for A and B').click();
    const table = lab.element.getByRole('group', { name: 'Batch of A and B' }).getByRole('row');
    await expect.poll(() => table.count()).toBe(1 + 32);
    // 300 training examples in batches of 32, the rest left out.
    await lab.button('Epoch').click();
    await expect.poll(() => lab.step()).toBe(9);
  });

  it('rewinds to the same numbers', async () => {
    const { lab } = await open('1;stop_steps=40');
    const losses = lab.element.locator('bn-lab-trace table').first();
    await lab.run.click();
    await expect.poll(() => lab.said).toBe('Stopped after step 40, as asked');
    await expect.poll(() => losses.innerText()).toContain('After step 40');
    const first = await losses.innerText();
    await lab.button('Rewind').click();
    await expect.poll(() => lab.step()).toBe(0);
    await lab.run.click();
    await expect.poll(() => lab.step()).toBe(40);
    await expect.poll(() => losses.innerText()).toBe(first);
  });

  it('stops where a network diverges, and opens the panel that says where', async () => {
    const { lab } = await open('1;lr=1000;panels=trace');
    await lab.run.click();
    await expect
      .poll(() => lab.said)
      .toMatch(/^[AB] diverged at step \d+\. The panel Divergence says where\.$/);
    await lab.element.getByRole('heading', { name: 'Divergence' }).waitFor();
  });

  it('can be done with the keyboard alone, when the focus is in the figure', async () => {
    const { page, lab } = await open();
    await lab.element.getByText('A and B have the same data').click();
    await page.keyboard.press('s');
    await expect.poll(() => lab.step()).toBe(1);
    await page.keyboard.press('e');
    await expect.poll(() => lab.step()).toBe(9);
    await page.keyboard.press('r');
    await expect.poll(() => lab.step()).toBe(0);
    await page.keyboard.press('Space');
    await expect.poll(() => lab.step()).toBeGreaterThan(10);
    await page.keyboard.press('Space');
    await expect.poll(() => lab.said).toMatch(/^Paused/);
    // Elsewhere the keys are the browser's.
    const paused = Number(/\d+/.exec((await lab.said) ?? '')?.[0]);
    await page.getByRole('link', { name: 'BatchNorm Lab' }).focus();
    await page.keyboard.press('s');
    await expect.poll(() => lab.step()).toBe(paused);
  });
});

describe('a setting', () => {
  it('changes while training goes on, if it can, and else starts anew and says so', async () => {
    const { lab } = await open();
    await lab.button('Step one batch').click();
    await expect.poll(() => lab.step()).toBe(1);
    await lab.field('Learning rate').fill('0,5');
    await lab.field('Learning rate').press('Enter');
    await expect.poll(() => lab.link).toBe('1;lr=0.5');
    expect(await lab.step()).toBe(1);
    await lab.field('Activation (starts anew)').selectOption('tanh');
    await expect.poll(() => lab.step()).toBe(0);
    expect(await lab.said).toBe('Changed: activation. Training starts anew.');
    await expect.poll(() => lab.link).toBe('1;activation=tanh;lr=0.5');
  });

  it('is the same for A and B until B is given its own', async () => {
    const { lab } = await open();
    const differs = lab.element.locator('.differences li');
    expect(await differs.allInnerTexts()).toEqual(['B has no normalisation.']);
    await lab.button('A = B: give B its own learning rate').click();
    await lab.field('Learning rate of B').fill('0.01');
    await lab.field('Learning rate of B').press('Enter');
    await expect
      .poll(() => differs.allInnerTexts())
      .toEqual(['B has no normalisation.', 'B’s learning rate is 0.01 instead of 0.1.']);
    await lab.button('= A: make B the same as A in learning rate').click();
    await lab.button('= A: make B the same as A in normalisation').click();
    await expect
      .poll(() => lab.element.locator('.differences').innerText())
      .toBe('A and B are the same experiment.');
  });

  it('that is not one is refused, and what was valid stays', async () => {
    const { lab } = await open();
    await lab.field('Batch size').fill('many');
    await lab.field('Batch size').press('Tab');
    expect(await lab.alert).toBe(
      'Batch size: expected a whole number from 1 to 65\u202f536, got “many”. 32 stays.',
    );
    await lab.field('Batch size').press('Escape');
    expect(await lab.field('Batch size').inputValue()).toBe('32');
    await lab.field('Normalisation of A (starts anew)').selectOption('instance');
    expect(await lab.alert).toMatch(/InstanceNorm .* The experiment stays as it was\.$/);
    await expect.poll(() => lab.field('Normalisation of A (starts anew)').inputValue()).toBe('batch');
    expect(lab.link).toBe('1');
  });

  it('can be undone and redone, also by going back', async () => {
    const { page, lab } = await open();
    await lab.field('Activation (starts anew)').selectOption('tanh');
    await expect.poll(() => lab.link).toBe('1;activation=tanh');
    await lab.button('Undo').click();
    await expect.poll(() => lab.field('Activation (starts anew)').inputValue()).toBe('relu');
    await lab.button('Redo').click();
    await expect.poll(() => lab.link).toBe('1;activation=tanh');
    await page.goBack();
    await expect.poll(() => lab.field('Activation (starts anew)').inputValue()).toBe('relu');
    await page.keyboard.press('Control+z');
  });

  it('is explained on request', async () => {
    const { lab } = await open();
    const help = lab.element.getByText('The length of a step of gradient descent.');
    expect(await help.count()).toBe(0);
    await lab.field('Explain the settings').check();
    expect(await help.isVisible()).toBe(true);
  });
});

describe('an experiment', () => {
  it('is in the link: two people see the same numbers', async () => {
    const link = '1;data=moons;noise=0.1;hidden=8,8;seed_order=5;stop_steps=30;b.norm=layer';
    const seen: string[] = [];
    for (let reader = 0; reader < 2; reader++) {
      const { lab } = await open(link);
      await lab.run.click();
      const table = lab.element.locator('bn-lab-trace table').first();
      await expect.poll(() => table.innerText()).toContain('After step 30');
      seen.push(await table.innerText());
    }
    expect(seen[0]).toBe(seen[1]);
  });

  it('in a link that makes no sense is refused in words', async () => {
    const { lab } = await open('1;lr=fast');
    expect(await lab.alert).toBe(
      'This link could not be read: lr: expected a number from 0 to 1000, got “fast”. Here is the experiment it would have replaced.',
    );
  });

  it('is downloaded as a file, and opened from one', async () => {
    const { page, lab } = await open('1;lr=0.7');
    await lab.button(/Share and keep/).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      lab.button('Download as a file').click(),
    ]);
    expect(download.suggestedFilename()).toBe('batchnorm-lab-my-experiment.json');
    const file = await download.path();
    const text = fs.readFileSync(file, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      file: 'batchnorm-lab',
      version: 1,
      lr: 0.7,
      b: { norm: 'none' },
    });

    const { lab: other } = await open();
    await other.button(/Share and keep/).click();
    const input = other.element.locator('input[type=file]');
    const given = (name: string, content: string) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(content),
    });
    await input.setInputFiles(given('broken.json', text.replace('0.7', '"no"')));
    await expect.poll(() => other.alert).toMatch(/^broken\.json could not be opened: lr: got "no"\./);
    await input.setInputFiles(given('mine.json', text));
    await expect.poll(() => other.link).toBe('1;lr=0.7');
    expect(await other.said).toBe('mine.json opened');
  });

  it('is kept in this browser, and is there in the next visit', async () => {
    const { page, lab } = await open('1;lr=0.7');
    await lab.button(/Share and keep/).click();
    await lab.field('Name to keep it under').fill('Mine');
    await lab.button('Keep in this browser').click();
    await page.goto(new URL('lab.html', site.address).href);
    await lab.button(/Share and keep/).click();
    await lab.element.getByRole('link', { name: 'Mine' }).click();
    await expect.poll(() => lab.field('Learning rate').inputValue()).toBe('0.7');
    await lab.button('Forget Mine').click();
    expect(await lab.element.getByRole('link', { name: 'Mine' }).count()).toBe(0);
  });

  it('can be one of those that are ready, which says what to look at', async () => {
    const { lab } = await open();
    await lab.field('Experiment').selectOption({ label: 'Blow-up' });
    await lab.element.getByText('Ten layers at learning rate 3.').first().waitFor();
    await expect.poll(() => lab.link).toContain('lr=3');
    await lab.run.click();
    await expect.poll(() => lab.said).toMatch(/^B diverged/);
  });
});

describe('a Lab with a question', () => {
  const QUESTION = `<bn-lab experiment="1;stop_steps=20;panels=" controls="none">
    <bn-lab-predict slot="predict" answer="1">
      <p>Which network is ahead after 20 steps?</p>
      <ul><li>A.</li><li>B.</li></ul>
      <p slot="outcome">The one with BatchNorm.</p>
    </bn-lab-predict>
  </bn-lab>`;

  it('runs when it has been answered, and tells the outcome when training has stopped', async () => {
    const { page, lab } = await open();
    await page.evaluate((html) => {
      const range = document.createRange();
      document.querySelector('bn-lab')?.replaceWith(range.createContextualFragment(html));
    }, QUESTION);
    await lab.element.getByText('First say what you expect; then it runs.').waitFor();
    await expect.poll(() => lab.element.locator('bn-lab-run-bar .status').innerText()).toContain('step 0');
    expect(await lab.run.count()).toBe(0);
    const outcome = lab.element.getByText('The one with BatchNorm.');
    expect(await outcome.isVisible()).toBe(false);
    await lab.field('B.').check();
    await lab.run.click();
    await outcome.waitFor();
    await expect.poll(() => lab.step()).toBe(20);
    await lab.element.getByText('Not as you predicted.').waitFor();
  });
});

describe('on a phone', () => {
  it('the settings are folded, the run bar stays at hand, and nothing is wider than the screen', async () => {
    const { page, lab } = await open('1', PHONE);
    const data = lab.field('Data (starts anew)');
    expect(await data.isVisible()).toBe(false);
    await lab.button(/^Settings Spirals, 4 hidden layers/).tap();
    await data.selectOption('moons');
    await expect.poll(() => lab.link).toContain('data=moons');
    await page.evaluate(() => window.scrollTo(0, 1500));
    await lab.run.tap();
    await expect.poll(() => lab.step()).toBeGreaterThan(0);
    await lab.button(/Pause/).tap();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme', ({ width, colorScheme }) => {
  it('has no accessibility violation with every setting shown', async () => {
    const { page, lab } = await open('1;controls=all;data=glyphs;panels=trace', {
      colorScheme,
      viewport: { width, height: 900 },
    });
    if (width < 1000) await lab.button(/Settings/).click();
    await lab.field('Explain the settings').check();
    await lab.button(/Share and keep/).click();
    await lab.element.getByText('Stop conditions, new seeds, keys').click();
    await lab.button('Step one batch').or(lab.button('Step')).first().click();
    await expect.poll(() => lab.step()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});
