import {
  MOST_TRIES,
  QUIZ_RESULT_VERSION,
  type QuizAnswer,
  type QuizQuestionResult,
  type QuizResult,
  quizResult,
} from '../protocol/quiz.ts';
import { isRightChoice } from './grade.ts';
import { isNumber, type Item, makeQuiz, type Quiz } from './quiz.ts';
import { decodeQuiz } from './settings.ts';

/** What has been answered so far. */
export interface Answered {
  readonly answer: QuizAnswer;
  readonly tries: number;
  readonly correct: boolean;
  readonly correctAtFirst: boolean;
}

/** By question. */
export type Attempt = ReadonlyMap<string, Answered>;

export const NOTHING_ANSWERED: Attempt = new Map();

/** With an answer more; the first one decides what is scored. */
export function answered(attempt: Attempt, id: string, answer: QuizAnswer, correct: boolean): Attempt {
  const before = attempt.get(id);
  const now: Answered = {
    answer,
    tries: Math.min(MOST_TRIES, (before?.tries ?? 0) + 1),
    correct,
    correctAtFirst: before?.correctAtFirst ?? correct,
  };
  return new Map(attempt).set(id, now);
}

/** Of these questions; those nobody can answer, for want of an engine, are not among them. */
export function resultOf(quiz: Quiz, attempt: Attempt, items: readonly Item[] = quiz.items): QuizResult {
  const questions = items.map(({ question: { id } }): QuizQuestionResult => {
    const found = attempt.get(id);
    return found
      ? { id, ...found }
      : { id, answer: undefined, tries: 0, correct: false, correctAtFirst: false };
  });
  return quizResult(quiz.text, questions);
}

/** Those whose newest answer was wrong, in the order they are asked. */
export function missed(quiz: Quiz, attempt: Attempt): readonly Item[] {
  return quiz.items.filter(({ question: { id } }) => attempt.get(id)?.correct === false);
}

/** A quiz and what was answered in it, as a result told before has them. */
export interface Restored {
  readonly quiz: Quiz;
  readonly attempt: Attempt;
}

/**
 * Reads a result, or anything else: undefined where it is none, or of a quiz whose questions are not these. Another seed is
 * the same quiz in another order. Whether a choice was right is judged anew.
 */
export function restored(quiz: Quiz, result: unknown): Restored | undefined {
  if (!isRecord(result) || result.version !== QUIZ_RESULT_VERSION || typeof result.quiz !== 'string')
    return undefined;
  const { value: settings } = decodeQuiz(result.quiz);
  if (!settings) return undefined;
  const told = makeQuiz(settings);
  if (makeQuiz({ ...quiz.settings, seed: settings.seed }).text !== told.text) return undefined;
  const { questions } = result;
  if (!Array.isArray(questions) || questions.length > told.items.length) return undefined;
  const attempt = new Map<string, Answered>();
  for (const entry of questions as readonly unknown[]) {
    if (!isRecord(entry)) return undefined;
    const item = told.items.find(({ question }) => question.id === entry.id);
    if (!item || attempt.has(item.question.id)) return undefined;
    if (entry.answer === undefined || entry.answer === null) continue;
    const found = answeredIn(item, entry);
    if (!found) return undefined;
    attempt.set(item.question.id, found);
  }
  return { quiz: told, attempt };
}

function answeredIn(item: Item, entry: Record<string, unknown>): Answered | undefined {
  const { tries } = entry;
  const answer = answerIn(item, entry.answer);
  if (!answer || typeof tries !== 'number' || !Number.isInteger(tries) || tries < 1 || tries > MOST_TRIES)
    return undefined;
  // What a number should have been only the engine knows, and it said so when the answer was given.
  const correct =
    'chosen' in answer && !isNumber(item)
      ? isRightChoice(item.question, answer.chosen)
      : entry.correct === true;
  return { answer, tries, correct, correctAtFirst: tries === 1 ? correct : entry.correctAtFirst === true };
}

function answerIn(item: Item, answer: unknown): QuizAnswer | undefined {
  if (!isRecord(answer)) return undefined;
  if (isNumber(item)) {
    const { number } = answer;
    return typeof number === 'number' && Number.isFinite(number) ? { number } : undefined;
  }
  const { chosen } = answer;
  const { options, kind } = item.question;
  if (!Array.isArray(chosen) || chosen.length === 0 || chosen.length > options.length) return undefined;
  const positions = (chosen as readonly unknown[]).filter(
    (position): position is number =>
      typeof position === 'number' &&
      Number.isInteger(position) &&
      position >= 0 &&
      position < options.length,
  );
  const different = new Set(positions);
  if (different.size !== chosen.length || (kind === 'one' && different.size !== 1)) return undefined;
  return { chosen: [...different].toSorted((a, b) => a - b) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
