import { withDecimal } from '../../protocol/decimal.ts';
import type { ChoiceQuestion } from '../../quiz/question.ts';
import { isRightChoice, type Mark, marksOf } from '../../quiz/grade.ts';
import { plainText } from '../../quiz/text.ts';

/** A text of a question as the reader wants its numbers written. */
export function words(text: string): string {
  return withDecimal(plainText(text));
}

/** What a mark says, for those who do not see it. */
export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  hit: 'Chosen, and right.',
  wrong: 'Chosen, and not right.',
  miss: 'Right, and not chosen.',
  left: 'Not right, and not chosen.',
};

export const MARK_SIGNS: Readonly<Record<Mark, string>> = { hit: '✓', wrong: '✗', miss: '✓', left: '' };

/** The verdict on a choice, in a sentence. */
export function choiceVerdict(question: ChoiceQuestion, chosen: readonly number[]): string {
  if (isRightChoice(question, chosen)) return 'Right.';
  if (question.kind === 'one') return 'Not right.';
  const marks = marksOf(question, chosen);
  const count = (mark: Mark) => marks.filter((one) => one === mark).length;
  const [hit, all, wrong] = [count('hit'), count('hit') + count('miss'), count('wrong')];
  const found = hit === all ? `All ${all} right ones found` : `${hit} of ${all} right ones found`;
  return wrong === 0
    ? `Not complete: ${found.toLowerCase()}.`
    : `Not right: ${found.toLowerCase()}, and ${wrong} chosen that ${wrong === 1 ? 'does' : 'do'} not belong.`;
}
