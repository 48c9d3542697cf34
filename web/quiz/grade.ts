import type { ChoiceQuestion, Mistake, Solution } from './question.ts';

/** What an option was, after the answer. */
export type Mark = 'hit' | 'miss' | 'wrong' | 'left';

/** By position in the question's text: chosen or not, and whether that was right. */
export function marksOf({ options }: ChoiceQuestion, chosen: readonly number[]): readonly Mark[] {
  return options.map(({ right }, position) => {
    if (chosen.includes(position)) return right ? 'hit' : 'wrong';
    return right ? 'miss' : 'left';
  });
}

/** All right ones and no other: nothing for half. */
export function isRightChoice(question: ChoiceQuestion, chosen: readonly number[]): boolean {
  return marksOf(question, chosen).every((mark) => mark === 'hit' || mark === 'left');
}

/** A number as far off as is allowed is right; the last digits of binary fractions do not decide. */
export function isRightNumber(answer: number, value: number, tolerance: number): boolean {
  return Math.abs(answer - value) <= tolerance * (1 + 1e-9);
}

/** Which wrong turn leads to the number given; the nearest, where several are within the tolerance. */
export function mistakeOf(answer: number, { mistakes }: Solution, tolerance: number): Mistake | undefined {
  return mistakes
    .filter(({ value }) => isRightNumber(answer, value, tolerance))
    .toSorted((a, b) => Math.abs(a.value - answer) - Math.abs(b.value - answer))[0];
}
