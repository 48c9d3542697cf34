import {
  MOST_QUESTIONS,
  MOST_TRIES,
  QUIZ_RESULT_VERSION,
  type QuizAnswer,
  type QuizQuestionResult,
  type QuizResult,
  quizResult,
} from '../protocol/quiz.ts';
import { count, items, own, text } from './plain.ts';

const MOST_OPTIONS = 26;
const LONGEST_ID = 64;
const LONGEST_QUIZ = 2_000;

/**
 * A result as somebody else kept it, taken over value by value, or undefined where it is none. Sums are computed, not believed.
 * Whether it belongs to this quiz is for the quiz to say.
 */
export function readQuizResult(value: unknown): QuizResult | undefined {
  if (own(value, 'version') !== QUIZ_RESULT_VERSION) return undefined;
  const quiz = text(own(value, 'quiz'), LONGEST_QUIZ);
  const questions = items(own(value, 'questions'), MOST_QUESTIONS)?.map(readQuestion);
  if (quiz === undefined || !questions?.every((question) => question !== undefined)) return undefined;
  if (new Set(questions.map(({ id }) => id)).size !== questions.length) return undefined;
  return quizResult(quiz, questions);
}

function readQuestion(value: unknown): QuizQuestionResult | undefined {
  const id = text(own(value, 'id'), LONGEST_ID);
  const tries = count(own(value, 'tries'), MOST_TRIES);
  const correct = own(value, 'correct');
  const correctAtFirst = own(value, 'correctAtFirst');
  if (!id || tries === undefined || typeof correct !== 'boolean' || typeof correctAtFirst !== 'boolean')
    return undefined;
  const given = own(value, 'answer');
  // JSON leaves out what is undefined; some stores write null instead.
  const answer = given === undefined || given === null ? undefined : readAnswer(given);
  if ((answer === undefined) !== (tries === 0)) return undefined;
  if (tries === 0 && (correct || correctAtFirst)) return undefined;
  if (tries === 1 && correct !== correctAtFirst) return undefined;
  return { id, answer, tries, correct, correctAtFirst };
}

function readAnswer(value: unknown): QuizAnswer | undefined {
  const number = own(value, 'number');
  if (typeof number === 'number') return Number.isFinite(number) ? { number } : undefined;
  const chosen = items(own(value, 'chosen'), MOST_OPTIONS)?.map((at) => count(at, MOST_OPTIONS - 1));
  if (!chosen?.every((at) => at !== undefined) || new Set(chosen).size !== chosen.length) return undefined;
  return { chosen };
}

/**
 * What was stored and what was answered since the page opened, as one: nothing is lost, and a question's first answer stays the
 * one that counts. A quiz stored with another seed has other numbers: then the one with more answers is kept.
 */
export function mergeResults(stored: QuizResult, now: QuizResult): QuizResult {
  if (stored.quiz !== now.quiz) return stored.answered >= now.answered ? stored : now;
  const earlier = new Map(stored.questions.map((question) => [question.id, question]));
  const merged = now.questions.map((newer) => {
    const older = earlier.get(newer.id);
    earlier.delete(newer.id);
    if (!older || older.tries === 0) return newer;
    if (newer.tries === 0) return older;
    const tries = Math.min(MOST_TRIES, older.tries + newer.tries);
    return { ...newer, tries, correctAtFirst: older.correctAtFirst };
  });
  // A question that cannot be asked here, for want of an engine, was answered elsewhere.
  return quizResult(now.quiz, [...merged, ...earlier.values()]);
}

/** The questions answered since `before`, newest answers; of another quiz, all that are answered. */
export function newAnswers(before: QuizResult | undefined, now: QuizResult): readonly QuizQuestionResult[] {
  const known = before?.quiz === now.quiz ? before.questions : [];
  const tries = new Map(known.map((question) => [question.id, question.tries]));
  return now.questions.filter((question) => question.tries > (tries.get(question.id) ?? 0));
}
