import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { BnQuiz } from '../../web/components/quiz/quiz.ts';
import { decodeLab, encodeLab, type LabValue } from '../../web/protocol/lab.ts';
import type { QuizResult } from '../../web/protocol/quiz.ts';
import {
  decodeWorkedExample,
  encodeWorkedExample,
  type WorkedExample,
} from '../../web/protocol/worked-example.ts';
import { QUESTIONS } from '../../web/quiz/questions.ts';
import { useSite } from './browser.ts';
import { pageWidth, PHONE } from './chapter-page.ts';
import { violations } from './violations.ts';

const site = useSite();

/** No shuffling: what stands where is known. */
const PAGE = 'quiz.html#quiz=1;questions=bias,why-mini-batch,xhat;shuffle=off';

const resultOf = (quiz: Locator): Promise<QuizResult> => quiz.evaluate((element: BnQuiz) => element.result);
const check = (quiz: Locator): Locator => quiz.getByRole('button', { name: 'Check', exact: true });
const next = (quiz: Locator): Locator => quiz.getByRole('button', { name: /^(Next question|How it went)$/ });
const verdict = (quiz: Locator): Promise<string> => quiz.locator('.verdict').innerText();
/** What the engine says a number is. */
const numberOf = (quiz: Locator, id: string): Promise<number> =>
  quiz.evaluate((element: BnQuiz, id) => {
    const found = element.asked.find((one) => one.id === id)?.expects;
    return found && 'value' in found ? found.value : NaN;
  }, id);

async function opened(place: string): Promise<{ page: Page; quiz: Locator }> {
  const page = await site.open(place);
  const quiz = page.locator('bn-quiz').first();
  await quiz.locator('.question').waitFor();
  return { page, quiz };
}

/** As it is chosen in the text of the question; with `bias` the second is right. */
async function choose(quiz: Locator, ...positions: number[]): Promise<void> {
  for (const position of positions) await quiz.locator('fieldset input').nth(position).check();
  await check(quiz).click();
}

/** The three questions, the first two wrong, the number right. */
async function answerAll(quiz: Locator): Promise<void> {
  const wrong = await quiz.evaluate((element: BnQuiz) =>
    element.asked.map(({ expects }) => ('correct' in expects ? (expects.correct[0]! + 1) % 4 : -1)),
  );
  await choose(quiz, wrong[0]!);
  await next(quiz).click();
  await choose(quiz, wrong[1]!);
  await next(quiz).click();
  await quiz.locator('#number').fill((await numberOf(quiz, 'xhat')).toFixed(2));
  await check(quiz).click();
  await next(quiz).click();
}

describe('a question', () => {
  it('is judged at once, and every answer explained, chosen or not', async () => {
    const { quiz } = await opened(PAGE);
    expect(await quiz.locator('.question').innerText()).toContain('A linear layer with a bias');
    expect(await quiz.locator('.why').count()).toBe(0);
    expect(await check(quiz).isDisabled()).toBe(true);
    await choose(quiz, 0);
    await quiz.locator('.verdict').waitFor();
    expect(await quiz.locator('.why').count()).toBe(4);
    expect(await quiz.locator('.option.hit, .option.wrong').count()).toBe(1);
    // The verdict has the focus: it is what a screen reader says next.
    expect(await quiz.evaluate((element) => element.shadowRoot?.activeElement?.className)).toBe('verdict');
    const { answered, questions } = await resultOf(quiz);
    expect(answered).toBe(1);
    expect(questions[0]).toMatchObject({ id: 'bias', answer: { chosen: [0] }, tries: 1 });
  });

  it('with several answers says what is missing and what does not belong', async () => {
    const { quiz } = await opened(PAGE.replace('bias,', ''));
    const right = await quiz.evaluate((element: BnQuiz) => {
      const { expects } = element.asked[0]!;
      return 'correct' in expects ? [...expects.correct] : [];
    });
    await choose(quiz, right[0]!);
    expect(await verdict(quiz)).toContain(`Not complete: 1 of ${right.length} right ones found.`);
    expect(await quiz.locator('.option.miss').count()).toBe(right.length - 1);
  });

  it('for a number takes a comma or a point, and refuses what is no number without counting it', async () => {
    const { quiz } = await opened('quiz.html#quiz=1;questions=xhat,output;shuffle=off');
    await quiz.locator('#number').fill('about one');
    await check(quiz).click();
    await quiz.getByText('A number was expected').waitFor();
    expect((await resultOf(quiz)).answered).toBe(0);
    await quiz.locator('#number').fill((await numberOf(quiz, 'xhat')).toFixed(2).replace('.', ','));
    await quiz.locator('#number').press('Enter');
    expect(await verdict(quiz)).toContain('Right.');
    await next(quiz).click();
    await quiz.locator('#number').fill('1000');
    await check(quiz).click();
    expect(await verdict(quiz)).toContain('Not right.');
    await quiz.getByText('No usual slip leads there').waitFor();
    await quiz.getByText('The engine’s:').waitFor();
  });

  it('can be answered, and the quiz ended, by keyboard alone', async () => {
    const { page, quiz } = await opened('quiz.html#quiz=1;questions=bias,xhat;shuffle=off');
    await quiz.locator('fieldset input').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await quiz.locator('.verdict').waitFor();
    // From the verdict over the link to the way on.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await quiz.evaluate((element) => element.shadowRoot?.activeElement?.className)).toBe('question');
    await page.keyboard.press('Tab');
    await page.keyboard.type('1.34');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await quiz.getByText(/of 2 right at the first answer/).waitFor();
    expect((await resultOf(quiz)).finished).toBe(true);
  });
});

