import type { QuizResult } from '../protocol/quiz.ts';
import type { Channel, ReportedQuiz } from './channel.ts';
import type { ParentPage } from './parent-page.ts';
import { own, text } from './plain.ts';
import { mergeResults, newAnswers, readQuizResult } from './quiz-result.ts';
import { uuid } from './uuid.ts';

/** How long the platform has for the stored state before it is asked again, and how often it is asked. */
export const ANSWER_WITHIN = 5_000;
export const ASKED = 3;

/** After a refused report: the waits before the next ones, in milliseconds. The newest report holds all the older ones did. */
export const RETRY_AFTER = [1_000, 2_000, 5_000, 15_000, 60_000] as const;

const LONGEST_STATE = 200_000;

/**
 * The SPLICE iframe protocol (https://cssplice.org/slcp/iframe-protocol-specification.html), content's side. The state stored with a
 * score is the quiz's result. It is asked for first; until the platform answered, or had its time, nothing is reported, lest an
 * unfinished beginning overwrite what is stored. An answer that comes late is taken up all the same.
 *
 * No `domain_id` and `content_id` are sent: the platform then goes by the frame's address, which names the quiz.
 */
export class SpliceChannel implements Channel {
  readonly #quiz: ReportedQuiz;
  readonly #parent: ParentPage;
  readonly #stopListening: () => void;
  readonly #stateRequest = uuid();
  readonly #reports = new Set<string>();
  #told: QuizResult;
  #stateAnswered = false;
  #mayReport = false;
  #waiting = false;
  #refusals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(quiz: ReportedQuiz, parent: ParentPage) {
    this.#quiz = quiz;
    this.#parent = parent;
    this.#told = quiz.result;
    this.#stopListening = parent.listen((message) => this.#hear(message));
    this.#askForState(1);
  }

  report(): void {
    for (const { id, tries, correct } of newAnswers(this.#told, this.#quiz.result)) {
      this.#parent.post({
        subject: 'SPLICE.sendEvent',
        message_id: uuid(),
        name: 'answered',
        data: { question: id, tries, correct },
      });
    }
    this.#told = this.#quiz.result;
    this.#waiting = true;
    this.#send();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  #askForState(time: number): void {
    this.#parent.post({ subject: 'SPLICE.getState', message_id: this.#stateRequest });
    this.#timer = setTimeout(() => {
      if (time < ASKED) this.#askForState(time + 1);
      else this.#allowReports();
    }, ANSWER_WITHIN);
  }

  #allowReports(): void {
    clearTimeout(this.#timer);
    this.#mayReport = true;
    this.#send();
  }

  #send(): void {
    if (!this.#mayReport || !this.#waiting) return;
    clearTimeout(this.#timer);
    this.#waiting = false;
    const { result } = this.#quiz;
    const message = uuid();
    this.#reports.add(message);
    this.#parent.post({
      subject: 'SPLICE.reportScoreAndState',
      message_id: message,
      score: result.score,
      state: result,
    });
  }

  #hear(message: unknown): void {
    const subject = own(message, 'subject');
    const id = text(own(message, 'message_id'), 100);
    if (subject === 'SPLICE.getState.response' && id === this.#stateRequest) {
      if (this.#stateAnswered) return;
      this.#stateAnswered = true;
      this.#takeUp(own(message, 'error') ? undefined : own(message, 'state'));
      this.#allowReports();
    }
    if (subject === 'SPLICE.reportScoreAndState.response' && id !== undefined && this.#reports.delete(id)) {
      if (own(message, 'error')) this.#tryAgain();
      else this.#refusals = 0;
    }
  }

  #takeUp(state: unknown): void {
    const stored = readQuizResult(typeof state === 'string' ? parsed(state) : state);
    const now = this.#quiz.result;
    const merged = stored && mergeResults(stored, now);
    if (!merged || merged === now || merged.answered === 0 || !this.#quiz.restore(merged)) return;
    this.#told = this.#quiz.result;
    // What was answered meanwhile is news to the platform.
    if (now.answered > 0) this.#waiting = true;
  }

  #tryAgain(): void {
    const wait = RETRY_AFTER[this.#refusals];
    if (wait === undefined) return;
    this.#refusals++;
    this.#waiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), wait);
  }
}

function parsed(state: string): unknown {
  if (state.length > LONGEST_STATE) return undefined;
  try {
    return JSON.parse(state);
  } catch {
    return undefined;
  }
}
