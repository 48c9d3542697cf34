import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { download } from '../../export/download.ts';
import { FORMATIVE, quizCsv, quizJson } from '../../export/quiz-report.ts';
import type { QuizAsked, QuizResult } from '../../protocol/quiz.ts';
import { controls } from '../../style/controls.ts';
import { printReport } from './print-report.ts';

const FILE = 'batchnorm-lab-quiz';

/** How long a browser may take to begin with printing before it is taken to refuse. */
const PRINTS_WITHIN = 1_500;

/**
 * `<bn-quiz-report>`: score and answers to take away, on paper or as a file, and what they are worth. Of the quiz it is
 * given (`.result`, `.asked`).
 */
export class BnQuizReport extends LitElement {
  static override properties = {
    result: { attribute: false },
    asked: { attribute: false },
    said: { state: true },
  };

  declare result: QuizResult | undefined;
  declare asked: readonly QuizAsked[];
  declare private said: string;

  constructor() {
    super();
    this.asked = [];
    this.said = '';
  }

  #print(result: QuizResult): void {
    this.said = '';
    let printing = false;
    addEventListener('beforeprint', () => (printing = true), { once: true });
    const giveUp = printReport(result, this.asked, new Date());
    setTimeout(() => {
      if (printing) return;
      giveUp();
      this.said = 'This page is not allowed to print here. The files hold the same.';
    }, PRINTS_WITHIN);
  }

  protected override render(): TemplateResult {
    const { result, asked } = this;
    return html`
      ${
        result && result.answered > 0
          ? html`<div class="take" role="group" aria-label="Take your answers away">
              <button type="button" @click=${() => this.#print(result)}>Print answers</button>
              <button
                type="button"
                @click=${() => download(`${FILE}.csv`, quizCsv(result, asked, new Date()), 'text/csv')}
              >
                CSV
              </button>
              <button
                type="button"
                @click=${() => download(`${FILE}.json`, quizJson(result, asked, new Date()), 'application/json')}
              >
                JSON
              </button>
            </div>`
          : nothing
      }
      <output class="note">${this.said}</output>
      ${result && result.answered > 0 ? html`<p class="note">${FORMATIVE}</p>` : nothing}
    `;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .take {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-block-start: var(--space-3);
      }

      p {
        margin: var(--space-2) 0 0;
        max-width: var(--measure);
      }

      @media print {
        .take {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('bn-quiz-report', BnQuizReport);
