import { describe, expect, it } from 'vitest';
import { useSite } from './browser.ts';
import { loadedBytes, pageWidth } from './chapter-page.ts';
import { finished, marks, study, verdicts, withSeeds } from './study-page.ts';
import { violations } from './violations.ts';

const site = useSite();
const PAGE = 'one-some-or-all.html';

describe('“One, some or all”', () => {
  it('costs little to open: neither Lab nor engine is loaded before a figure is near', async () => {
    const page = await site.open(PAGE);
    const { bytes, binaries } = await loadedBytes(page);
    expect(bytes).toBeLessThan(150_000);
    expect(binaries).toEqual([]);
    expect(await page.evaluate(() => customElements.get('bn-lab') === undefined)).toBe(true);
  });

  it('asks first, then runs, draws every seed and judges every check', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'fixed-batches');
    const run = found.getByRole('button', { name: 'Run 10 seeds' });
    expect(await run.isDisabled()).toBe(true);
    // What it is held to would tell.
    expect(await found.locator('bn-check-strip').count()).toBe(0);
    expect(await found.getByText('The order of the examples').isVisible()).toBe(false);
    await found.getByRole('radio', { name: 'Both.' }).check();
    await run.click();
    await finished(found);

    expect(await verdicts(found)).toEqual(['Holds', 'Holds']);
    expect(await found.getByText('Not as you predicted.').isVisible()).toBe(true);
    expect(await found.getByText('The order of the examples').isVisible()).toBe(true);
    // 10 seeds, with and without batch normalization, with new batches and the same.
    expect(await marks(found)).toBe(40);
    expect(await found.locator('bn-study-arms .mean').count()).toBe(4);
    expect(await found.locator('bn-check-strip .sentence').first().innerText()).toMatch(
      /\+\d+\.\d points over 10 seeds .* It holds\./,
    );

    await found.getByText('Each seed, as a table').click();
    await expect.poll(() => found.locator('tbody tr').count()).toBe(10);
    expect(await found.locator('tfoot td').count()).toBe(12);
  });

  it('copies every value of every seed', async () => {
    const page = await site.open(PAGE, { permissions: ['clipboard-read', 'clipboard-write'] });
    const found = await study(page, 'double-well');
    await found.getByRole('radio').first().check();
    await withSeeds(found, 2);
    await found.getByRole('button', { name: 'Run 2 seeds' }).click();
    await finished(found);
    await found.getByRole('button', { name: 'Copy all seeds as CSV' }).click();
    await found.getByText('2 seeds copied').waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).trim().split('\r\n');
    expect(lines[0]).toBe('seed,batch,arm,measured,E17');
    // Two metrics at seven batch sizes, and five checks, for each seed.
    expect(lines).toHaveLength(1 + 2 * (14 + 5));
    expect(lines).toContain('1,256,weight,escaped,0');
  });

  it('runs again with other settings, says what is old, and cancels', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'double-well');
    await found.getByRole('radio').first().check();
    await withSeeds(found, 3);
    const noise = found.getByRole('spinbutton', { name: /Noise/ });
    await noise.fill('0');
    await noise.press('Enter');
    expect(await found.getAttribute('knobs')).toBe('noise=0');
    expect(await found.getAttribute('seeds')).toBe('3');
    await found.getByRole('button', { name: 'Run 3 seeds' }).click();
    await finished(found);
    expect(await verdicts(found)).toContain('Fails');
    // Three seeds at seven batch sizes, measured in two ways, of which all are 0: hollow on a logarithmic axis.
    expect(await marks(found)).toBe(42);

    await noise.fill('4');
    await noise.press('Enter');
    expect(await found.getByText('The settings have been changed since').count()).toBe(1);
    await found.getByRole('button', { name: 'Back to the first settings' }).click();
    expect(await found.getAttribute('knobs')).toBe(null);
    await found.evaluate((element) => element.setAttribute('knobs', 'runs=200'));
    await found.evaluate((element) => element.setAttribute('seeds', '100'));
    await found.getByRole('button', { name: 'Run 100 seeds' }).click();
    await found.getByRole('button', { name: 'Cancel' }).click();
    await found.getByRole('button', { name: 'Run 100 seeds' }).waitFor();
    expect(await found.getByText('ran before it was stopped').count()).toBe(1);
  });

  it('refuses a setting that cannot be, and keeps the last one', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'throughput');
    await found.getByText('Settings', { exact: true }).click();
    const units = found.getByRole('spinbutton', { name: /Units/ });
    await units.fill('9999');
    await units.press('Enter');
    expect(await found.getByRole('alert').innerText()).toMatch(/from 4 to 256, got 9.?999.*64 stays/s);
    await units.press('Escape');
    await found.evaluate((element) => element.setAttribute('knobs', 'hidden=9999'));
    expect(await found.getByRole('alert').innerText()).toContain('a whole number from 4 to 256 was expected');
    await found.evaluate((element) => element.setAttribute('knobs', 'examples=1024'));
    await found.getByRole('button', { name: 'Run 5 repetitions' }).click();
    await finished(found);
    expect(await found.getByRole('alert').count()).toBe(0);
    // What it measured depends on the clock; that it measured does not.
    expect(await found.locator('bn-study-points .mean').count()).toBe(18);
    expect(await verdicts(found)).not.toContain('Not measured');
  });

  it('says which check or chart it has not, and keeps showing those named before', async () => {
    const page = await site.open(PAGE);
    const found = await study(page, 'throughput');
    const statements = () => found.locator('bn-check-strip').filter({ visible: true }).allInnerTexts();
    const all = await statements();
    expect(all).toHaveLength(3);
    await found.evaluate((element) => element.setAttribute('checks', 'small-learn-more'));
    await expect.poll(statements).toEqual([all[2]]);
    await found.evaluate((element) => element.setAttribute('checks', 'small-learn-more,faste'));
    await found.evaluate((element) => element.setAttribute('metrics', 'seconds'));
    await expect
      .poll(() => found.getByRole('alert').allInnerTexts())
      .toEqual([
        'checks: E16b has no check “faste”; it has faster, five-times, small-learn-more.',
        'metrics: E16b has no metric “seconds”; it has milliseconds, loss.',
      ]);
    expect(await statements()).toEqual([all[2]]);
    await found.evaluate((element) => element.removeAttribute('checks'));
    await found.evaluate((element) => element.setAttribute('metrics', 'loss'));
    await expect.poll(() => found.getByRole('alert').count()).toBe(0);
    expect(await statements()).toEqual(all);
  });

  it('works by keyboard on a phone, in the dark, without an accessibility violation', async () => {
    const page = await site.open(PAGE, {
      viewport: { width: 360, height: 780 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
      hasTouch: true,
    });
    const found = await study(page, 'gradient-noise');
    await found.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await finished(found);
    expect(await found.getByText('As you predicted.').isVisible()).toBe(true);
    await found.getByText('Each seed, in tables').click();
    await found.getByText('Settings', { exact: true }).click();
    for (const name of ['throughput', 'double-well', 'fixed-batches']) await study(page, name);
    expect(await pageWidth(page)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });

  it('trains the Lab in the text after its question, to the outcome it tells', async () => {
    const page = await site.open(PAGE);
    const lab = page.locator('bn-lab');
    await lab.scrollIntoViewIfNeeded();
    const run = lab.getByRole('button', { name: 'Run' }).first();
    await run.waitFor();
    await lab.getByRole('radio', { name: /A little below/ }).check();
    await run.click();
    await lab.getByText('As you predicted.').waitFor({ timeout: 30_000 });
    expect(await lab.getByText('It has asked 90 000 examples').isVisible()).toBe(true);
  });

  it('can be read without scripts: questions, answers and outcomes', async () => {
    const page = await site.open(PAGE, { javaScriptEnabled: false });
    for (const text of ['A quarter is left', 'The mean square falls as', 'Noise carries a run over the hill'])
      expect(await page.getByText(text).first().isVisible()).toBe(true);
  });
});
