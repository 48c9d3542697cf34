import type { QuizAsked } from '../../protocol/quiz.ts';
import type { Solution } from '../../quiz/question.ts';
import { isNumber, type Item, textOf } from '../../quiz/quiz.ts';
import { plainText } from '../../quiz/text.ts';

/** What was asked, for those who know the question by nothing else. */
export function askedOf(item: Item, solution: Solution | undefined): QuizAsked {
  const { id } = item.question;
  const text = plainText(textOf(item));
  if (isNumber(item)) {
    const { tolerance } = item.drawn;
    return { id, text, expects: { kind: 'number', value: solution?.value ?? NaN, tolerance } };
  }
  const { kind, options } = item.question;
  return {
    id,
    text,
    expects: {
      kind,
      options: options.map((option) => plainText(option.text)),
      correct: options.flatMap(({ right }, position) => (right ? [position] : [])),
    },
  };
}
