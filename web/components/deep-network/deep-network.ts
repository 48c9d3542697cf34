import { css, html, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { figureEngine } from '../figure-engine.ts';
import { Figure } from '../figure.ts';
import { figureStyles } from '../figure-styles.ts';
import { formatFixed, formatNumber } from '../format-number.ts';
import { LatestWins } from '../latest-wins.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import { formatFloat } from '../lab/words.ts';
import '../line-plot.ts';
import type { LinePlotData, PlotLine } from '../line-plot.ts';
import { tellChange } from '../tell-change.ts';
import { histograms } from './histograms.ts';
import { createData, type DeepSignals, type NetworkSignals, observe } from './observe.ts';
import {
  ACTIVATIONS,
  type DeepActivation,
  type DeepSettings,
  DEPTHS,
  FIRST,
  GAINS,
  RATES,
  STEPS,
} from './settings.ts';
import { gradientConclusion, THEORY, valuesConclusion } from './words.ts';

const VIEWS = [
  { name: 'received', label: 'What the nonlinearity receives' },
  { name: 'passed', label: 'What it passes on' },
  { name: 'gradient', label: 'Gradients' },
] as const;
type View = (typeof VIEWS)[number]['name'];

interface Seen {
  settings: DeepSettings;
  signals: DeepSignals;
}

/**
 * `<bn-deep-network depth="10" activation="relu" gain="1" steps="0" lr="0.1" view="received">`: two deep networks that differ
 * in batch normalization only, layer by layer: histograms of the values on their way, or the gradients of the weights. The
 * attributes are what it starts from; what stands inside is shown until the engine has answered.
 */
export class DeepNetwork extends Figure {
  static override properties = {
    settings: { state: true },
    view: { type: String },
    seen: { state: true },
    problem: { state: true },
  };

  declare view: View;
  declare private settings: DeepSettings;
  declare private seen: Seen | undefined;
  declare private problem: string | undefined;

  #jobs: LatestWins<DeepSettings, DeepSignals> | undefined;
  /** Its examples, once the engine has them. */
  #data: number | undefined;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.settings = FIRST;
    this.view = 'received';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.settings = this.#fromAttributes();
    const views = VIEWS.map(({ name }) => name);
    this.view = this.choiceOf('view', views, 'received');
    this.#jobs = new LatestWins(
      (settings) => this.#look(settings),
      (settings, signals) => {
        this.seen = { settings, signals };
        this.problem = undefined;
      },
      (_, error) => (this.problem = error instanceof Error ? error.message : String(error)),
      this.awake,
    );
    this.#jobs.submit(this.settings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#jobs?.stop();
  }

  #fromAttributes(): DeepSettings {
    const kinds = ACTIVATIONS.map(({ kind }) => kind);
    return {
      depth: this.choiceOf<number>('depth', DEPTHS, FIRST.depth),
      gain: this.choiceOf<number>('gain', GAINS, FIRST.gain),
      steps: this.choiceOf<number>('steps', STEPS, FIRST.steps),
      lr: this.choiceOf<number>('lr', RATES, FIRST.lr),
      activation: this.choiceOf('activation', kinds, FIRST.activation),
    };
  }

  async #look(settings: DeepSettings): Promise<DeepSignals> {
    const engine = await figureEngine();
    this.#data ??= await createData(engine);
    return observe(engine, this.#data, settings);
  }

  #change(change: Partial<DeepSettings>): void {
    this.settings = { ...this.settings, ...change };
    this.#jobs?.submit(this.settings);
    const entries = Object.entries(change).map(([name, value]) => [name, String(value)]);
    tellChange(this, Object.fromEntries(entries) as Record<string, string>);
  }

  override render(): TemplateResult {
    const { seen, view } = this;
    if (!seen)
      return html`<slot></slot
        >${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}`;
    return html`
      ${this.#knobs()}
      <fieldset class="segmented">
        <legend class="visually-hidden">Show</legend>
        ${VIEWS.map(
          ({ name, label }) =>
            html`<label
              ><input
                type="radio"
                name="view"
                .checked=${name === view}
                @change=${() => tellChange(this, { view: name })}
              /><span>${label}</span></label
            >`,
        )}
      </fieldset>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${view === 'gradient' ? this.#gradients(seen) : this.#values(seen, view)}
      ${this.#tables.render('Every layer, as a table', () => table(seen.signals))}
    `;
  }

  #knobs(): TemplateResult {
    const { depth, gain, activation, steps, lr } = this.settings;
    return html`<div class="knobs" data-changes>
      ${slider('Hidden layers', DEPTHS, depth, (value) => this.#change({ depth: value }))}
      ${slider('Initial weights, times', GAINS, gain, (value) => this.#change({ gain: value }))}
      <label
        >Nonlinearity
        <select
          @change=${(event: Event) =>
            this.#change({ activation: (event.target as HTMLSelectElement).value as DeepActivation })}
        >
          ${ACTIVATIONS.map(
            ({ kind, name }) => html`<option value=${kind} ?selected=${kind === activation}>${name}</option>`,
          )}
        </select>
      </label>
      <label data-changes="more"
        >Training steps
        <select @change=${(event: Event) => this.#change({ steps: valueOf(event) })}>
          ${STEPS.map(
            (count) =>
              html`<option value=${count} ?selected=${count === steps}>
                ${count === 0 ? 'none yet' : count}
              </option>`,
          )}
        </select>
      </label>
      ${
        steps === 0
          ? nothing
          : html`<label
              >Learning rate
              <select @change=${(event: Event) => this.#change({ lr: valueOf(event) })}>
                ${RATES.map((rate) => html`<option value=${rate} ?selected=${rate === lr}>${rate}</option>`)}
              </select>
            </label>`
      }
    </div>`;
  }

  #values({ settings, signals }: Seen, view: 'received' | 'passed'): TemplateResult {
    return html`<figure>
      ${histograms(signals, settings, view)}
      <figcaption>
        <p role="status">${valuesConclusion(settings, signals).join(' ')}</p>
        <p class="note">
          All units and examples of one batch; the layer’s number stands on the left. Heights grow with the
          square root of the share of values. What lies beyond the ends is counted in the outermost bars.
        </p>
      </figcaption>
    </figure>`;
  }

  #gradients({ settings, signals }: Seen): TemplateResult {
    const said = gradientConclusion(settings, signals).join(' ');
    return html`<figure>
      <bn-line-plot
        .data=${gradientPlot(settings, signals)}
        .name=${`Gradient by layer. ${said}`}
      ></bn-line-plot>
      <figcaption><p role="status">${said}</p></figcaption>
    </figure>`;
  }

  static override styles = [
    controls,
    figureStyles,
    css`
      .histograms {
        display: grid;
        grid-template-columns: 1.6rem 1fr 1fr;
        gap: var(--space-2) var(--space-3);
        align-items: end;
        max-width: 46rem;
        font-size: var(--size-s);
      }

      .layer {
        text-align: end;
        color: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }

      .cell {
        height: 2.75rem;
        border-block-end: 1px solid var(--line);
      }

      .cell svg {
        display: block;
        width: 100%;
        height: 100%;
      }

      .received {
        fill: var(--x);
      }

      .passed {
        fill: var(--y);
      }

      .ends {
        display: flex;
        justify-content: space-between;
        color: var(--text-muted);
      }
    `,
  ];
}

