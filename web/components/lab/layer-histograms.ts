import { css, html, LitElement, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { formatFixed } from '../format-number.ts';
import { ClosedTables } from './closed-tables.ts';
import { drawHistogram } from './histogram-canvas.ts';
import { acrossLayers, whereNormalised, type LayerNumbers } from './layer-measures.ts';
import type { Block } from './layer-names.ts';
import { axisOf, binEdges, countsOf, placeOf, rowOf, SIGNALS, type Signal } from './layer-signals.ts';
import { BINS, ChooseLayerEvent, type ArmLayers } from './layer-view.ts';
import { panelStyles } from './panel-styles.ts';
import { Theme } from './theme.ts';
import { armName } from './words.ts';

/** One signal in every layer: a small histogram each, A above the line and B below it, on one scale. */
export class LayerHistograms extends LitElement {
  static override properties = {
    arms: { attribute: false },
    names: { attribute: false },
    chosen: { attribute: false },
    range: { attribute: false },
    signal: { state: true },
  };

  declare arms: readonly ArmLayers[];
  declare names: readonly string[];
  declare chosen: string;
  declare range: number;
  declare private signal: Signal;

  readonly #theme = new Theme(this);
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.signal = SIGNALS[0] as Signal;
  }

  override render(): TemplateResult {
    const { signal, arms } = this;
    return html`
      <h4>From layer to layer</h4>
      <fieldset class="segmented">
        <legend class="visually-hidden">What is shown</legend>
        ${SIGNALS.map(
          (each) =>
            html`<label
              ><input
                type="radio"
                name="signal"
                .checked=${each === signal}
                @change=${() => (this.signal = each)}
              /><span>${each.label}</span></label
            >`,
        )}
      </fieldset>
      <p class="note about">
        ${signal.label}: ${signal.about}.
        ${arms.length > 1 ? 'A stands up, filled; B hangs down, outlined.' : ''}
      </p>
      <figure>
        <div class="cells">
          ${this.names.map(
            (name) =>
              html`<button
                class="cell"
                aria-pressed=${name === this.chosen}
                @click=${() => this.dispatchEvent(new ChooseLayerEvent(name))}
              >
                <canvas data-block=${name} aria-hidden="true"></canvas><span>${name}</span>
              </button>`,
          )}
        </div>
        <figcaption>${this.#conclusion()}</figcaption>
      </figure>
      <p class="note">
        Heights grow with the square root of the share of values and have one scale everywhere; values beyond
        the ends are counted in the outermost bins.
      </p>
      ${this.#tables.render(`The histogram of ${this.chosen} as a table`, () => this.#table(), 'histogram')}
    `;
  }

  #conclusion(): string {
    const along = (what: string, of: (numbers: LayerNumbers, block: Block) => number) =>
      acrossLayers(
        what,
        this.arms.map(({ blocks, now }) => ({ blocks, of: (block) => (now ? of(now.numbers, block) : NaN) })),
      );
    switch (this.signal.name) {
      case 'pre':
        return along('Standard deviation of the pre-activation', ({ output_std }, { weight }) =>
          weight === undefined ? NaN : (output_std.data[weight] ?? NaN),
        );
      case 'output':
        return along(
          'Standard deviation of the output',
          ({ output_std }, { output }) => output_std.data[output] ?? NaN,
        );
      case 'gradient':
        return along(
          'Root mean square of the gradient',
          ({ gradient_rms }, { weight, output }) => gradient_rms.data[weight ?? output] ?? NaN,
        );
      case 'xhat':
        return whereNormalised(this.arms.map(({ blocks }) => blocks));
    }
  }

  #table(): TemplateResult {
    const { signal, arms } = this;
    const axis = axisOf(signal, this.range);
    const rows = arms.map(({ observed, block }) =>
      observed && block ? countsOf(signal.name, observed, block) : undefined,
    );
    return html`<table class="numbers">
      <caption>
        ${signal.label} of ${this.chosen}: how many values of the last batch lie in each bin
      </caption>
      <thead>
        <tr>
          <th scope="col">${signal.log ? 'log₁₀ |value|' : 'Value'}</th>
          ${arms.map(({ arm }) => html`<th scope="col">${armName(arm)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from(
          { length: BINS },
          (_, bin) =>
            html`<tr>
              <th scope="row">${binName(bin, binEdges(bin, BINS, axis))}</th>
              ${rows.map((row) => html`<td>${row?.[bin] ?? '–'}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  protected override updated(): void {
    const { signal } = this;
    for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas[data-block]')) {
      const rows = this.arms.map(({ blocks, now }) => {
        const block = blocks.find(({ name }) => name === canvas.dataset['block']);
        const place = block && placeOf(signal.name, block);
        return now && place && rowOf(now.heights[place.of], place.layer, BINS);
      });
      drawHistogram(canvas, rows, axisOf(signal, this.range), signal.token, (name) =>
        this.#theme.token(name),
      );
    }
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      .about {
        margin-block: var(--space-2);
        min-height: 2.9em;
      }

      .cells {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
        gap: var(--space-2);
      }

      .cell {
        display: grid;
        gap: var(--space-1);
        justify-items: start;
        padding: var(--space-1) var(--space-2);
        background: var(--surface);
        color: inherit;
        border-color: var(--hairline);
        font-size: var(--size-s);
        text-align: start;
      }

      .cell[aria-pressed='true'] {
        background: var(--surface-sunken);
        border-color: var(--accent);
        color: inherit;
        font-weight: 600;
        box-shadow: inset 0 0 0 1px var(--accent);
      }

      .cell canvas {
        height: 5rem;
      }
    `,
  ];
}

function binName(bin: number, [from, to]: readonly [number, number]): string {
  if (bin === 0) return `below ${formatFixed(to, 2)}`;
  if (bin === BINS - 1) return `from ${formatFixed(from, 2)}`;
  return `${formatFixed(from, 2)} to ${formatFixed(to, 2)}`;
}

customElements.define('bn-layer-histograms', LayerHistograms);

declare global {
  interface HTMLElementTagNameMap {
    'bn-layer-histograms': LayerHistograms;
  }
}