describe('at the end', () => {
  it('the missed ones are asked again, and the score stays that of the first answers', async () => {
    const { quiz } = await opened(PAGE);
    await answerAll(quiz);
    await quiz.getByText('1 of 3 right at the first answer.').waitFor();
    await quiz.getByRole('button', { name: 'Retry the 2 missed' }).click();
    expect(await quiz.locator('.question').innerText()).toContain('A linear layer with a bias');
    expect(await quiz.locator('.why').count()).toBe(0);
    const right = await quiz.evaluate((element: BnQuiz) => {
      const { expects } = element.asked[0]!;
      return 'correct' in expects ? expects.correct[0]! : -1;
    });
    await choose(quiz, right);
    expect(await verdict(quiz)).toContain('Right.');
    const { score, questions } = await resultOf(quiz);
    expect(questions[0]).toMatchObject({ tries: 2, correct: true, correctAtFirst: false });
    expect(score).toBeCloseTo(1 / 3);
  });

  it('another seed brings another order and other numbers, and the address has it', async () => {
    const { page, quiz } = await opened('quiz.html#quiz=1;questions=xhat');
    const first = await quiz.locator('.question').innerText();
    await quiz.locator('#number').fill('0');
    await check(quiz).click();
    await next(quiz).click();
    await quiz.getByRole('button', { name: 'Another order, other numbers' }).click();
    await quiz.locator('#number').waitFor();
    const second = await quiz.locator('.question').innerText();
    expect(second).not.toBe(first);
    await page.waitForURL(/seed=2/);
    await page.reload();
    await quiz.locator('#number').waitFor();
    expect(await quiz.locator('.question').innerText()).toBe(second);
    await page.goBack();
    await page.waitForURL((url) => !url.hash.includes('seed'));
  });
});

describe('a quiz whose page asks for few controls', () => {
  it('has no other numbers and no link to copy at its end; what `controls` cannot be is said', async () => {
    const { quiz } = await opened('quiz.html#quiz=1;questions=bias;shuffle=off');
    await choose(quiz, 1);
    await next(quiz).click();
    const extras = quiz.getByRole('button', { name: /^(Another order|Copy link)/ });
    expect(await extras.count()).toBe(2);
    for (const controls of ['few', 'none']) {
      await quiz.evaluate((element, value) => element.setAttribute('controls', value), controls);
      expect(await extras.count()).toBe(0);
    }
    await quiz.evaluate((element) => element.setAttribute('controls', 'some'));
    expect(await quiz.getByRole('alert').innerText()).toBe(
      'controls: expected all or few or none, got “some”.',
    );
    expect(await extras.count()).toBe(2);
  });
});

