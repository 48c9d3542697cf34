import {
  type QuizAnswer,
  type QuizAsked,
  type QuizQuestionResult,
  type QuizResult,
  rightAtFirst,
} from '../protocol/quiz.ts';
import type { Channel, ReportedQuiz } from './channel.ts';
import type { ParentPage } from './parent-page.ts';
import { newAnswers } from './quiz-result.ts';
import { uuid } from './uuid.ts';

/** Every message; `statement` beside it is the statement. */
export const XAPI_MESSAGE = { source: 'batchnorm-lab', version: 1, type: 'xapi' } as const;

const EXPAPI = 'http://adlnet.gov/expapi';
const LANGUAGE = 'en';

/** A pair of texts xAPI joins the parts of a response with. */
const AND = '[,]';
const TO = '[:]';

/**
 * Nobody: the quiz knows no names. Whoever passes a statement on to a record store puts its own learner in the place of this
 * actor.
 */
export const ANONYMOUS = {
  objectType: 'Agent',
  account: { homePage: 'https://anonymous.invalid/', name: 'anonymous' },
} as const;

type Statement = Readonly<Record<string, unknown>>;

/**
 * Statements of the Experience API 1.0.3, posted to the page around: `answered` for every answer, and `completed` with
 * the score when the last question has its first one. There is no answer to them, and nothing to restore from.
 */
export class XapiChannel implements Channel {
  readonly #quiz: ReportedQuiz;
  readonly #parent: ParentPage;
  #told: QuizResult;

  constructor(quiz: ReportedQuiz, parent: ParentPage) {
    this.#quiz = quiz;
    this.#parent = parent;
    this.#told = quiz.result;
  }

  report(): void {
    const { result, asked } = this.#quiz;
    for (const statement of statements(this.#told, result, asked, new Date())) {
      this.#parent.post({ ...XAPI_MESSAGE, statement });
    }
    this.#told = result;
  }

  close(): void {
    // Nothing is under way.
  }
}

/** What there is to tell of the way from `before` to `now`. */
export function statements(
  before: QuizResult | undefined,
  now: QuizResult,
  asked: readonly QuizAsked[],
  at: Date,
): Statement[] {
  const told: Statement[] = newAnswers(before, now).flatMap((question) => {
    const about = asked.find(({ id }) => id === question.id);
    return about && question.answer ? [answered(now, about, question, question.answer, at)] : [];
  });
  if (now.finished && !before?.finished) told.push(completed(now, at));
  return told;
}

function answered(
  { quiz }: QuizResult,
  asked: QuizAsked,
  { correct, tries }: QuizQuestionResult,
  answer: QuizAnswer,
  at: Date,
): Statement {
  return {
    ...begin('answered', at),
    object: {
      objectType: 'Activity',
      id: `urn:batchnorm-lab:question:${encodeURIComponent(asked.id)}`,
      definition: {
        type: `${EXPAPI}/activities/cmi.interaction`,
        name: { [LANGUAGE]: `Question ${asked.id}` },
        description: { [LANGUAGE]: asked.text },
        ...interaction(asked),
      },
    },
    result: {
      score: { scaled: correct ? 1 : 0, raw: correct ? 1 : 0, min: 0, max: 1 },
      success: correct,
      completion: true,
      response: response(answer),
      extensions: { 'urn:batchnorm-lab:extension:tries': tries },
    },
    context: {
      platform: 'BatchNorm Lab',
      language: LANGUAGE,
      contextActivities: { parent: [{ objectType: 'Activity', id: quizId(quiz) }] },
    },
  };
}

function completed({ quiz, questions, score, total }: QuizResult, at: Date): Statement {
  return {
    ...begin('completed', at),
    object: {
      objectType: 'Activity',
      id: quizId(quiz),
      definition: {
        type: `${EXPAPI}/activities/assessment`,
        name: { [LANGUAGE]: 'Quiz of BatchNorm Lab' },
        description: { [LANGUAGE]: 'Scored in the browser by first answers: formative, and easily forged.' },
      },
    },
    result: {
      score: {
        scaled: score,
        raw: rightAtFirst(questions),
        min: 0,
        max: total,
      },
      completion: true,
    },
    context: { platform: 'BatchNorm Lab', language: LANGUAGE },
  };
}

const begin = (verb: 'answered' | 'completed', at: Date): Statement => ({
  id: uuid(),
  actor: ANONYMOUS,
  verb: { id: `${EXPAPI}/verbs/${verb}`, display: { [LANGUAGE]: verb } },
  timestamp: at.toISOString(),
});

const quizId = (quiz: string): string => `urn:batchnorm-lab:quiz:${encodeURIComponent(quiz)}`;

function interaction({ expects }: QuizAsked): Statement {
  if (expects.kind === 'number') {
    const { value, tolerance } = expects;
    return {
      interactionType: 'numeric',
      correctResponsesPattern: [`${value - tolerance}${TO}${value + tolerance}`],
    };
  }
  return {
    interactionType: 'choice',
    choices: expects.options.map((option, at) => ({ id: letter(at), description: { [LANGUAGE]: option } })),
    correctResponsesPattern: [expects.correct.map(letter).join(AND)],
  };
}

const response = (answer: QuizAnswer): string =>
  'number' in answer ? String(answer.number) : answer.chosen.map(letter).join(AND);

/** a for the first option of the question's text. */
const letter = (at: number): string => String.fromCharCode(97 + at);
