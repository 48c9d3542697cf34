import type { Frame, Page } from 'playwright-core';
import type { QuizAsked, QuizElement, QuizResult } from '../../web/protocol/quiz.ts';

/** Answers questions of the page's `<bn-quiz>` as a reader does: by its controls. */
export class QuizPlayer {
  readonly #page: Page | Frame;

  constructor(page: Page | Frame) {
    this.#page = page;
  }

  /** Until it is known what is asked. */
  async ready(): Promise<void> {
    await this.#page.waitForFunction(() => {
      const quiz = document.querySelector<QuizElement>('bn-quiz');
      return (quiz?.asked?.length ?? 0) > 0;
    });
  }

  result(): Promise<QuizResult> {
    return this.#page.evaluate(() => document.querySelector<QuizElement>('bn-quiz')!.result);
  }

  asked(): Promise<readonly QuizAsked[]> {
    return this.#page.evaluate(() => [...document.querySelector<QuizElement>('bn-quiz')!.asked]);
  }

  /** The question shown, right or wrong; then the next. */
  async answer(right: boolean): Promise<QuizAsked> {
    const text = (await this.#page.locator('bn-quiz .question').innerText()).trim();
    const asked = (await this.asked()).find((one) => one.text === text);
    if (!asked) throw new Error(`Not among the questions: ${text}`);
    const { expects } = asked;
    if (expects.kind === 'number') {
      await this.#page.locator('bn-quiz #number').fill(String(right ? expects.value : expects.value + 1000));
    } else {
      const wrong = expects.options.findIndex((_, at) => !expects.correct.includes(at));
      for (const at of right ? expects.correct : [wrong]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as a reader does
        await this.#page.locator('bn-quiz label', { hasText: expects.options[at]! }).first().click();
      }
    }
    await this.#page.locator('bn-quiz button[type=submit]').click();
    await this.#page.locator('bn-quiz .after + .row button.primary').click();
    return asked;
  }
}
