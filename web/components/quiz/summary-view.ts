import { html, nothing, type TemplateResult } from 'lit';
import { type QuizResult, rightAtFirst } from '../../protocol/quiz.ts';
import { type Item, textOf } from '../../quiz/quiz.ts';
import { words } from './words.ts';

/** What was right before the chapter was read, of the questions asked again. */
export interface Compared {
  readonly before: number;
  readonly now: number;
  readonly total: number;
}

/** Of a self-check made before and after: the same questions compared. */
export function compare(before: QuizResult, now: QuizResult): Compared | undefined {
  const again = now.questions.filter(({ id }) =>
    before.questions.some((earlier) => earlier.id === id && earlier.tries > 0),
  );
  if (again.length === 0) return undefined;
  const right = (result: QuizResult) =>
    again.filter(({ id }) => result.questions.some((one) => one.id === id && one.correctAtFirst)).length;
  return { before: right(before), now: right(now), total: again.length };
}

/** “2 of 3 right.” */
export function rightText({ questions, total }: QuizResult): string {
  return `${rightAtFirst(questions)} of ${total} right.`;
}

/** Right at first, as a sentence. */
export function scoreText(result: QuizResult): string {
  return rightText(result).replace('.', ' at the first answer.');
}

export function comparedText({ before, now, total }: Compared): string {
  const same = total === 1 ? 'the question' : `the ${total} questions`;
  return `Of ${same} you met before reading, ${before === 0 ? 'none' : before} ${before > 1 ? 'were' : 'was'} right then, ${now === 0 ? 'none' : now} now.`;
}

/** A line for each question, a way back to it, and how it went. */
export function listView(
  items: readonly Item[],
  result: QuizResult,
  go: (at: number) => void,
): TemplateResult {
  return html`<ol class="list">
    ${items.map((item, at) => {
      const one = result.questions.find(({ id }) => id === item.question.id);
      if (!one) return nothing;
      const [sign, kind, text] = outcome(one);
      return html`<li>
        <button type="button" class="quiet" @click=${() => go(at)}>
          <span class=${`sign ${kind}`} aria-hidden="true">${sign}</span>
          <span>${words(textOf(item))} <span class="note">${text}</span></span>
        </button>
      </li>`;
    })}
  </ol>`;
}

function outcome({
  tries,
  correct,
  correctAtFirst,
}: QuizResult['questions'][number]): readonly [string, string, string] {
  if (tries === 0) return ['○', 'open', 'Not answered.'];
  if (correctAtFirst && correct) return ['✓', 'right', 'Right.'];
  if (correct) return ['✓', 'later', `Right at answer ${tries}.`];
  return ['✗', 'wrong', 'Not right yet.'];
}
