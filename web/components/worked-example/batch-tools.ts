import { css, html, LitElement, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { textBox } from '../../style/parts.ts';
import {
  exampleCount,
  featureCount,
  MAX_EXAMPLES,
  MAX_FEATURES,
  type WorkedExample,
} from '../../protocol/worked-example.ts';
import { addExample, addFeature, removeExample, removeFeature, type Edit } from './edits.ts';
import { EditEvent, PasteEvent } from './events.ts';
import { partStyles } from './styles.ts';

/** The batch's rows and columns: add, remove, or put in a whole batch at once. */
export class BatchTools extends LitElement {
  static override properties = { state: { attribute: false } };

  declare state: WorkedExample;

  override render(): TemplateResult {
    const { state } = this;
    const [examples, features] = [exampleCount(state), featureCount(state)];
    const button = (enabled: boolean, edit: Edit, text: string) =>
      html`<button ?disabled=${!enabled} @click=${() => this.dispatchEvent(new EditEvent(edit))}>
        ${text}
      </button>`;
    return html`
      <div class="row">
        ${button(examples < MAX_EXAMPLES, addExample(), 'Add an example')}
        ${button(examples > 1, removeExample(state.example), `Remove example ${state.example + 1}`)}
        ${button(features < MAX_FEATURES, addFeature(), 'Add a feature')}
        ${button(features > 1, removeFeature(state.feature), `Remove feature ${state.feature + 1}`)}
      </div>
      <label for="paste">
        Cells copied from a spreadsheet can be pasted into any number of the batch. Or put the whole batch
        here, one row per example, one column per feature:
      </label>
      <textarea id="paste" rows="4" spellcheck="false" placeholder=${'2\t10\n4\t30\n6\t20'}></textarea>
      <button @click=${this.#use}>Use as the batch</button>
      <p class="note">
        A number can be typed, stepped with ↑ and ↓ (Shift: ten steps) or dragged sideways. At most
        ${MAX_EXAMPLES} examples of ${MAX_FEATURES} features.
      </p>
    `;
  }

  readonly #use = (): void => {
    this.dispatchEvent(new PasteEvent(this.renderRoot.querySelector('textarea')?.value ?? ''));
  };

  static override styles = [
    controls,
    partStyles,
    textBox,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      label {
        display: block;
        max-width: var(--measure);
        margin-block: var(--space-3) var(--space-1);
        font-size: var(--size-s);
      }

      textarea {
        width: min(100%, 30rem);
        margin-block-end: var(--space-2);
        padding: var(--space-1) var(--space-2);
        tab-size: 8;
      }

      .note {
        margin: var(--space-2) 0 0;
      }
    `,
  ];
}

customElements.define('bn-batch-tools', BatchTools);
