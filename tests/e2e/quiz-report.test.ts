import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FORMATIVE } from '../../web/export/quiz-report.ts';
import { useSite } from './browser.ts';
import { QuizPlayer } from './quiz-player.ts';

describe('answers to take away', () => {
  const site = useSite();

  async function answered(): Promise<Page> {
    const page = await site.open(`quiz.html#quiz=1;questions=per-feature,bias;shuffle=off`);
    const quiz = new QuizPlayer(page);
    await quiz.ready();
    await quiz.answer(true);
    await quiz.answer(false);
    return page;
  }

  it('are printed: score, answers, date and what it is worth, and nothing else of the page', async () => {
    const page = await answered();
    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event('beforeprint'));
    });
    await page.getByRole('button', { name: 'Print answers' }).click();
    expect(await page.locator('bn-quiz-paper').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    const paper = page.locator('bn-quiz-paper');
    expect(await paper.isVisible()).toBe(true);
    expect(await page.locator('main').isVisible()).toBe(false);
    const text = await paper.evaluate((element) => element.shadowRoot!.textContent);
    for (const part of ['1 of 2 right at the first answer (50 %)', 'Name:', '✗ missed', FORMATIVE])
      expect(text).toContain(part);
    expect(text).toMatch(/\b20\d\d\b/);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await paper.count()).toBe(0);
    expect(await page.locator('main').isVisible()).toBe(true);
  });

  it('are not printed where the page may not print, and the quiz says so', async () => {
    const page = await answered();
    // As in a frame whose sandbox does not let it open dialogs.
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    await page.getByRole('button', { name: 'Print answers' }).click();
    await page.getByText('not allowed to print here').waitFor();
    expect(await page.locator('bn-quiz-paper').count()).toBe(0);
  });

  it('are files for spreadsheets and programs', async () => {
    const page = await answered();
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const csv = await saved('CSV');
    expect(csv.name).toBe('batchnorm-lab-quiz.csv');
    expect(csv.text).toContain('\n1,per-feature,');
    expect(csv.text).toContain(',score,0.5,');
    const json = await saved('JSON');
    expect(JSON.parse(json.text)).toMatchObject({ note: FORMATIVE, result: { score: 0.5, finished: true } });
  });
});
