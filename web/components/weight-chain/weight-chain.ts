import { html, nothing, type TemplateResult } from 'lit';
import { sharedClient } from '../../client/engine-client.ts';
import { controls } from '../../style/controls.ts';
import { Figure } from '../figure.ts';
import { figureStyles } from '../figure-styles.ts';
import { formatFixed, formatNumber } from '../format-number.ts';
import { LatestWins } from '../latest-wins.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import '../line-plot.ts';
import type { LinePlotData } from '../line-plot.ts';
import { type NumberProperty, parseProperty } from '../../protocol/properties.ts';
import { tellChange } from '../tell-change.ts';
import { type ChainStep, chainStep } from './step.ts';

interface Settings {
  readonly length: number;
  readonly lr: number;
}

/** 0 to 0.4 in steps of 0.01; the slider stops at all but 0. */
const RATES = Array.from({ length: 41 }, (_, i) => i / 100);
const MOST_LAYERS = 20;
const TABLE_EVERY = 5;

/**
 * `<bn-weight-chain length="10" lr="0.1">`: one step of gradient descent on a chain of weights, what its gradient promises and
 * what happens, against the learning rate; and the same with batch normalization behind the chain. What stands inside is
 * shown until the engine has answered.
 */
export class WeightChain extends Figure {
  static override properties = {
    settings: { state: true },
    result: { state: true },
    problem: { state: true },
  };

  declare private settings: Settings;
  declare private result: { settings: Settings; step: ChainStep } | undefined;
  declare private problem: string | undefined;

  #jobs: LatestWins<Settings, ChainStep> | undefined;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.settings = { length: 10, lr: 0.1 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.settings = {
      length: this.#number('length', { min: 1, max: MOST_LAYERS, whole: true }, 10),
      lr: this.#number('lr', { min: 0.01, max: 0.4, whole: false }, 0.1),
    };
    this.#jobs = new LatestWins(
      async ({ length: layers }) => chainStep(await sharedClient(), layers, RATES),
      (settings, step) => (this.result = { settings, step }),
      (_, error) => (this.problem = error instanceof Error ? error.message : String(error)),
      this.awake,
    );
    this.#jobs.submit(this.settings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#jobs?.stop();
  }

  #number(name: string, range: { min: number; max: number; whole: boolean }, otherwise: number): number {
    const text = this.getAttribute(name);
    const property = { kind: 'number', label: name, default: otherwise, step: 1, ...range } as const;
    const { value, problem } = parseProperty<NumberProperty>(property, text ?? String(otherwise));
    this.refuse(name, problem === undefined ? undefined : `${name}: ${problem}.`);
    // To hundredths, where the places of the slider are.
    return value === undefined ? otherwise : Math.round(value * 100) / 100;
  }

  #change(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    this.#jobs?.submit(this.settings);
    const entries = Object.entries(change).map(([name, value]) => [name, String(value)]);
    tellChange(this, Object.fromEntries(entries) as Record<string, string>);
  }

  override render(): TemplateResult {
    const { result, problem } = this;
    if (problem || !result)
      return html`<slot></slot>${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}`;
    const said = conclusion(result.settings, result.step);
    return html`
      <div class="knobs" data-changes>
        <label
          >Layers, <i>L</i> <span>${this.settings.length}</span>
          <input
            type="range"
            min="1"
            max=${MOST_LAYERS}
            .value=${String(this.settings.length)}
            @input=${(event: Event) => this.#change({ length: valueOf(event) })}
          />
        </label>
        <label
          >Learning rate, η <span>${formatFixed(this.settings.lr, 2)}</span>
          <input
            type="range"
            min="1"
            max=${RATES.length - 1}
            .value=${String(RATES.indexOf(this.settings.lr))}
            aria-valuetext=${formatFixed(this.settings.lr, 2)}
            @input=${(event: Event) => this.#change({ lr: RATES[valueOf(event)]! })}
          />
        </label>
      </div>
      <figure>
        <bn-line-plot
          .data=${plot(result.settings, result.step)}
          .name=${`ŷ after one step, by learning rate. ${said}`}
        ></bn-line-plot>
        <figcaption>
          <p role="status">${said}</p>
          <p class="note">What lies below −2 is drawn at the lower edge.</p>
        </figcaption>
      </figure>
      ${this.#tables.render('The chart as a table', () => table(result.step))}
    `;
  }

  static override styles = [controls, figureStyles];
}

