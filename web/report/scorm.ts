import type { QuizAnswer, QuizAsked, QuizQuestionResult, QuizResult } from '../protocol/quiz.ts';
import type { Channel, ReportedQuiz } from './channel.ts';
import { mergeResults, newAnswers } from './quiz-result.ts';
import type { ScormApi } from './scorm-api.ts';
import { fromSuspendData, toSuspendData } from './suspend-data.ts';

/** After a commit that failed: the waits before the next ones, in milliseconds. The last is repeated. */
export const COMMIT_AGAIN_AFTER = [2_000, 5_000, 15_000, 60_000] as const;

/** What LMSGetLastError says of an element the platform does not keep. */
const NOT_IMPLEMENTED = '401';

/** Values of `cmi.core.lesson_status` after which there is an outcome. */
const DONE = new Set(['passed', 'failed', 'completed']);

const LONGEST_STRING = 255;

export interface ScormOptions {
  /** Points of 100 from which the quiz is passed; the platform's own word counts more. Undefined: no such number. */
  readonly mastery?: number | undefined;
  /** Something for people to know, or, as undefined, no longer. */
  readonly onProblem: (problem: string | undefined) => void;
}

interface Interaction {
  readonly question: QuizQuestionResult;
  readonly asked: QuizAsked | undefined;
  readonly at: Date;
}

/**
 * A quiz in a SCORM 1.2 platform (run-time environment 1.2): takes up what was answered before, tells every answer at once and
 * commits, and ends the session with the page.
 */
export class ScormChannel implements Channel {
  readonly #quiz: ReportedQuiz;
  readonly #api: ScormApi;
  readonly #options: ScormOptions;
  readonly #started = Date.now();
  #told: QuizResult;
  #interactions: Interaction[] = [];
  #recorded = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open: boolean;
  #wasDone = false;