const valueOf = (event: Event): number =>
  Number((event.target as HTMLInputElement | HTMLSelectElement).value);

function slider(
  label: string,
  stops: readonly number[],
  value: number,
  take: (value: number) => void,
): TemplateResult {
  return html`<label
    >${label} <span>${formatNumber(value)}</span>
    <input
      type="range"
      min="0"
      max=${stops.length - 1}
      .value=${String(stops.indexOf(value))}
      aria-valuetext=${formatNumber(value)}
      @input=${(event: Event) => take(stops[valueOf(event)]!)}
    />
  </label>`;
}

function gradientPlot(
  { depth, activation, steps }: DeepSettings,
  { none, batch }: DeepSignals,
): LinePlotData {
  const points = ({ layers }: NetworkSignals) =>
    layers.map(({ gradient }, layer) => [layer + 1, gradient] as const);
  const lines: PlotLine[] = [
    { name: 'without', colour: 'text', dash: 'solid', mark: 'circle', points: points(none) },
    { name: 'with BN', colour: 'grad', dash: 'dashed', mark: 'diamond', points: points(batch) },
  ];
  const last = batch.layers.at(-2);
  if (activation === 'relu' && steps === 0 && last)
    lines.push({
      name: `theory: ${formatFixed(THEORY, 2)} times per layer`,
      colour: 'text-muted',
      dash: 'dotted',
      points: Array.from(
        { length: depth - 1 },
        (_, i) => [i + 1, last.gradient * THEORY ** (depth - 2 - i)] as const,
      ),
    });
  return {
    x: {
      label: 'Hidden layer, input to output',
      ticks: Array.from({ length: depth }, (_, i) => i + 1),
    },
    y: { label: 'Length of the gradient of the layer’s weights', log: true },
    lines,
  };
}

function table({ none, batch }: DeepSignals): TemplateResult {
  const most = Math.max(none.layers.length, batch.layers.length);
  const cells = ({ layers }: NetworkSignals, layer: number) => {
    const found = layers[layer];
    return found
      ? html`<td>${formatFloat(found.std)}</td>
          <td>${formatFloat(found.spread)}</td>
          <td>${formatFloat(found.gradient)}</td>`
      : html`<td>–</td>
          <td>–</td>
          <td>–</td>`;
  };
  const columns = html`<th scope="col">all values</th>
    <th scope="col">over the batch</th>
    <th scope="col">gradient</th>`;
  return html`<table class="numbers">
    <caption>
      What the nonlinearity of each hidden layer receives: the standard deviation of all its values, and over
      the batch (mean over units); the length of the gradient of the layer’s weights
    </caption>
    <thead>
      <tr>
        <td></td>
        <th colspan="3" scope="colgroup">without</th>
        <th colspan="3" scope="colgroup">with BN</th>
      </tr>
      <tr>
        <th scope="col">Layer</th>
        ${columns}${columns}
      </tr>
    </thead>
    <tbody>
      ${Array.from(
        { length: most },
        (_, layer) =>
          html`<tr>
            <th scope="row">${layer + 1}</th>
            ${cells(none, layer)}${cells(batch, layer)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-deep-network', DeepNetwork);

declare global {
  interface HTMLElementTagNameMap {
    'bn-deep-network': DeepNetwork;
  }
}
