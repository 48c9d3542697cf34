import { namesIn } from '../protocol/names.ts';
import { MOST_QUESTIONS } from '../protocol/quiz.ts';
import type { ChoiceQuestion, Drawn, NumberQuestion, Question } from './question.ts';
import { findQuestion, QUESTIONS } from './questions.ts';
import { randomOf, shuffled } from './random.ts';
import { encodeQuiz, type QuizSettings } from './settings.ts';

/** A question as it is asked: its answers in their order, its numbers drawn. */
export type Item = ChoiceItem | NumberItem;

export interface ChoiceItem {
  readonly question: ChoiceQuestion;
  /** Positions of the options in the question's text, in the order they are shown. */
  readonly order: readonly number[];
}

export interface NumberItem {
  readonly question: NumberQuestion;
  readonly drawn: Drawn;
}

export interface Quiz {
  readonly settings: QuizSettings;
  /** Of its link. */
  readonly text: string;
  readonly items: readonly Item[];
}

/** The same settings make the same quiz, everywhere and always. */
export function makeQuiz(settings: QuizSettings): Quiz {
  const { count, seed, shuffle } = settings;
  const found = chosen(settings);
  const ordered = shuffle ? beginWithWords(shuffled(randomOf(seed, 'questions'), found)) : found;
  const kept = ordered.slice(0, count === 0 ? MOST_QUESTIONS : count);
  return { settings, text: encodeQuiz(settings), items: kept.map((question) => itemOf(question, settings)) };
}

/** Nobody should have to fetch a pencil for the very first question: where there is another, it changes places with it. */
function beginWithWords(questions: readonly Question[]): readonly Question[] {
  const first = questions.findIndex(({ kind }) => kind !== 'number');
  return first <= 0 ? questions : questions.with(0, questions[first]!).with(first, questions[0]!);
}

function chosen({ chapter, questions }: QuizSettings): readonly Question[] {
  const names = namesIn(questions);
  if (names.length > 0) return names.flatMap((name) => findQuestion(name) ?? []);
  return chapter === 0 ? QUESTIONS : QUESTIONS.filter(({ chapters }) => chapters.includes(chapter));
}

function itemOf(question: Question, { seed, shuffle }: QuizSettings): Item {
  const random = randomOf(seed, question.id);
  if (question.kind === 'number') return { question, drawn: question.draw(random) };
  const order = question.options.map((_, position) => position);
  return { question, order: shuffle ? shuffled(random, order) : order };
}

export function isNumber(item: Item): item is NumberItem {
  return item.question.kind === 'number';
}

/** What is asked, with its numbers. */
export function textOf(item: Item): string {
  return isNumber(item) ? item.drawn.text : item.question.text;
}
