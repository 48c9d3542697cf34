import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_QUESTIONS } from '../../../web/protocol/quiz.ts';
import { mergeResults, newAnswers, readQuizResult } from '../../../web/report/quiz-result.ts';
import { fromSuspendData, SUSPEND_DATA_LENGTH, toSuspendData } from '../../../web/report/suspend-data.ts';
import { FakeQuiz, QUIZ } from './fake-quiz.ts';
import * as hostility from './hostile.ts';

const KEYS = ['version', 'quiz', 'questions', 'id', 'tries', 'answer', 'chosen', 'number', 'length'];

const unanswered = (id: string) => ({ id, tries: 0, correct: false, correctAtFirst: false });

function someAnswered() {
  const quiz = new FakeQuiz();
  quiz.answer('mean', { number: 5 }, true);
  quiz.answer('learned', { chosen: [0, 2] }, false);
  quiz.answer('learned', { chosen: [0, 1] }, true);
  return quiz.result;
}

describe('a result somebody else kept', () => {
  it('is taken over as it was, also after a trip through JSON', () => {
    const result = someAnswered();
    expect(readQuizResult(result)).toEqual(result);
    expect(readQuizResult(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('may be of as many questions as a quiz may have', () => {
    const questions = Array.from({ length: MOST_QUESTIONS }, (_, at) => unanswered(`q${at}`));
    expect(readQuizResult({ ...someAnswered(), questions })?.total).toBe(MOST_QUESTIONS);
  });

  it('has its sums computed, not believed', () => {
    const { score, finished, answered, total } = readQuizResult({
      ...someAnswered(),
      score: 17,
      finished: true,
      answered: 99,
      total: 1,
    })!;
    expect({ score, finished, answered, total }).toEqual({
      score: 1 / 3,
      finished: false,
      answered: 2,
      total: 3,
    });
  });

  it.each([
    ['of another version', { version: 2 }],
    ['without questions', { questions: undefined }],
    ['with a question twice', { questions: [...someAnswered().questions, someAnswered().questions[0]] }],
    ['answered without a try', { questions: [{ ...someAnswered().questions[0], tries: 0 }] }],
    [
      'right at the first and only try, and wrong',
      { questions: [{ ...someAnswered().questions[0], correct: false }] },
    ],
    [
      'with an answer that is no number',
      { questions: [{ ...someAnswered().questions[0], answer: { number: NaN } }] },
    ],
    ['with an option twice', { questions: [{ ...someAnswered().questions[0], answer: { chosen: [1, 1] } }] }],
    [
      'with more questions than any quiz',
      { questions: Array.from({ length: MOST_QUESTIONS + 1 }, (_, at) => unanswered(`q${at}`)) },
    ],
  ])('is refused %s', (_, change) => {
    expect(readQuizResult({ ...someAnswered(), ...change })).toBeUndefined();
  });

  it('runs no getter and survives whatever it is given', () => {
    fc.assert(
      fc.property(hostility.hostile(KEYS), hostility.hostile(KEYS), (value, questions) => {
        readQuizResult(value());
        // An empty array is a quiz without questions; nothing else random is one.
        const read = readQuizResult({ version: 1, quiz: QUIZ, questions: questions() });
        expect(read?.questions ?? []).toEqual([]);
      }),
    );
    expect(hostility.gettersRun).toBe(0);
    expect(({} as Record<string, unknown>).version).toBeUndefined();
  });
});

describe('a stored result and answers given since', () => {
  it('lose nothing, and the first answer stays the one that counts', () => {
    const stored = new FakeQuiz();
    stored.answer('mean', { number: 4 }, false);
    stored.answer('axis', { chosen: [1] }, true);
    const now = new FakeQuiz();
    now.answer('mean', { number: 5 }, true);
    now.answer('learned', { chosen: [0, 1] }, true);
    const merged = mergeResults(stored.result, now.result);
    expect(
      merged.questions.map(({ tries, correct, correctAtFirst }) => [tries, correct, correctAtFirst]),
    ).toEqual([
      [2, true, false],
      [1, true, true],
      [1, true, true],
    ]);
    expect(merged.finished).toBe(true);
    expect(merged.score).toBe(2 / 3);
  });

  it('of other seeds are not mixed: the fuller one stays', () => {
    const stored = new FakeQuiz(undefined, '1;chapter=3;seed=8');
    stored.answerAll();
    const now = new FakeQuiz();
    now.answer('mean', { number: 5 }, true);
    expect(mergeResults(stored.result, now.result)).toBe(stored.result);
    expect(mergeResults(new FakeQuiz(undefined, '1;chapter=4').result, now.result)).toBe(now.result);
  });

  it('tell which answers are new', () => {
    const quiz = new FakeQuiz();
    quiz.answer('mean', { number: 5 }, true);
    const before = quiz.result;
    quiz.answer('axis', { chosen: [0] }, false);
    quiz.answer('mean', { number: 6 }, false);
    expect(newAnswers(before, quiz.result).map(({ id }) => id)).toEqual(['mean', 'axis']);
    expect(newAnswers(quiz.result, quiz.result)).toEqual([]);
    expect(newAnswers({ ...quiz.result, quiz: '1;chapter=4' }, quiz.result)).toHaveLength(2);
  });
});

describe('suspend data', () => {
  it('brings back what was stored', () => {
    expect(fromSuspendData(toSuspendData(someAnswered())!)).toEqual(someAnswered());
    expect(fromSuspendData(toSuspendData(new FakeQuiz().result)!)).toEqual(new FakeQuiz().result);
  });

  it('holds the longest quiz, 48 questions that were all retried, in what every platform keeps', () => {
    const asked = Array.from({ length: 48 }, (_, at) => ({
      id: `a-rather-long-question-name-${at}`,
      text: '',
      expects: { kind: 'several', options: ['', '', '', '', ''], correct: [0] } as const,
    }));
    const quiz = new FakeQuiz(asked);
    for (const { id } of asked) {
      for (let tries = 0; tries < 12; tries++) quiz.answer(id, { chosen: [0, 1, 2, 3, 4] }, true);
    }
    const text = toSuspendData(quiz.result);
    expect(text?.length).toBeLessThanOrEqual(SUSPEND_DATA_LENGTH);
    expect(fromSuspendData(text!)).toEqual(quiz.result);
  });

  it('that would be cut off is not written', () => {
    const asked = Array.from({ length: 150 }, (_, at) => ({
      id: `a-rather-long-question-name-${at}`,
      text: '',
      expects: { kind: 'number', value: 0, tolerance: 0 } as const,
    }));
    expect(toSuspendData(new FakeQuiz(asked).result)).toBeUndefined();
  });

  it('of somebody else is nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(4000))), (text) => {
        expect(fromSuspendData(text)).toBeUndefined();
      }),
    );
  });
});
