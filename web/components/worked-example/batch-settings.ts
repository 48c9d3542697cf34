import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { controls } from '../../style/controls.ts';
import { formatNumber } from '../format-number.ts';
import { featureCount, workedExampleProperties, type WorkedExample } from '../../protocol/worked-example.ts';
import { setChoice, setNumber } from './edits.ts';
import { EditEvent, SealEvent, ViewEvent } from './events.ts';
import { NumberInputs, type NumberField } from './number-inputs.ts';
import { numberStyles, partStyles } from './styles.ts';

const { eps: EPS } = workedExampleProperties;

/** What holds for the whole walk: whose statistics normalise, ε, and which feature is looked at. */
export class BatchSettings extends LitElement {
  static override properties = { state: { attribute: false } };

  declare state: WorkedExample;

  readonly #inputs = new NumberInputs(this, { find: (id) => (id === 'eps' ? this.#eps : undefined) });

  get #eps(): NumberField {
    return {
      id: 'eps',
      label: 'ε',
      value: this.state.eps,
      range: EPS,
      edit: (value) => setNumber('eps', value),
    };
  }

  clearDrafts(): void {
    this.#inputs.clear();
  }

  override render(): TemplateResult {
    const { state } = this;
    const features = featureCount(state);
    const problem = this.#inputs.problem;
    return html`
      <div class="row">
        <fieldset class="segmented mode" data-changes>
          <legend>Normalise by</legend>
          ${this.#mode('training', 'this batch', 'training')}
          ${this.#mode('inference', 'running averages', 'inference')}
        </fieldset>
        <div class="eps" data-changes="more">
          <span class="symbol" aria-hidden="true">ε</span>
          <input
            type="range"
            min=${Math.log10(EPS.min)}
            max=${Math.log10(EPS.max)}
            step="0.25"
            aria-label="ε, on a logarithmic scale"
            aria-valuetext=${formatNumber(state.eps)}
            .value=${live(String(Math.log10(state.eps)))}
            @input=${this.#slid}
            @change=${() => this.dispatchEvent(new SealEvent())}
          />
          ${this.#inputs.input(this.#eps)}
        </div>
        ${features > 1 ? this.#features(features) : nothing}
      </div>
      ${problem === undefined ? nothing : html`<p class="problem" id="message" role="alert">${problem}</p>`}
    `;
  }

  #mode(mode: WorkedExample['mode'], text: string, name: string): TemplateResult {
    return html`<label class=${mode}>
      <input
        type="radio"
        name="mode"
        .checked=${live(this.state.mode === mode)}
        @change=${() => this.dispatchEvent(new EditEvent(setChoice({ mode })))}
      />
      <span>${text} <span class="aside">(${name})</span></span>
    </label>`;
  }

  #features(count: number): TemplateResult {
    return html`<fieldset class="segmented">
      <legend>Feature</legend>
      ${Array.from(
        { length: count },
        (_, feature) =>
          html`<label>
            <input
              type="radio"
              name="feature"
              .checked=${live(this.state.feature === feature)}
              @change=${() => this.dispatchEvent(new ViewEvent({ feature }))}
            />
            <span>${feature + 1}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  readonly #slid = (event: Event): void => {
    const value = Number((10 ** (event.target as HTMLInputElement).valueAsNumber).toPrecision(2));
    this.dispatchEvent(new EditEvent(setNumber('eps', Math.min(EPS.max, Math.max(EPS.min, value))), 'eps'));
  };

  static override styles = [
    controls,
    numberStyles,
    partStyles,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-5);
      }

      .eps {
        display: grid;
        grid-template-columns: auto 9rem 6.5rem;
        align-items: center;
        gap: var(--space-2);
      }

      .symbol {
        font: italic 600 var(--size-l) var(--font-serif);
      }

      .mode .inference {
        border-style: dashed;
      }

      @container (max-width: 30rem) {
        .aside,
        .mode legend {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('bn-batch-settings', BatchSettings);

declare global {
  interface HTMLElementTagNameMap {
    'bn-batch-settings': BatchSettings;
  }
}
