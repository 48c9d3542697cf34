/**
 * What a quiz tells the world around it: the page it stands in, a course platform, a file. Plain values, so that they can be
 * stored, posted and compared.
 */
export const QUIZ_RESULT_VERSION = 1;

export const LAST_CHAPTER = 8;
/** Of one quiz; with longer ones a stored result would not fit where course platforms store it. */
export const MOST_QUESTIONS = 48;

/** What was chosen: positions of options in the order of the question's text, not as shuffled; or a number. */
export type QuizAnswer = { readonly chosen: readonly number[] } | { readonly number: number };

export interface QuizQuestionResult {
  /** The question's id, which no other question will ever have. */
  readonly id: string;
  /** The newest answer; undefined: not answered yet. */
  readonly answer: QuizAnswer | undefined;
  /** Answers given so far: 0, 1 or, after retries, more. */
  readonly tries: number;
  /** Of the newest answer. */
  readonly correct: boolean;
  /** Of the first answer: what is scored. A question missed at first may be learned by retrying; its score stays. */
  readonly correctAtFirst: boolean;
}

export interface QuizResult {
  readonly version: typeof QUIZ_RESULT_VERSION;
  /** Which questions in which order with which numbers: the text of a quiz's link, `1;chapter=3;seed=7`. */
  readonly quiz: string;
  /** In the order they were asked. */
  readonly questions: readonly QuizQuestionResult[];
  readonly answered: number;
  readonly total: number;
  /** Share of all questions that were right at the first answer, 0 to 1. */
  readonly score: number;
  /** Every question has been answered. */
  readonly finished: boolean;
}

/** As far as tries are counted. */
export const MOST_TRIES = 99;

/** How many were right at the first answer, which is what is scored. */
export function rightAtFirst(questions: readonly QuizQuestionResult[]): number {
  return questions.filter(({ correctAtFirst }) => correctAtFirst).length;
}

/** A result with its sums. */
export function quizResult(quiz: string, questions: readonly QuizQuestionResult[]): QuizResult {
  const total = questions.length;
  const answered = questions.filter(({ tries }) => tries > 0).length;
  return {
    version: QUIZ_RESULT_VERSION,
    quiz,
    questions,
    answered,
    total,
    score: total === 0 ? 0 : rightAtFirst(questions) / total,
    finished: total > 0 && answered === total,
  };
}

/**
 * What was asked, in plain words (no markup): for printed reports, spreadsheets and course platforms, which know the questions
 * by nothing else.
 */
export interface QuizAsked {
  readonly id: string;
  readonly text: string;
  readonly expects:
    | {
        readonly kind: 'one' | 'several';
        /** In the order of the question's text, not as shuffled: what `chosen` counts in. */
        readonly options: readonly string[];
        readonly correct: readonly number[];
      }
    | { readonly kind: 'number'; readonly value: number; readonly tolerance: number };
}

/** `<bn-quiz>` has a new result: after every answer, and when it begins anew with another seed. Bubbles and crosses shadow roots. */
export class QuizResultEvent extends Event {
  static readonly type = 'bn-quiz-result';
  constructor(readonly detail: QuizResult) {
    super(QuizResultEvent.type, { bubbles: true, composed: true });
  }
}

/** What `<bn-quiz>` offers to code beside it. */
export interface QuizElement extends HTMLElement {
  /** As it stands. */
  readonly result: QuizResult;
  /** The questions of `result`, in its order; [] until it is known what is asked. */
  readonly asked: readonly QuizAsked[];
  /** Takes up a result told before; false, and nothing changes, where it is none or of another quiz. */
  restore(result: unknown): boolean;
}
