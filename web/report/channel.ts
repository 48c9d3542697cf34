import type { QuizAsked, QuizResult } from '../protocol/quiz.ts';

/** A quiz as a channel sees it. */
export interface ReportedQuiz {
  readonly result: QuizResult;
  readonly asked: readonly QuizAsked[];
  restore(result: unknown): boolean;
}

/** One way for scores to leave the page. */
export interface Channel {
  /** The quiz has a new answer. */
  report(): void;
  close(): void;
}
