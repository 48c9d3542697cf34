import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'claims.html';
/** Four numbers by hand: one seed, no training. */
const CHEAP = 'C65';
/** Takes seconds on two workers, so that whoever looks twice a second sees it run. */
const LONG = 'C41';

const claim = (page: Page, id: string): Locator => page.locator(`bn-claim[id="${id}"]`);
const badge = (page: Page, id: string): Locator => claim(page, id).locator('.head .badge');

async function opened(page: Page, id: string): Promise<Locator> {
  const found = claim(page, id);
  await found.getByRole('button', { name: `Predict and run: ${id}` }).click();
  await found.getByText('First choose what you expect.').waitFor();
  return found;
}

async function run(page: Page, id: string, prediction: RegExp): Promise<Locator> {
  const found = await opened(page, id);
  await found.getByRole('radio', { name: prediction }).check();
  await found.getByRole('button', { name: 'Run', exact: true }).click();
  await found.getByText(/^Here: /).waitFor({ timeout: 60_000 });
  return found;
}

describe('the board of claims', () => {
  it('costs little to open: no engine before something is to be run', async () => {
    const page = await site.open(PAGE);
    await page.waitForLoadState('networkidle');
    const loaded = await page.evaluate(() => [
      location.href,
      ...performance.getEntriesByType('resource').map(({ name }) => name),
    ]);
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    const sizes = await Promise.all(
      loaded.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
    expect(await page.locator('bn-claim').count()).toBe(85);
  });

  it('asks for a prediction, runs, says what came out, and counts', async () => {
    const page = await site.open(PAGE);
    const found = await opened(page, CHEAP);
    const start = found.getByRole('button', { name: 'Run', exact: true });
    expect(await badge(page, CHEAP).innerText()).toContain('not run yet');
    expect(await start.isDisabled()).toBe(true);
    await found.getByRole('radio', { name: /It depends/ }).check();
    await start.click();
    await found.getByText(/^Here: depends/).waitFor();
    expect(await badge(page, CHEAP).innerText()).toContain('depends');
    expect(await found.getByText('So it came out.').isVisible()).toBe(true);
    expect(await found.locator('bn-check-strip').count()).toBeGreaterThan(1);
    await found.getByText('Each seed of each check, as a table').click();
    expect(await found.getByRole('table').innerText()).toContain('Asked for');
    await found.getByText('All that E1 measured').click();
    await found.locator('bn-study-results').waitFor();

    await page.reload();
    const counted = 'You predicted 1, of which 1 has come out and 1 as you said.';
    await page.getByText(counted).waitFor();
    await page.getByRole('button', { name: 'Forget my predictions' }).click();
    expect(await page.getByText(counted).count()).toBe(0);
  });

  it('works where the browser keeps nothing', async () => {
    const page = await site.open('index.html');
    await page.addInitScript(() =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('forbidden', 'SecurityError');
        },
      }),
    );
    await page.goto(new URL(PAGE, site.address).href);
    const found = await run(page, CHEAP, /It holds here/);
    expect(await found.getByText('It came out otherwise: depends.').isVisible()).toBe(true);
    expect(await page.getByText('of which 1 has come out and 0 as you said').isVisible()).toBe(true);
  });

  it('finds claims by words, topic, source, chapter and verdicts, and keeps that in the address', async () => {
    const page = await site.open(PAGE);
    const shown = page.locator('bn-claim:not([hidden])');
    await page.getByRole('combobox', { name: 'Topic' }).selectOption('why');
    await page.getByRole('combobox', { name: 'Verdict of the literature' }).selectOption('contested');
    await page.getByText('3 of 85 claims', { exact: true }).waitFor();
    expect(await shown.evaluateAll((all) => all.map(({ id }) => id))).toEqual(['C4', 'C47', 'C48']);
    await page.getByRole('searchbox', { name: 'Search' }).fill('moving target');
    await page.getByText('1 of 85 claims', { exact: true }).waitFor();
    expect(await page.locator('section.topic:not([hidden])').count()).toBe(1);
    await expect.poll(() => page.url()).toContain('search=moving');
    await page.reload();
    await page.getByText('1 of 85 claims', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('All 85 claims', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Who says it' }).selectOption('wujohnson2021');
    await page.getByText('4 of 85 claims', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Chapter' }).selectOption('8');
    await page.getByText('1 of 85 claims', { exact: true }).waitFor();
  });

  it('opens a claim by its link, with its settings, and says what a link asks that cannot be', async () => {
    const page = await site.open(`${PAGE}#C7`);
    await claim(page, 'C7').getByRole('button', { name: 'Close: C7' }).waitFor();
    await expect
      .poll(() => claim(page, 'C7').evaluate((found) => Math.abs(found.getBoundingClientRect().top)))
      .toBeLessThan(200);

    await page.goto(new URL(`${PAGE}#claim=C12~seeds:3~E2:scale=3`, site.address).href);
    const linked = claim(page, 'C12');
    await linked.getByText('E2 with 3 seeds').waitFor();
    await linked.getByText(/^Find where it stops/).click();
    const knob = linked.getByRole('spinbutton', { name: 'Weights times a' });
    expect(await knob.inputValue()).toBe('3');
    await linked.getByRole('button', { name: 'Reset all' }).click();
    await linked.getByText('E2 with 20 seeds').waitFor();
    expect(await knob.inputValue()).toBe('7');

    await page.goto(new URL(`${PAGE}#claim=C12~E2:warp=3`, site.address).href);
    await page.getByText('E2 has no setting “warp”').waitFor();
  });

  it('has a badge for each setting, and the link that repeats it', async () => {
    const page = await site.open(PAGE);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const found = await run(page, 'C7', /It depends/);
    expect(await badge(page, 'C7').innerText()).toContain('depends');
    await found.getByText(/^Find where it stops/).click();
    await found.getByRole('spinbutton', { name: 'How many' }).fill('4');
    await expect.poll(() => badge(page, 'C7').innerText()).toContain('not run yet');
    await found.getByRole('button', { name: 'Copy link' }).click();
    await found.getByText('Link copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).hash).toBe('#claim=C7~seeds:4');
    await page.goto('about:blank');
    await page.goto(link);
    await claim(page, 'C7').getByText('E2 with 4 seeds').waitFor();
  });

  it('runs what is shown, is cancelled, and goes on where it stopped', async () => {
    const page = await site.open('index.html');
    // However many cores there are: with one for each seed, all of them would be done at the same moment.
    await page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 }));
    await page.goto(new URL(PAGE, site.address).href);
    await page.getByRole('searchbox', { name: 'Search' }).fill(LONG);
    await page.getByText('1 of 85 claims', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run those shown' }).click();
    const row = page.locator('bn-claims .row').first();
    await row.getByText(/^[1-9]\d* of \d+ runs/).waitFor({ timeout: 60_000 });
    await row.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. What has run is kept.').waitFor({ state: 'attached' });
    expect(await badge(page, LONG).innerText()).toContain('not run yet');
    await page.getByRole('button', { name: 'Go on' }).click();
    await row.getByText(/^[1-9]\d* of \d+ runs/).waitFor();
    await page.getByText('All that is shown has run.').waitFor({ timeout: 120_000 });
    expect(await badge(page, LONG).innerText()).toContain('depends');
    expect(await page.locator('bn-claims .tally').innerText()).toMatch(/depends\s*1/);
  });

  it('says when a worker can no longer be understood, and goes on with another', async () => {
    const page = await site.open(PAGE);
    await page.getByRole('searchbox', { name: 'Search' }).fill(LONG);
    await page.getByText('1 of 85 claims', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run those shown' }).click();
    const board = page.locator('bn-claims');
    await board.getByText(/^[1-9]\d* of \d+ runs/).waitFor({ timeout: 60_000 });
    // What a browser says to a worker whose message it could not copy: nobody will answer it.
    await page.workers()[0]!.evaluate(() => void self.dispatchEvent(new MessageEvent('messageerror')));
    await board.getByRole('alert').waitFor();
    expect(await board.getByRole('alert').innerText()).toContain('a message could not be read');
    await page.getByRole('button', { name: /^(Run those shown|Go on)$/ }).click();
    await page.getByText('All that is shown has run.').waitFor({ timeout: 120_000 });
    expect(await board.getByRole('alert').count()).toBe(0);
  });

  it('writes a report of the run, on paper, as JSON and as CSV', async () => {
    const page = await site.open(PAGE);
    expect(await page.getByRole('button', { name: 'JSON' }).isDisabled()).toBe(true);
    await run(page, CHEAP, /It depends/);
    const saved = async (name: string) => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name, exact: true }).click();
      return readFile(await (await download).path(), 'utf8');
    };
    const json = JSON.parse(await saved('JSON')) as {
      engine: string;
      date: string;
      claims: { id: string; badge: string; predicted?: string; checks: { seeds: number[] }[] }[];
    };
    expect(json.engine).toMatch(/^\d+\.\d+\.\d+/);
    expect(json.date).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(json.claims).toHaveLength(85);
    const reported = json.claims.find(({ id }) => id === CHEAP)!;
    expect(reported).toMatchObject({ badge: 'depends', predicted: 'depends' });
    expect(reported.checks[0]!.seeds).toEqual([0]);
    const csv = await saved('CSV');
    expect(csv.split('\r\n')[0]).toMatch(/^date,engine,claim,statement,/);
    expect(csv).toContain('E1/output');

    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const printed = page.locator('bn-claims .printed');
    expect(await printed.innerText()).toMatch(/Run on \d{4}-\d\d-\d\d, \d\d:\d\d UTC with version \d/);
    expect(await printed.innerText()).toContain('E1/output');
    expect(await claim(page, 'C3').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    expect(await printed.isVisible()).toBe(false);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await claim(page, 'C3').isVisible()).toBe(true);
  });

  it('prints every claim while nothing has run', async () => {
    const page = await site.open(PAGE);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    expect(await claim(page, 'C85').isVisible()).toBe(true);
  });

  it('works by keyboard on a phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, {
      viewport: { width: 360, height: 780 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
      hasTouch: true,
    });
    const found = claim(page, CHEAP);
    await found.getByRole('button', { name: `Predict and run: ${CHEAP}` }).focus();
    await page.keyboard.press('Enter');
    await found.getByText('First choose what you expect.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await found.getByText(/^Here: /).waitFor();
    await found.getByText(/^Find where it stops/).click();
    await found.getByText('Each seed of each check, as a table').click();
    await found.getByText('All that E1 measured').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });

  it('can be read without scripts: statement, source and verdict of all 85', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    const text = await page.locator('main').innerText();
    for (let number = 1; number <= 85; number++) expect(text).toContain(`C${number} `);
    expect(text.match(/In the literature: /g)).toHaveLength(85);
    expect(text.match(/Said by: /g)).toHaveLength(85);
  });
});
