import { describe, expect, it } from 'vitest';
import { compare, comparedText, rightText, scoreText } from '../../../web/components/quiz/summary-view.ts';
import { choiceVerdict, words } from '../../../web/components/quiz/words.ts';
import { setDecimal } from '../../../web/protocol/decimal.ts';
import type { QuizResult } from '../../../web/protocol/quiz.ts';
import type { ChoiceQuestion } from '../../../web/quiz/question.ts';
import { findQuestion } from '../../../web/quiz/questions.ts';

/** Questions a, b, c, …, right at first or not; undefined: not answered. */
function told(...right: (boolean | undefined)[]): QuizResult {
  const questions = right.map((correct, at) => ({
    id: 'abcdef'[at]!,
    answer: correct === undefined ? undefined : { chosen: [0] },
    tries: correct === undefined ? 0 : 1,
    correct: correct === true,
    correctAtFirst: correct === true,
  }));
  const answered = questions.filter(({ tries }) => tries > 0).length;
  return { version: 1, quiz: '1', questions, answered, total: right.length, score: 0, finished: false };
}

describe('before and after', () => {
  it('are compared by the questions that were asked twice', () => {
    const compared = compare(told(false, true, undefined), told(true, true, true, false));
    expect(compared).toEqual({ before: 1, now: 2, total: 2 });
    expect(comparedText(compared!)).toBe(
      'Of the 2 questions you met before reading, 1 was right then, 2 now.',
    );
    expect(comparedText({ before: 0, now: 0, total: 3 })).toContain('none was right then, none now.');
  });

  it('are not compared where nothing was answered before', () => {
    expect(compare(told(undefined, undefined), told(true, true))).toBeUndefined();
  });
});

describe('in words', () => {
  it('the score is how many were right at first', () => {
    expect(scoreText(told(true, false, true))).toBe('2 of 3 right at the first answer.');
    expect(rightText(told(true, false, true))).toBe('2 of 3 right.');
  });

  it('the verdict on several says what is missing and what is too much', () => {
    const question = findQuestion('why-mini-batch') as ChoiceQuestion;
    const right = question.options.flatMap((option, at) => (option.right ? [at] : []));
    const wrong = question.options.flatMap((option, at) => (option.right ? [] : [at]));
    expect(choiceVerdict(question, right)).toBe('Right.');
    expect(choiceVerdict(question, right.slice(1))).toBe('Not complete: 2 of 3 right ones found.');
    expect(choiceVerdict(question, [...right, wrong[0]!])).toBe(
      'Not right: all 3 right ones found, and 1 chosen that does not belong.',
    );
  });

  it('numbers have the decimal sign that is asked for, and no names', () => {
    setDecimal('comma');
    expect(words('It was {a.b=10.4} points at 0.01.')).toBe('It was 10,4 points at 0,01.');
    setDecimal('point');
    expect(words('It was {a.b=10.4} points.')).toBe('It was 10.4 points.');
  });
});
