import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { defaultGradient, type WorkedExample } from '../../protocol/worked-example.ts';
import { setChoice, setGradient, type Edit } from './edits.ts';
import { EditEvent } from './events.ts';
import { partStyles } from './styles.ts';
import type { FeatureView } from './walk.ts';
import { WhenFresh } from './when-fresh.ts';

/** Where dL/dy comes from: set by hand, with a few telling choices, or from a target. */
export class GradientSource extends LitElement {
  static override properties = { view: { attribute: false }, state: { attribute: false } };

  declare view: FeatureView | undefined;
  declare state: WorkedExample;

  readonly #fresh = new WhenFresh(this);

  override render(): TemplateResult {
    const { state } = this;
    const { example } = state;
    return html`
      <div class="row" data-changes>
        <fieldset class="segmented">
          <legend>dL/dy</legend>
          ${(['given', 'target'] as const).map(
            (gradient) =>
              html`<label>
                <input
                  type="radio"
                  name="gradient"
                  .checked=${state.gradient === gradient}
                  @change=${() => this.#send(setChoice({ gradient }))}
                />
                <span>${gradient === 'given' ? 'set by hand' : 'from a target'}</span>
              </label>`,
          )}
        </fieldset>
        <div class="try" data-changes="more" role="group" aria-label="Gradients to try">
          <span class="note">Try</span>
          <button class="quiet" @click=${() => this.#send(setGradient(defaultGradient))}>mixed</button>
          <button class="quiet" @click=${() => this.#send(setGradient((row) => (row === example ? 1 : 0)))}>
            only example ${example + 1}
          </button>
          <button class="quiet" @click=${() => this.#send(setGradient(() => 1))}>all ones</button>
          <button class="quiet" ?disabled=${!this.view} @click=${this.#likeXhat}>same as x̂</button>
        </div>
      </div>
      <p class="note lesson">${this.#lesson()}</p>
    `;
  }

  #send(edit: Edit): void {
    this.dispatchEvent(new EditEvent(edit));
  }

  readonly #likeXhat = (): void => {
    this.#fresh.run(({ numbers }) => {
      const { data, shape } = numbers.training.xhat;
      this.#send(setGradient((row, column) => data[row * (shape[1] ?? 1) + column] ?? 0));
    });
  };

  /** Judged by the engine's numbers: a gradient that leaves nothing of dx says why. */
  #lesson(): string | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    if (view.inference) return 'In inference mode nothing is taken away: dx is dy times a constant.';
    const dy = view.column(view.walk.dy);
    const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
    const vanished = largest(view.column(view.walk.dx)) <= 1e-4 * largest(view.column(view.walk.dx_direct));
    if (view.examples === 1) return 'One example alone: y = β, so x has no influence and dx = 0.';
    if (vanished && largest(dy) > 0) {
      return dy.every((value) => value === dy[0])
        ? 'All outputs pull the same way, and x cannot follow: the mean undoes any common shift. So dx = 0.'
        : 'dy runs along x̂, and x cannot follow: the variance undoes any common stretch. So dx is 0, up to ε.';
    }
    return 'Of dy, only the part that neither shifts all outputs alike nor stretches them along x̂ gets through to x.';
  }

  static override styles = [
    controls,
    partStyles,
    css`
      .row,
      .try {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
      }

      .try {
        gap: var(--space-1);
      }

      .try button {
        padding-inline: var(--space-2);
        text-decoration: underline dotted var(--line);
        text-underline-offset: 0.2em;
      }

      .lesson {
        min-height: 2.9em;
        margin: var(--space-2) 0 0;
      }
    `,
  ];
}

customElements.define('bn-gradient-source', GradientSource);