describe('what is kept', () => {
  it('is in this browser: after a reload it goes on where it stopped', async () => {
    const { page, quiz } = await opened(PAGE);
    await choose(quiz, 0);
    await page.reload();
    await quiz.locator('.question').waitFor();
    expect((await resultOf(quiz)).answered).toBe(1);
    expect(await quiz.getByText('Question 2 of 3').isVisible()).toBe(true);
  });

  it('can be restored by the page around it, and anything else is refused', async () => {
    const { quiz } = await opened(PAGE);
    const answers = await quiz.evaluate((element: BnQuiz) => {
      const { result } = element;
      const [first] = result.questions;
      const told = [{ ...first, answer: { chosen: [1] }, tries: 1 }, ...result.questions.slice(1)];
      return [
        element.restore({ ...result, quiz: '1;chapter=4' }),
        element.restore('<b>'),
        element.restore({ ...result, questions: told }),
        element.result.answered,
      ];
    });
    expect(answers).toEqual([false, false, true, 1]);
  });
});

describe('what is asked', () => {
  it('follows the address, and an unreadable one is said and harmless', async () => {
    const { page, quiz } = await opened('quiz.html');
    expect((await resultOf(quiz)).total).toBe(QUESTIONS.length);
    await page.getByRole('link', { name: '2. γ and β' }).click();
    await expect.poll(async () => (await resultOf(quiz)).quiz).toBe('1;chapter=2');
    await page.evaluate(() => (location.hash = '#quiz=1;chapter=<img src=x>'));
    await quiz.getByRole('alert').waitFor();
    expect(await quiz.getByRole('alert').innerText()).toContain(
      'chapter: expected a whole number from 0 to 8',
    );
    expect((await resultOf(quiz)).quiz).toBe('1;chapter=2');
    await page.reload();
    await quiz.getByRole('alert').waitFor();
    expect((await resultOf(quiz)).total).toBe(QUESTIONS.length);
  });

  it('leaves numbers out where there is no engine, says so, and asks the rest', async () => {
    const page = await site.open('index.html');
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 200, body: 'none' }));
    await page.goto(`${site.address}${PAGE}`);
    const quiz = page.locator('bn-quiz');
    await quiz.getByText('One question asks for a number').waitFor();
    expect((await resultOf(quiz)).total).toBe(2);
    await choose(quiz, 0);
    expect(await verdict(quiz)).toMatch(/right/i);
    await page.unroute('**/*.wasm');
    await quiz.getByRole('button', { name: 'Try again' }).click();
    await quiz.getByText('Question 1 of 3').waitFor();
  });
});

