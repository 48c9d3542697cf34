import { css, html, LitElement, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { drawStrip } from './histogram-canvas.ts';
import { stepAfterStep } from './layer-measures.ts';
import { axisOf, placeOf, rowOf, SIGNALS } from './layer-signals.ts';
import { BINS, type ArmLayers } from './layer-view.ts';
import { panelStyles } from './panel-styles.ts';
import { Theme } from './theme.ts';
import { armName } from './words.ts';

const ONE_STEP =
  'A histogram for each step that was looked at, darker where more values are: one so far. At full speed that is at most twenty a second; a lower speed shows more of a short run.';

/** The four signals of one layer over the steps seen, for A and B: each histogram is a column, darker where more values are. */
export class LayerStrips extends LitElement {
  static override properties = {
    arms: { attribute: false },
    chosen: { attribute: false },
    range: { attribute: false },
  };

  declare arms: readonly ArmLayers[];
  declare chosen: string;
  declare range: number;

  readonly #theme = new Theme(this);

  override render(): TemplateResult {
    const steps = this.arms[0]?.entries ?? [];
    const [first, last] = [steps[0]?.step ?? 0, steps.at(-1)?.step ?? 0];
    return html`
      <h4>${this.chosen}, step after step</h4>
      <p class="note">
        ${
          steps.length > 1
            ? `Each column is a histogram, darker where more values are; from left to right, step ${first} to step ${last}.`
            : ONE_STEP
        }
      </p>
      <figure>
        <div class="strips" .style=${`--arms: ${this.arms.length}`}>
          ${SIGNALS.map((signal) => {
            const axis = axisOf(signal, this.range);
            return html`<div class="signal">
              <span class="name" .style=${`color: var(${signal.token})`}>${signal.label}</span>
              ${this.arms.map(({ arm, block }) => {
                if (!block || !placeOf(signal.name, block))
                  return html`<div class="strip none">
                    <span class="arm">${armName(arm)}</span>
                    <span class="note">${block ? 'does not normalise here' : `has no ${this.chosen}`}</span>
                  </div>`;
                return html`<div class="strip">
                  <span class="arm" aria-hidden="true">${armName(arm)}</span>
                  <canvas
                    role="img"
                    data-signal=${signal.name}
                    data-arm=${arm}
                    aria-label=${`${signal.label} of ${this.chosen} in ${armName(arm)}, step ${first} to ${last}`}
                  ></canvas>
                  <span class="ends" aria-hidden="true"
                    ><span>${axis.text(axis.max)}</span><span>${axis.text(axis.min)}</span></span
                  >
                </div>`;
              })}
            </div>`;
          })}
        </div>
        <figcaption>${stepAfterStep(this.arms)}</figcaption>
      </figure>
    `;
  }

  protected override updated(): void {
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const signal = SIGNALS.find(({ name }) => name === canvas.dataset['signal']);
      const shown = this.arms[Number(canvas.dataset['arm'])];
      const place = signal && shown?.block && placeOf(signal.name, shown.block);
      if (!place) continue;
      const entries = shown.entries.map(({ step, value }) => ({
        step,
        row: rowOf(value.heights[place.of], place.layer, BINS),
      }));
      drawStrip(canvas, entries, signal.token, (name) => this.#theme.token(name));
    }
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .signal {
        display: grid;
        gap: var(--space-1) var(--space-4);
        margin-block-end: var(--space-3);
      }

      .name {
        font-weight: 600;
        font-size: var(--size-s);
      }

      .strip {
        display: grid;
        grid-template-columns: 1rem minmax(0, 1fr) 2.75rem;
        gap: var(--space-2);
        align-items: stretch;
      }

      .strip.none {
        grid-template-columns: 1rem minmax(0, 1fr);
        align-items: center;
      }

      .arm {
        align-self: center;
        font-weight: 600;
      }

      .strip canvas {
        height: 4rem;
        background: var(--surface-sunken);
        box-shadow: 0 0 0 1px var(--hairline);
      }

      .ends {
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        color: var(--text-muted);
        font-size: var(--size-xs);
        font-variant-numeric: tabular-nums;
      }

      @container (min-width: 44rem) {
        .signal {
          grid-template-columns: 7rem repeat(var(--arms), minmax(0, 1fr));
          align-items: center;
        }
      }
    `,
  ];
}

customElements.define('bn-layer-strips', LayerStrips);

declare global {
  interface HTMLElementTagNameMap {
    'bn-layer-strips': LayerStrips;
  }
}