const valueOf = (event: Event): number => Number((event.target as HTMLInputElement).value);

function at({ lr }: Settings, { without, batch }: ChainStep) {
  const index = RATES.indexOf(lr);
  return {
    predicted: without.predicted[index]!,
    actual: without.actual[index]!,
    batchPredicted: batch.predicted[index]!,
    batchActual: batch.actual[index]!,
  };
}

function conclusion(settings: Settings, step: ChainStep): string {
  const { predicted, actual, batchPredicted, batchActual } = at(settings, step);
  return (
    `${settings.length} ${settings.length === 1 ? 'layer' : 'layers'}, learning rate ${formatFixed(settings.lr, 2)}: ` +
    `the gradient promises that ŷ falls from ${formatFixed(step.without.before, 2)} to ${formatFixed(predicted, 2)}; ` +
    `it falls to ${formatFixed(actual, 2)}. With batch normalization behind the chain the gradient promises ` +
    `${formatFixed(batchPredicted, 2)}, and ${formatFixed(batchActual, 2)} is what happens: all of it is done by γ and β. The gradient of ` +
    `each weight is ${formatFixed(step.without.weightGradient, 2)} without, and ${formatFixed(step.batch.weightGradient, 2)} with it.`
  );
}

function plot(settings: Settings, step: ChainStep): LinePlotData {
  const { without, batch } = step;
  const { predicted, actual, batchActual } = at(settings, step);
  const points = (values: readonly number[]) => RATES.map((lr, i) => [lr, values[i]!] as const);
  return {
    x: { label: 'Learning rate', ticks: [0, 0.1, 0.2, 0.3, 0.4] },
    y: { label: 'ŷ of the first example after one step', ticks: [-2, -1, 0, 1] },
    lines: [
      { name: 'promised by the gradient', colour: 'grad', dash: 'dotted', points: points(without.predicted) },
      { name: 'what happens', colour: 'y', dash: 'solid', points: points(without.actual) },
      {
        name: 'with BN: promised and what happens',
        colour: 'xhat',
        dash: 'dashed',
        points: points(batch.actual),
      },
    ],
    marks: [
      { name: 'promised', colour: 'grad', mark: 'diamond', x: settings.lr, y: predicted },
      { name: 'what happens', colour: 'y', mark: 'circle', x: settings.lr, y: actual },
      { name: 'with BN', colour: 'xhat', mark: 'circle', x: settings.lr, y: batchActual },
    ],
  };
}

function table({ without, batch }: ChainStep): TemplateResult {
  const rows = [...RATES.keys()].filter((i) => i > 0 && i % TABLE_EVERY === 0);
  return html`<table class="numbers">
    <caption>
      ŷ of the first example after one step
    </caption>
    <thead>
      <tr>
        <th scope="col">Learning rate</th>
        <th scope="col">promised</th>
        <th scope="col">what happens</th>
        <th scope="col">with BN, promised</th>
        <th scope="col">with BN, what happens</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (i) =>
          html`<tr>
            <th scope="row">${formatFixed(RATES[i]!, 2)}</th>
            ${[without.predicted, without.actual, batch.predicted, batch.actual].map(
              (values) => html`<td>${formatNumber(Number(values[i]!.toFixed(4)))}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-weight-chain', WeightChain);

declare global {
  interface HTMLElementTagNameMap {
    'bn-weight-chain': WeightChain;
  }
}
