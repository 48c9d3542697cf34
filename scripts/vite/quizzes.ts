import { checkQuestions, type Stage } from '../../web/quiz/checks.ts';
import { isNumber, type Item, makeQuiz, textOf } from '../../web/quiz/quiz.ts';
import { ALL_QUESTIONS } from '../../web/quiz/settings.ts';
import { plainText } from '../../web/quiz/text.ts';
import { escapeHtml } from './html-text.ts';
import { pageFiller, type PageFiller } from './page-filler.ts';

/**
 * The words of quizzes, put into pages when the site is built, so that they can be read, and printed, without scripts: an empty
 * `<bn-quiz chapter="3" stage="after"></bn-quiz>` gets the questions it asks, with the answers folded away; before a chapter is read,
 * without them. The element of this name asks and judges.
 */
export const quizzes = (): PageFiller => pageFiller('bn-quizzes', fillQuizzes);

export function fillQuizzes(html: string): string {
  return html.replace(/<bn-quiz\b([^>]*)><\/bn-quiz>/g, (_, attributes: string) => {
    const chapter = Number(/ chapter="([1-8])"/.exec(attributes)?.[1] ?? 0);
    const [, stage] = / stage="(before|after)"/.exec(attributes) ?? [];
    const asked = stage === undefined ? [] : checkQuestions(chapter, stage as Stage);
    const { items } = makeQuiz({ ...ALL_QUESTIONS, chapter, questions: asked.join() });
    const questions = items.map((item) => `<li>${questionMarkup(item, stage !== 'before')}</li>`);
    return `<bn-quiz${attributes}><ol class="questions">${questions.join('')}</ol></bn-quiz>`;
  });
}

function questionMarkup(item: Item, withAnswer: boolean): string {
  const text = `<p>${words(textOf(item))}</p>`;
  if (isNumber(item))
    return `${text}<p class="note">The engine computes the answer, where scripts may run.</p>`;
  const { options, kind } = item.question;
  const list = item.order.map((position) => `<li>${words(options[position]!.text)}</li>`).join('');
  const right = options.filter((option) => option.right);
  const answers = right.map((option) => `<p>${words(option.text)} ${words(option.why)}</p>`).join('');
  return `${text}${kind === 'several' ? '<p class="note">Choose all that apply.</p>' : ''}<ul>${list}</ul>${
    withAnswer ? `<details><summary>Answer</summary>${answers}</details>` : ''
  }`;
}

function words(text: string): string {
  return escapeHtml(plainText(text));
}
