import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { controls } from '../../style/controls.ts';

/** A prediction was made: what it is about may now be run. */
export class PredictedEvent extends Event {
  constructor() {
    super('bn-predicted', { bubbles: true, composed: true });
  }
}

/**
 * `<bn-lab-predict slot="predict">`: a question to be answered before the Lab it stands in can be run, and what came out,
 * shown afterwards. Written as prose that stands without the Lab:
 *
 *     <bn-lab-predict slot="predict">
 *       <p>Which network learns more from one epoch?</p>
 *       <ul><li>The one with small batches.</li><li>The one with the full batch.</li></ul>
 *       <p slot="outcome">…</p>
 *     </bn-lab-predict>
 *
 * Without scripts question, answers and outcome are all there. With `answer="1"` the outcome begins by saying whether the
 * prediction came true; without, the reader is left to judge.
 */
export class LabPredict extends LitElement {
  static override properties = {
    answer: { type: Number },
    revealed: { type: Boolean },
    options: { state: true },
    chosen: { state: true },
  };

  /** The option that comes true, counted from 1. */
  declare answer: number | null;
  /** The outcome is shown. */
  declare revealed: boolean;
  declare private options: readonly string[];
  declare private chosen: number | undefined;

  constructor() {
    super();
    this.revealed = false;
    this.options = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const list = this.querySelector(':scope > ul, :scope > ol');
    this.options = [...(list?.children ?? [])].map((item) => item.textContent?.trim() ?? '');
    list?.setAttribute('slot', 'options');
  }

  /** Whether the question has been answered. */
  get predicted(): boolean {
    return this.chosen !== undefined;
  }

  #choose(option: number): void {
    this.chosen = option;
    this.dispatchEvent(new PredictedEvent());
  }

  override render(): TemplateResult {
    return html`<div class="frame">
        <fieldset ?disabled=${this.revealed}>
          <legend><span class="ask">Predict, then run.</span><slot></slot></legend>
          ${this.options.map(
            (option, index) =>
              html`<label class=${this.#mark(index)}>
                <input
                  type="radio"
                  name="prediction"
                  .checked=${live(this.chosen === index)}
                  @change=${() => this.#choose(index)}
                />
                <span>${option}${this.#verdict(index)}</span>
              </label>`,
          )}
        </fieldset>
      </div>
      <div class="outcome" role="status" ?hidden=${!this.revealed}>
        ${this.revealed ? this.#comparison() : nothing}<slot name="outcome"></slot>
      </div>`;
  }

  #mark(index: number): string {
    return this.revealed && this.answer === index + 1 ? 'true' : '';
  }

  #verdict(index: number): TemplateResult | typeof nothing {
    if (!this.revealed || this.answer !== index + 1) return nothing;
    return html` <b>– this came out</b>`;
  }

  #comparison(): TemplateResult | typeof nothing {
    if (this.chosen === undefined || !this.answer) return nothing;
    return this.chosen === this.answer - 1
      ? html`<p><b>As you predicted.</b></p>`
      : html`<p><b>Not as you predicted.</b></p>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        margin-block: var(--space-4);
        font: var(--size-m) / 1.45 var(--font-sans);
      }

      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }

      .frame {
        padding-inline-start: var(--space-4);
        border-inline-start: 3px solid var(--accent);
      }

      legend {
        max-width: var(--measure);
        padding: 0;
      }

      .ask {
        font-weight: 600;
      }

      ::slotted(p) {
        margin: 0 0 var(--space-2);
        max-width: var(--measure);
      }

      label {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
        min-height: var(--target);
        max-width: var(--measure);
        padding-block: 0.2em;
        cursor: pointer;
      }

      label input {
        flex: none;
        margin-block-start: 0.15em;
      }

      fieldset:disabled label {
        cursor: auto;
      }

      .true {
        background: var(--good-soft);
      }

      .outcome {
        margin-block-start: var(--space-3);
        padding-inline-start: var(--space-4);
        border-inline-start: 3px solid var(--good);
      }

      .outcome p {
        margin: 0 0 var(--space-2);
      }
    `,
  ];
}

customElements.define('bn-lab-predict', LabPredict);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-predict': LabPredict;
  }
  interface HTMLElementEventMap {
    'bn-predicted': PredictedEvent;
  }
}