  constructor(quiz: ReportedQuiz, api: ScormApi, options: ScormOptions) {
    this.#quiz = quiz;
    this.#api = api;
    this.#options = options;
    this.#open = this.#does(() => api.LMSInitialize(''));
    if (!this.#open) {
      options.onProblem('The course platform did not open its records: answers and score stay in this page.');
    } else {
      this.#recorded = Math.trunc(Number(this.#get('cmi.interactions._count'))) || 0;
      this.#wasDone = DONE.has(this.#get('cmi.core.lesson_status'));
      this.#resume();
    }
    this.#told = quiz.result;
    if (this.#open) this.#save();
  }

  report(): void {
    const { result, asked } = this.#quiz;
    const at = new Date();
    for (const question of newAnswers(this.#told, result)) {
      this.#interactions.push({ question, asked: asked.find(({ id }) => id === question.id), at });
    }
    this.#told = result;
    if (this.#open) this.#save();
  }

  close(): void {
    if (!this.#open) return;
    this.#save();
    clearTimeout(this.#timer);
    this.#does(() => this.#api.LMSFinish(''));
    this.#open = false;
  }

  #resume(): void {
    const stored = fromSuspendData(this.#get('cmi.suspend_data'));
    if (stored && stored.answered > 0) this.#quiz.restore(mergeResults(stored, this.#quiz.result));
  }

  /** Everything anew: what an earlier, failed commit lost is in this one. */
  #save(): void {
    clearTimeout(this.#timer);
    this.#flushInteractions();
    const stored = [...this.#values()].map(([name, value]) => this.#set(name, value));
    const committed = this.#does(() => this.#api.LMSCommit(''));
    if (stored.every(Boolean) && committed) {
      if (this.#failures > 0) this.#options.onProblem(undefined);
      this.#failures = 0;
      return;
    }
    const wait = COMMIT_AGAIN_AFTER[Math.min(this.#failures, COMMIT_AGAIN_AFTER.length - 1)]!;
    this.#failures++;
    this.#options.onProblem(
      'The course platform has not taken up the newest answers. They are sent again; keep this page open.',
    );
    this.#timer = setTimeout(() => this.#save(), wait);
  }

  *#values(): Generator<readonly [string, string]> {
    const result = this.#quiz.result;
    // A platform that kept the outcome and lost the answers shall not lose the outcome too.
    if (result.finished || !this.#wasDone) {
      if (result.answered > 0) {
        yield ['cmi.core.score.min', '0'];
        yield ['cmi.core.score.max', '100'];
        yield ['cmi.core.score.raw', String(points(result))];
      }
      yield ['cmi.core.lesson_status', this.#status(result)];
    }
    const data = toSuspendData(result);
    if (data !== undefined) yield ['cmi.suspend_data', data];
    // Also of a quiz that is done: opened again, it shows its answers and lets missed questions be retried.
    yield ['cmi.core.exit', 'suspend'];
    yield ['cmi.core.session_time', timespan(Date.now() - this.#started)];
  }

  #status(result: QuizResult): string {
    if (!result.finished) return 'incomplete';
    const own = this.#get('cmi.student_data.mastery_score');
    const mastery = own !== '' && Number.isFinite(Number(own)) ? Number(own) : this.#options.mastery;
    if (mastery === undefined) return 'completed';
    return points(result) >= mastery ? 'passed' : 'failed';
  }

  /** Platforms need not keep interactions; those that do not are not asked twice. */
  #flushInteractions(): void {
    while (this.#interactions.length > 0) {
      const element = `cmi.interactions.${this.#recorded}`;
      const [[first, id], ...rest] = interactionValues(this.#interactions[0]!);
      if (!this.#set(`${element}.${first}`, id)) {
        if (this.#lastError() === NOT_IMPLEMENTED) this.#interactions = [];
        return;
      }
      for (const [name, value] of rest) this.#set(`${element}.${name}`, value);
      this.#interactions.shift();
      this.#recorded++;
    }
  }

  #get(name: string): string {
    return textOf(() => this.#api.LMSGetValue(name));
  }

  #lastError(): string {
    return textOf(() => this.#api.LMSGetLastError());
  }

  #set(name: string, value: string): boolean {
    return this.#does(() => this.#api.LMSSetValue(name, value));
  }

  #does(call: () => unknown): boolean {
    return textOf(call) === 'true';
  }
}

/** Platforms answer with true where they should say `'true'`, with nothing at all, or fall over. */
function textOf(call: () => unknown): string {
  try {
    return String(call() ?? '');
  } catch {
    return '';
  }
}

/** Of 100, to two places: `cmi.core.score.raw`. */
function points({ score }: QuizResult): number {
  return Math.round(score * 10_000) / 100;
}

/** A name and a value each; the id first, which opens the entry. */
function interactionValues({
  question,
  asked,
  at,
}: Interaction): [readonly [string, string], ...(readonly [string, string])[]] {
  const { id, answer, correct } = question;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  const expects = asked?.expects;
  return [
    ['id', id.replace(/[^\w-]/g, '_').slice(0, LONGEST_STRING)],
    ['time', time],
    ['type', answer && 'number' in answer ? 'numeric' : 'choice'],
    ...(expects
      ? ([
          [
            'correct_responses.0.pattern',
            // The tolerance has no place in a SCORM 1.2 pattern.
            expects.kind === 'number' ? decimal(expects.value) : letters(expects.correct),
          ],
        ] as const)
      : []),
    ['weighting', '1'],
    ['student_response', answer ? responseOf(answer) : ''],
    ['result', correct ? 'correct' : 'wrong'],
  ];
}

const responseOf = (answer: QuizAnswer): string =>
  'number' in answer ? decimal(answer.number) : letters(answer.chosen);

/** `b`, or `{a,c}` for several: a for the first option of the question's text. */
function letters(chosen: readonly number[]): string {
  const list = chosen.map((at) => String.fromCharCode(97 + at)).join(',');
  return chosen.length === 1 ? list : `{${list}}`;
}

/** CMIDecimal knows no powers of ten, and no more than ten digits before the point. */
const decimal = (value: number): string =>
  String(Number(Math.max(-9_999_999_999, Math.min(9_999_999_999, value)).toFixed(6)));

/** HHHH:MM:SS.SS */
function timespan(milliseconds: number): string {
  const seconds = Math.max(0, Math.min(milliseconds / 1000, 9999 * 3600));
  const hours = String(Math.floor(seconds / 3600)).padStart(4, '0');
  const rest = (seconds % 60).toFixed(2).padStart(5, '0');
  return `${hours}:${twoDigits(Math.floor(seconds / 60) % 60)}:${rest === '60.00' ? '59.99' : rest}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
