import { namesIn } from '../protocol/names.ts';
import {
  decodeProperties,
  defaultsOf,
  encodeProperties,
  formatProperty,
  type Parsed,
  parseProperty,
  type PropertyList,
  type ValuesOf,
} from '../protocol/properties.ts';
import { LAST_CHAPTER, MOST_QUESTIONS } from '../protocol/quiz.ts';
import { findQuestion } from './questions.ts';

/** The key of a quiz in an address, and the version of its text there: `#quiz=1;chapter=3;seed=7`. */
export const QUIZ_KEY = 'quiz';
export const QUIZ_VERSION = 1;

export const MOST_SEED = 999_999;

const properties = {
  chapter: {
    kind: 'number',
    label: 'Chapter',
    help: 'Questions that belong to this chapter; 0: to any.',
    default: 0,
    min: 0,
    max: LAST_CHAPTER,
    whole: true,
    step: 1,
  },
  questions: {
    kind: 'text',
    label: 'Questions',
    help: 'Their names, with commas between; without, those of the chapter.',
    default: '',
    maxLength: 1200,
  },
  count: {
    kind: 'number',
    label: 'How many',
    help: 'The first so many, after shuffling; 0: all.',
    default: 0,
    min: 0,
    max: MOST_QUESTIONS,
    whole: true,
    step: 1,
  },
  seed: {
    kind: 'number',
    label: 'Seed',
    help: 'Order and numbers are drawn from it.',
    default: 1,
    min: 0,
    max: MOST_SEED,
    whole: true,
    step: 1,
  },
  shuffle: {
    kind: 'boolean',
    label: 'Shuffle',
    help: 'Questions and answers in an order drawn from the seed.',
    default: true,
  },
} as const satisfies PropertyList;

export type QuizSettings = ValuesOf<typeof properties>;
export type QuizSetting = keyof QuizSettings;
export const QUIZ_SETTINGS = Object.keys(properties) as readonly QuizSetting[];

export const ALL_QUESTIONS: QuizSettings = defaultsOf(properties);

/** One setting, as an attribute or a link has it. */
export function parseSetting<K extends QuizSetting>(name: K, text: string): Parsed<QuizSettings[K]> {
  const parsed = parseProperty(properties[name], text) as Parsed<QuizSettings[K]>;
  const problem = parsed.problem ?? (name === 'questions' ? namesProblem(text) : undefined);
  return problem === undefined ? parsed : { problem };
}

/** The text that `parseSetting` reads back as the same value. */
export function settingText<K extends QuizSetting>(name: K, value: QuizSettings[K]): string {
  return formatProperty(properties[name], value);
}

function namesProblem(text: string): string | undefined {
  const names = namesIn(text);
  if (names.length > MOST_QUESTIONS)
    return `expected at most ${MOST_QUESTIONS} questions, got ${names.length}`;
  const stranger = names.find((name) => !findQuestion(name));
  if (stranger !== undefined) return `there is no question called “${stranger.slice(0, 24)}”`;
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return twice === undefined ? undefined : `${twice} is given twice`;
}

/** The text of a quiz in a link: what differs from all questions. */
export function encodeQuiz(settings: QuizSettings): string {
  const changed = QUIZ_SETTINGS.filter((name) => settings[name] !== ALL_QUESTIONS[name]);
  return encodeProperties(
    properties,
    QUIZ_VERSION,
    Object.fromEntries(changed.map((name) => [name, settings[name]])) as Partial<QuizSettings>,
  );
}

/** Reads what `encodeQuiz` wrote, or anything else. */
export function decodeQuiz(text: string): Parsed<QuizSettings> {
  const { value, problem } = decodeProperties(properties, QUIZ_VERSION, text);
  if (problem !== undefined) return { problem };
  const names = namesProblem(value.questions ?? '');
  return names === undefined ? { value: { ...ALL_QUESTIONS, ...value } } : { problem: `questions: ${names}` };
}
