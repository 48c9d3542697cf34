import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatNumber } from '../format-number.ts';
import type { QuizAnswer } from '../../protocol/quiz.ts';
import { isRightNumber, marksOf, mistakeOf } from '../../quiz/grade.ts';
import type { See, Solution } from '../../quiz/question.ts';
import { type ChoiceItem, isNumber, type Item, type NumberItem } from '../../quiz/quiz.ts';
import { siteLink } from '../site-link.ts';
import { choiceVerdict, MARK_SIGNS, MARK_WORDS, words } from './words.ts';

/** An answer on its way. */
export interface Draft {
  readonly chosen: readonly number[];
  readonly text: string;
  /** What is wrong with the text. */
  readonly problem?: string;
}

export const EMPTY_DRAFT: Draft = { chosen: [], text: '' };

/** The options of a question, to be chosen from; and once it has been answered, what each of them is. */
export function choiceView(
  { question, order }: ChoiceItem,
  shown: { draft: Draft; answer: QuizAnswer | undefined },
  choose: (chosen: readonly number[]) => void,
): TemplateResult {
  const { kind, options, id } = question;
  const { draft, answer } = shown;
  const chosen = answer && 'chosen' in answer ? answer.chosen : draft.chosen;
  const marks = answer && marksOf(question, chosen);
  const toggle = (position: number, checked: boolean) => {
    if (kind === 'one') choose([position]);
    else choose(checked ? [...chosen, position] : chosen.filter((one) => one !== position));
  };
  return html`<fieldset aria-labelledby="question">
    ${kind === 'several' ? html`<p class="note" id="how">Choose all that apply.</p>` : nothing}
    ${order.map((position) => {
      const { text, why } = options[position]!;
      const mark = marks?.[position];
      return html`<div class=${mark ? `option ${mark}` : 'option'}>
        <label>
          <input
            type=${kind === 'one' ? 'radio' : 'checkbox'}
            name=${`answer-${id}`}
            .checked=${live(chosen.includes(position))}
            ?disabled=${mark !== undefined}
            aria-describedby=${mark ? `why-${position}` : nothing}
            @change=${(event: Event) => toggle(position, (event.target as HTMLInputElement).checked)}
          />
          <span>${words(text)}</span>
        </label>
        ${
          mark
            ? html`<p class="why" id=${`why-${position}`}>
                <span class="sign" aria-hidden="true">${MARK_SIGNS[mark]}</span
                ><span class="visually-hidden">${MARK_WORDS[mark]} </span>${words(why)}
              </p>`
            : nothing
        }
      </div>`;
    })}
  </fieldset>`;
}

/** A field for a number; and once it has been given, the way to the right one. */
export function numberView(
  { drawn }: NumberItem,
  shown: { draft: Draft; answer: QuizAnswer | undefined; solution: Solution | undefined },
  type: (text: string) => void,
): TemplateResult {
  const { draft, answer, solution } = shown;
  const given = answer && 'number' in answer ? answer.number : undefined;
  if (given !== undefined && solution) return numberFeedback(given, solution, drawn.tolerance);
  const invalid = draft.problem !== undefined;
  return html`<div class="number">
    <label for="number">Your answer</label>
    <input
      id="number"
      type="text"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      maxlength="24"
      .value=${live(draft.text)}
      aria-invalid=${invalid ? 'true' : nothing}
      aria-describedby=${invalid ? 'problem tolerance' : 'tolerance'}
      @input=${(event: Event) => type((event.target as HTMLInputElement).value)}
    />
    <span class="note" id="tolerance">within ±${formatNumber(drawn.tolerance)}</span>
    ${invalid ? html`<p class="problem" id="problem">${draft.problem}</p>` : nothing}
  </div>`;
}

function numberFeedback(given: number, solution: Solution, tolerance: number): TemplateResult {
  const right = isRightNumber(given, solution.value, tolerance);
  const mistake = right ? undefined : mistakeOf(given, solution, tolerance);
  return html`<div class=${right ? 'option hit' : 'option wrong'}>
      <p class="given">Your answer: <b>${formatNumber(given)}</b></p>
      ${
        right
          ? nothing
          : html`<p class="why">
              <span class="sign" aria-hidden="true">✗</span>${
                mistake ? words(mistake.why) : 'No usual slip leads there; compare with the way below.'
              }
            </p>`
      }
    </div>
    <div class=${right ? 'option left' : 'option miss'}>
      <p class="given">The engine’s: <b>${formatNumber(solution.value)}</b></p>
      <p class="why">${words(solution.why)}</p>
    </div>`;
}

/** The verdict on an answer, in a sentence. */
export function verdictOf(item: Item, answer: QuizAnswer, correct: boolean): string {
  if (isNumber(item)) return correct ? 'Right.' : 'Not right.';
  return choiceVerdict(item.question, 'chosen' in answer ? answer.chosen : []);
}

/** Where it can be seen, and what it belongs to. */
export function seeView(item: Item, see: See): TemplateResult {
  const { claims, experiments } = item.question;
  const link = siteLink(see.href);
  const many = (one: string, several: string, list: readonly string[]) =>
    `${list.length === 1 ? one : several} ${list.join(', ')}`;
  return html`<p class="see">
    ${
      link === undefined
        ? nothing
        : html`<a href=${link}>See it: ${words(see.text)}<span aria-hidden="true"> →</span></a>`
    }
    <span class="note"
      >${many('Claim', 'Claims', claims)} · ${many('experiment', 'experiments', experiments)}</span
    >
  </p>`;
}
