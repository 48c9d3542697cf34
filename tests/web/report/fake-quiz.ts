import {
  type QuizAnswer,
  type QuizAsked,
  type QuizQuestionResult,
  type QuizResult,
  quizResult,
} from '../../../web/protocol/quiz.ts';
import type { ReportedQuiz } from '../../../web/report/channel.ts';
import { readQuizResult } from '../../../web/report/quiz-result.ts';

export const QUIZ = '1;chapter=3;seed=7';

export const ASKED: readonly QuizAsked[] = [
  {
    id: 'mean',
    text: 'What is the mean of 2, 4, 6 and 8?',
    expects: { kind: 'number', value: 5, tolerance: 0.05 },
  },
  {
    id: 'axis',
    text: 'Over which axis does batch normalization take its mean?',
    expects: { kind: 'one', options: ['the features', 'the batch', 'the layers'], correct: [1] },
  },
  {
    id: 'learned',
    text: 'Which are learned?',
    expects: { kind: 'several', options: ['γ', 'β', 'the running mean', 'ε'], correct: [0, 1] },
  },
];

const unanswered = (id: string): QuizQuestionResult => ({
  id,
  answer: undefined,
  tries: 0,
  correct: false,
  correctAtFirst: false,
});

/** A quiz that is answered by code. */
export class FakeQuiz implements ReportedQuiz {
  readonly asked: readonly QuizAsked[];
  result: QuizResult;

  constructor(asked = ASKED, quiz = QUIZ) {
    this.asked = asked;
    this.result = quizResult(
      quiz,
      asked.map(({ id }) => unanswered(id)),
    );
  }

  answer(id: string, answer: QuizAnswer, correct: boolean): void {
    this.result = quizResult(
      this.result.quiz,
      this.result.questions.map((question) =>
        question.id === id
          ? {
              id,
              answer,
              correct,
              tries: question.tries + 1,
              correctAtFirst: question.tries === 0 ? correct : question.correctAtFirst,
            }
          : question,
      ),
    );
  }

  /** The third question was missed at first. */
  answerAll(): void {
    this.answer('mean', { number: 5 }, true);
    this.answer('axis', { chosen: [1] }, true);
    this.answer('learned', { chosen: [0, 2] }, false);
  }

  restore(value: unknown): boolean {
    const result = readQuizResult(value);
    if (!result || result.quiz !== this.result.quiz) return false;
    this.result = result;
    return true;
  }
}
