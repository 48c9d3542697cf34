import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_TRIES, type QuizAnswer, type QuizResult } from '../../../web/protocol/quiz.ts';
import {
  answered,
  type Attempt,
  missed,
  NOTHING_ANSWERED,
  restored,
  resultOf,
} from '../../../web/quiz/attempt.ts';
import { isRightChoice, isRightNumber, marksOf } from '../../../web/quiz/grade.ts';
import type { ChoiceQuestion } from '../../../web/quiz/question.ts';
import { findQuestion, QUESTIONS } from '../../../web/quiz/questions.ts';
import { isNumber, type Item, makeQuiz } from '../../../web/quiz/quiz.ts';
import { ALL_QUESTIONS } from '../../../web/quiz/settings.ts';
import { fromSuspendData, SUSPEND_DATA_LENGTH, toSuspendData } from '../../../web/report/suspend-data.ts';

const quiz = makeQuiz({ ...ALL_QUESTIONS, questions: 'bias,why-mini-batch,xhat', shuffle: false });
const several = findQuestion('why-mini-batch') as ChoiceQuestion;
const rightOf = (question: ChoiceQuestion) =>
  question.options.flatMap(({ right }, position) => (right ? [position] : []));

describe('a choice', () => {
  it('of several is right when all right answers are chosen, and no other', () => {
    const right = rightOf(several);
    expect(isRightChoice(several, right)).toBe(true);
    expect(isRightChoice(several, right.slice(1))).toBe(false);
    expect(
      isRightChoice(
        several,
        several.options.map((_, position) => position),
      ),
    ).toBe(false);
    expect(isRightChoice(several, [])).toBe(false);
  });

  it('is marked option by option', () => {
    const [one = 0] = rightOf(several);
    const wrong = several.options.findIndex(({ right }) => !right);
    const marks = marksOf(several, [one, wrong]);
    expect(marks[one]).toBe('hit');
    expect(marks[wrong]).toBe('wrong');
    expect(marks.filter((mark) => mark === 'miss')).toHaveLength(rightOf(several).length - 1);
    expect(marks.filter((mark) => mark === 'left')).toHaveLength(
      several.options.length - rightOf(several).length - 1,
    );
  });
});

describe('a number', () => {
  it('is right within the tolerance, its end included', () => {
    expect(isRightNumber(0.12, 0.13, 0.01)).toBe(true);
    expect(isRightNumber(0.1199, 0.13, 0.01)).toBe(false);
    expect(isRightNumber(NaN, 0.13, 0.01)).toBe(false);
  });
});

describe('an attempt', () => {
  const chosen = (...positions: number[]): QuizAnswer => ({ chosen: positions });
  const wrongThenRight = [false, true, true].reduce<Attempt>(
    (attempt, correct) => answered(attempt, 'bias', chosen(correct ? 1 : 0), correct),
    NOTHING_ANSWERED,
  );

  it('scores the first answer, whatever comes after', () => {
    const result = resultOf(quiz, wrongThenRight);
    expect(result.questions[0]).toEqual({
      id: 'bias',
      answer: chosen(1),
      tries: 3,
      correct: true,
      correctAtFirst: false,
    });
    expect(result).toMatchObject({ answered: 1, total: 3, score: 0, finished: false });
  });

  it('is finished once everything has been answered, and its score a share of all', () => {
    const all = answered(
      answered(answered(NOTHING_ANSWERED, 'bias', chosen(0), true), 'why-mini-batch', chosen(0), false),
      'xhat',
      { number: 1 },
      true,
    );
    expect(resultOf(quiz, all)).toMatchObject({ answered: 3, total: 3, finished: true, score: 2 / 3 });
    expect(missed(quiz, all).map(({ question }) => question.id)).toEqual(['why-mini-batch']);
  });

  it('leaves out of the result what could not be asked', () => {
    const result = resultOf(
      quiz,
      NOTHING_ANSWERED,
      quiz.items.filter((item) => !isNumber(item)),
    );
    expect(result.total).toBe(2);
  });

  it('counts no more tries than it can store', () => {
    let attempt = NOTHING_ANSWERED;
    for (let i = 0; i < MOST_TRIES + 5; i++) attempt = answered(attempt, 'bias', chosen(0), false);
    expect(attempt.get('bias')?.tries).toBe(MOST_TRIES);
  });
});

