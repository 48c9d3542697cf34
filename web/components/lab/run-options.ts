import { css, html, LitElement, type TemplateResult } from 'lit';
import type { LabValue } from '../../protocol/lab.ts';
import { viewProperties } from '../../protocol/lab-properties.ts';
import { controls } from '../../style/controls.ts';
import { newSeed } from './edits.ts';
import { LabEditEvent, LabSealEvent } from './events.ts';
import './field.ts';
import type { FieldEvent } from './field.ts';

/** When training stops by itself, new seeds, one stream at a time, and the keys. */
export class LabRunOptions extends LitElement {
  static override properties = { value: { attribute: false } };

  declare value: LabValue;

  override render(): TemplateResult {
    return html`<details>
      <summary>Stop conditions, new seeds, keys</summary>
      <div class="options">
        ${this.#stop('stop_steps', 'Stop after', 'steps')}
        ${this.#stop('stop_loss', 'Stop when A’s batch loss reaches', '')}
        <div class="line" role="group" aria-label="New seeds">
          <span>New seed for</span>
          ${this.#seed('seed_data', 'data')} ${this.#seed('seed_init', 'initial weights')}
          ${this.#seed('seed_order', 'order')}
        </div>
        <p class="note">
          Keys, while the focus is in the figure: <kbd>Space</kbd> run or pause, <kbd>S</kbd> one batch,
          <kbd>E</kbd> one epoch, <kbd>R</kbd> rewind, <kbd>Ctrl</kbd> <kbd>Z</kbd> undo.
        </p>
      </div>
    </details>`;
  }

  #stop(name: 'stop_steps' | 'stop_loss', text: string, unit: string): TemplateResult {
    return html`<div class="line">
      <span aria-hidden="true">${text}</span>
      <bn-lab-field
        .property=${viewProperties[name]}
        .value=${this.value[name]}
        .label=${`${text}${unit === '' ? '' : `, ${unit}`}; 0: never`}
        @bn-field=${(event: FieldEvent) => {
          this.dispatchEvent(new LabEditEvent({ [name]: event.value as number }, name));
          if (event.final) this.dispatchEvent(new LabSealEvent());
        }}
      ></bn-lab-field>
      <span aria-hidden="true">${unit} <span class="note">(0: never)</span></span>
    </div>`;
  }

  #seed(name: 'seed_data' | 'seed_init' | 'seed_order', text: string): TemplateResult {
    const now = this.value[name];
    return html`<button
      title=${`Now ${now}. Training starts anew.`}
      @click=${() => this.dispatchEvent(new LabEditEvent({ [name]: newSeed(now) }))}
    >
      ${text} <span class="note">${now}</span>
    </button>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      summary {
        min-height: var(--target);
        line-height: var(--target);
        cursor: pointer;
      }

      .options,
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }

      .options {
        gap: var(--space-2) var(--space-5);
        padding-block: var(--space-2) var(--space-3);
      }

      .line bn-lab-field {
        width: 4.75rem;
      }

      p {
        flex-basis: 100%;
        margin: 0;
      }

      kbd {
        padding: 0.05em 0.35em;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        font: inherit;
      }
    `,
  ];
}

customElements.define('bn-lab-run-options', LabRunOptions);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-run-options': LabRunOptions;
  }
}