describe('“see it”', () => {
  /** Each place but the headings: tests/web/quiz/links.test.ts knows that all of them are there. */
  const places = [
    ...new Set(QUESTIONS.flatMap((question) => (question.kind === 'number' ? [] : [question.see.href]))),
  ];
  const some = (start: string, state: string, least: number) =>
    places
      .filter((href) => href.startsWith(start) && href.includes(state))
      .slice(0, process.env['BNLAB_FULL'] ? undefined : least);
  const claims = some('claims.html', '#C', 3);
  const labs = some('lab.html', '#lab=', 1);
  const examples = some('a-batch-normalised.html', '#we=', 2);

  it('opens the claim', async () => {
    const page = await site.open(claims[0]!);
    for (const href of claims) {
      const id = href.split('#')[1]!;
      await page.goto(`${site.address}${href}`);
      const claim = page.locator(`bn-claim[id="${id}"]`);
      await claim.getByText('First choose what you expect.').waitFor();
      expect(await claim.evaluate((element) => 'open' in element && element.open)).toBe(true);
    }
    expect(claims.length).toBeGreaterThan(2);
  });

  it.each(labs)('opens the Lab: %s', async (href) => {
    const page = await site.open(href);
    const lab = page.locator('bn-lab');
    await lab
      .getByRole('button', { name: /^(Run|Train|Step)/ })
      .first()
      .waitFor();
    expect(await lab.locator('.problem').count()).toBe(0);
    // What it has is what the link asks for: its own link would be the same.
    const asked = decodeLab(href.split('#lab=')[1]!).value!;
    const has = await lab.evaluate((element) => (element as unknown as { value: LabValue }).value);
    expect(encodeLab(has)).toBe(encodeLab(asked));
  });

  it.each(examples)('opens the worked example: %s', async (href) => {
    const page = await site.open(href);
    const example = page.locator('bn-worked-example');
    await example.locator('table').first().waitFor();
    const asked = decodeWorkedExample(href.split('#we=')[1]!).value!;
    const has = await example.evaluate((element) => (element as unknown as { state: WorkedExample }).state);
    expect(encodeWorkedExample(has)).toBe(encodeWorkedExample(asked));
  });

  it('is one link away from the feedback', async () => {
    const { page, quiz } = await opened(PAGE);
    await choose(quiz, 0);
    await quiz.getByRole('link', { name: /^See it/ }).click();
    await page.waitForURL(/claims\.html/);
    expect(page.url()).toMatch(/#C12$/);
  });
});

describe('a chapter’s self-check', () => {
  const CHAPTER = 'training-and-inference.html';

  it('asks before without telling, asks the same after, and compares', async () => {
    const page = await site.open(CHAPTER);
    await page.getByText('Before you read: three questions').click();
    const before = page.locator('bn-quiz[stage="before"]');
    await before.locator('.question').waitFor();
    for (let i = 0; i < 3; i++) {
      await before.locator('fieldset input').first().check();
      await before.getByRole('button', { name: 'Next' }).click();
      expect(await before.locator('.why').count()).toBe(0);
    }
    await before.getByText(/^[0-3] of 3 right\.$/).waitFor();
    const { score } = await resultOf(before);

    const after = page.locator('bn-quiz[stage="after"]');
    await page.locator('#check').scrollIntoViewIfNeeded();
    await after.locator('.question').waitFor();
    const total = (await resultOf(after)).total;
    for (let i = 0; i < total; i++) {
      if (await after.locator('#number').count()) await after.locator('#number').fill('123');
      else await after.locator('fieldset input').first().check();
      await check(after).click();
      await next(after).click();
    }
    const compared = await after.getByText(/^Of the 3 questions you met before reading/).innerText();
    expect(compared).toContain(`${score === 0 ? 'none' : Math.round(3 * score)} w`);
  });

  it('costs nothing before it is opened or near', async () => {
    const page = await site.open(CHAPTER);
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate(() => customElements.get('bn-quiz') === undefined)).toBe(true);
  });

  it('can be read without scripts, before without its answers', async () => {
    const page = await site.open(CHAPTER, { javaScriptEnabled: false });
    const after = page.locator('bn-quiz[stage="after"]');
    expect(await after.innerText()).toContain('By which mean and variance');
    expect(await after.locator('details').count()).toBe(3);
    expect(await page.locator('bn-quiz[stage="before"] details').count()).toBe(0);
  });
});

describe('for everyone', () => {
  it('has no violation of WCAG 2.2 AA: question, number, its feedback, end', async () => {
    const { page, quiz } = await opened(PAGE);
    expect(await violations(page)).toEqual([]);
    await answerAll(quiz);
    expect(await violations(page)).toEqual([]);
    await quiz.getByRole('button', { name: 'Question 3: right' }).click();
    expect(await violations(page)).toEqual([]);
  });

  it('fits a phone, dark and still', async () => {
    const page = await site.open(PAGE, PHONE);
    const quiz = page.locator('bn-quiz');
    await quiz.locator('fieldset input').first().check();
    await check(quiz).click();
    expect(await pageWidth(page)).toBe(320);
    expect(await violations(page)).toEqual([]);
  });

  it('is all on paper: every question, answered ones with their reasons', async () => {
    const { page, quiz } = await opened(PAGE);
    await choose(quiz, 0);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const paper = quiz.locator('.paper');
    expect(await paper.locator('ol > li').count()).toBe(3);
    expect(await paper.innerText()).toContain('Answer: ____________');
    expect(await paper.innerText()).toMatch(/Chosen, and (not )?right\./);
    expect(await quiz.locator('.quiz').isVisible()).toBe(false);
  });
});
