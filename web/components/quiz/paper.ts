import { css, html, nothing, type TemplateResult } from 'lit';
import type { QuizAnswer, QuizResult } from '../../protocol/quiz.ts';
import { marksOf } from '../../quiz/grade.ts';
import { isNumber, type Item, textOf } from '../../quiz/quiz.ts';
import { formatNumber } from '../format-number.ts';
import { scoreText } from './summary-view.ts';
import type { Solutions } from './solutions.ts';
import { MARK_SIGNS, MARK_WORDS, words } from './words.ts';

/**
 * All questions on paper: those answered with what was chosen and why it is right or not, the others to be answered by hand. On
 * the screen it is not shown.
 */
export function paper(
  items: readonly Item[],
  result: QuizResult,
  solutions: Solutions,
  withFeedback: boolean,
): TemplateResult {
  const answers = new Map(result.questions.map(({ id, answer }) => [id, withFeedback ? answer : undefined]));
  return html`<div class="paper">
    ${withFeedback && result.answered > 0 ? html`<p><b>${scoreText(result)}</b></p>` : nothing}
    <ol>
      ${items.map(
        (item) =>
          html`<li>
            <p>${words(textOf(item))}</p>
            ${
              isNumber(item)
                ? numberLine(solutions.of(item)?.value, answers.get(item.question.id))
                : optionLines(item, answers.get(item.question.id))
            }
          </li>`,
      )}
    </ol>
  </div>`;
}

function numberLine(value: number | undefined, answer: QuizAnswer | undefined): TemplateResult {
  if (!answer || !('number' in answer)) return html`<p>Answer: ____________</p>`;
  return html`<p>
    Answer:
    ${formatNumber(answer.number)}.${value === undefined ? '' : ` The engine’s: ${formatNumber(value)}.`}
  </p>`;
}

function optionLines(
  { question, order }: Exclude<Item, { drawn: unknown }>,
  answer: QuizAnswer | undefined,
): TemplateResult {
  const marks = answer && 'chosen' in answer ? marksOf(question, answer.chosen) : undefined;
  return html`<ul>
    ${order.map((position) => {
      const { text, why } = question.options[position]!;
      const mark = marks?.[position];
      return html`<li>
        <span class="box">${mark ? MARK_SIGNS[mark] : ''}</span> ${words(text)}
        ${mark ? html`<i>${MARK_WORDS[mark]} ${words(why)}</i>` : nothing}
      </li>`;
    })}
  </ul>`;
}

export const paperStyles = css`
  .paper {
    display: none;
  }

  @media print {
    .paper {
      display: block;
      font: 10pt / 1.4 var(--font-serif);
    }

    .paper ol > li {
      break-inside: avoid;
      margin-block-end: 1em;
    }

    .paper ul {
      padding: 0;
      list-style: none;
    }

    .paper p,
    .paper ul,
    .paper ul > li {
      margin: 0.25em 0;
    }

    .paper .box {
      display: inline-block;
      width: 1.1em;
      height: 1.1em;
      border: 1px solid;
      line-height: 1;
      text-align: center;
    }
  }
`;
