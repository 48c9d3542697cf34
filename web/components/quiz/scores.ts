import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type QuizElement, QuizResultEvent } from '../../protocol/quiz.ts';
import { type Connection, connectScores } from '../../report/connect.ts';

/**
 * Sends the scores of a quiz where the attributes `scores` and `scores-to` of its element say, and nowhere else. The element needs a line
 * for it: `#scores = new QuizScores(this)`.
 */
export class QuizScores implements ReactiveController {
  readonly #quiz: QuizElement & ReactiveControllerHost;
  #connection: Connection | undefined;
  #asked = '';

  constructor(quiz: QuizElement & ReactiveControllerHost) {
    this.#quiz = quiz;
    quiz.addController(this);
    quiz.addEventListener(QuizResultEvent.type, () => this.#connection?.report());
  }

  /** For the reader: who gets the answers, or why nobody does although somebody asked. */
  get note(): { readonly text: string; readonly problem: boolean } | undefined {
    if (this.#connection?.problem !== undefined) return { text: this.#connection.problem, problem: true };
    if (this.#connection?.origin === undefined) return undefined;
    return {
      text: `Your answers and your score are sent to ${this.#connection.origin}, the page around this one, which asked for them.`,
      problem: false,
    };
  }

  hostUpdated(): void {
    // Before it is known what is asked, nothing that was stored could be taken up.
    if (!this.#quiz.isConnected || this.#quiz.asked.length === 0) return;
    const scores = this.#quiz.getAttribute('scores');
    const scoresTo = this.#quiz.getAttribute('scores-to');
    const asked = JSON.stringify([scores, scoresTo]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#connection?.close();
    this.#connection = connectScores(this.#quiz, { scores, scoresTo });
    if (this.note) this.#quiz.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#asked = '';
  }
}