/** Some of the questions answered, in some way, some of them more than once. */
const attempts = (items: readonly Item[]): fc.Arbitrary<Attempt> =>
  fc
    .array(
      fc.record({
        at: fc.nat({ max: items.length - 1 }),
        picks: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 12 }),
        number: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      }),
      { maxLength: 60 },
    )
    .map((answers) =>
      answers.reduce<Attempt>((attempt, { at, picks, number }) => {
        const item = items[at]!;
        if (isNumber(item)) return answered(attempt, item.question.id, { number: number + 0 }, number > 0);
        const { options, kind } = item.question;
        const positions = [...new Set(picks.map((pick) => pick % options.length))].toSorted((a, b) => a - b);
        const chosen = kind === 'one' ? positions.slice(0, 1) : positions;
        return answered(attempt, item.question.id, { chosen }, isRightChoice(item.question, chosen));
      }, NOTHING_ANSWERED),
    );

describe('a result told before', () => {
  const whole = makeQuiz(ALL_QUESTIONS);

  it('is taken up as it was', () => {
    fc.assert(
      fc.property(attempts(whole.items), (attempt) => {
        const result = resultOf(whole, attempt);
        const again = restored(whole, JSON.parse(JSON.stringify(result)));
        expect(again && resultOf(again.quiz, again.attempt)).toEqual(result);
      }),
      { numRuns: 50 },
    );
  });

  it('passes through a course platform’s store, which is small', () => {
    fc.assert(
      fc.property(attempts(whole.items), (attempt) => {
        const result = resultOf(whole, attempt);
        const text = toSuspendData(result);
        expect(text?.length).toBeLessThanOrEqual(SUSPEND_DATA_LENGTH);
        expect(restored(whole, fromSuspendData(text ?? ''))?.attempt).toEqual(attempt);
      }),
      { numRuns: 50 },
    );
  });

  it('fits there at its longest: every question named, every answer long, every try counted', () => {
    const named = makeQuiz({
      ...ALL_QUESTIONS,
      questions: QUESTIONS.map(({ id }) => id).join(),
      seed: 999_999,
    });
    let attempt: Attempt = new Map();
    for (const item of named.items) {
      const answer = isNumber(item)
        ? { number: -123456.12345678901 }
        : { chosen: item.question.options.map((_, position) => position) };
      for (let i = 0; i < 12; i++) attempt = answered(attempt, item.question.id, answer, false);
    }
    expect(toSuspendData(resultOf(named, attempt))?.length).toBeLessThan(SUSPEND_DATA_LENGTH);
  });

  it('may have another seed: it is the same quiz in another order', () => {
    const other = makeQuiz({ ...quiz.settings, seed: 99 });
    const result = resultOf(other, answered(NOTHING_ANSWERED, 'bias', { chosen: [1] }, true));
    expect(restored(quiz, result)?.quiz.text).toBe(other.text);
  });

  it('judges choices anew', () => {
    const [right = 0] = rightOf(findQuestion('bias') as ChoiceQuestion);
    const wrong = (right + 1) % 4;
    const forged = resultOf(quiz, answered(NOTHING_ANSWERED, 'bias', { chosen: [wrong] }, true));
    expect(restored(quiz, forged)?.attempt.get('bias')).toMatchObject({
      correct: false,
      correctAtFirst: false,
    });
  });

  const good = resultOf(quiz, answered(NOTHING_ANSWERED, 'bias', { chosen: [1] }, true));
  const changed = (change: object): QuizResult => ({
    ...good,
    questions: [{ ...good.questions[0]!, ...change }],
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'quiz'],
    ['a list', []],
    ['another version', { ...good, version: 2 }],
    ['another quiz', { ...good, quiz: '1;chapter=4' }],
    ['an unreadable quiz', { ...good, quiz: '1;chapter=99' }],
    ['no questions', { ...good, questions: 'many' }],
    ['too many questions', { ...good, questions: Array(60).fill(good.questions[0]) }],
    ['a stranger among them', changed({ id: 'nobody' })],
    ['one twice', { ...good, questions: [good.questions[0], good.questions[0]] }],
    ['two of one', changed({ answer: { chosen: [0, 1] } })],
    ['an option there is not', changed({ answer: { chosen: [7] } })],
    ['half an option', changed({ answer: { chosen: [0.5] } })],
    ['a number for a choice', changed({ answer: { number: 3 } })],
    ['no tries', changed({ tries: 0 })],
    ['endless tries', changed({ tries: Infinity })],
  ])('is refused where it is %s', (_, result) => {
    expect(restored(quiz, result)).toBeUndefined();
  });

  it('is refused, and nothing breaks, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (thing) => {
        expect(restored(quiz, thing)).toBeUndefined();
        const inside = restored(quiz, { ...good, questions: [{ ...good.questions[0], answer: thing }] });
        expect(inside === undefined || inside.attempt.size <= 1).toBe(true);
      }),
    );
  });
});
