import { css, html, nothing, type TemplateResult } from 'lit';
import type { MovingAverage } from '../charts/moving-average.ts';
import { sharedClient } from '../client/engine-client.ts';
import { tensor } from '../protocol/tensor.ts';
import { controls } from '../style/controls.ts';
import { block } from '../style/parts.ts';
import { Figure } from './figure.ts';
import { formatNumber } from './format-number.ts';
import { LatestWins } from './latest-wins.ts';
import './moving-average.ts';

interface Settings {
  /** Weight of the new batch. */
  readonly k: number;
  readonly batches: number;
  readonly statistic: 'mean' | 'variance';
  readonly stored: 'biased' | 'unbiased';
}

/** Its sentence is written when it is shown, with the decimal sign of then. */
type Followed = Omit<MovingAverage, 'conclusion'> & { conclusion(): string };

/** What the sliders stop at; evenly spaced to the eye, k being a ratio. */
const WEIGHTS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9, 0.99, 1] as const;
const BATCH = [2, 4, 6, 8] as const;
const FIRST: Settings = { k: 0.1, batches: 50, statistic: 'mean', stored: 'unbiased' };

/**
 * `<bn-running-average>`: a running mean or variance on its way from its start to what the batches say, the same batch coming
 * again and again; with the weight of the new batch as PyTorch and as Keras write it.
 */
export class RunningAverage extends Figure {
  static override properties = {
    settings: { state: true },
    result: { state: true },
    problem: { state: true },
  };

  declare private settings: Settings;
  declare private result: Followed | undefined;
  declare private problem: string | undefined;

  #jobs: LatestWins<Settings, Followed> | undefined;

  constructor() {
    super();
    this.settings = FIRST;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#jobs = new LatestWins(
      follow,
      (_, result) => (this.result = result),
      (_, error) => (this.problem = error instanceof Error ? error.message : String(error)),
      this.awake,
    );
    this.#jobs.submit(this.settings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#jobs?.stop();
  }

  #change(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    this.#jobs?.submit(this.settings);
  }

  override render(): TemplateResult {
    if (this.problem)
      return html`<slot></slot>
        <p class="problem" role="alert">${this.problem}</p>`;
    if (!this.result) return html`<slot></slot>`;
    const { k, batches, statistic, stored } = this.settings;
    const kept = Number((1 - k).toFixed(3));
    return html`
      <div class="knobs" data-changes>
        <label
          >Weight of the new batch, <i>k</i>
          <input
            type="range"
            min="0"
            max=${WEIGHTS.length - 1}
            .value=${String(WEIGHTS.indexOf(k as (typeof WEIGHTS)[number]))}
            aria-valuetext=${`k is ${formatNumber(k)}`}
            @input=${(event: Event) => this.#change({ k: WEIGHTS[numberOf(event)]! })}
          />
          <span class="conventions">
            PyTorch: <code>momentum=${k}</code><br />
            Keras: <code>momentum=${kept}</code>
          </span>
        </label>
        <label
          >Batches
          <input
            type="range"
            min="10"
            max="400"
            step="10"
            .value=${String(batches)}
            @input=${(event: Event) => this.#change({ batches: numberOf(event) })}
          />
          <span>${batches}</span>
        </label>
        <label
          >Statistic
          <select
            @change=${(event: Event) =>
              this.#change({ statistic: (event.target as HTMLSelectElement).value as Settings['statistic'] })}
          >
            <option value="mean" ?selected=${statistic === 'mean'}>mean, from 0</option>
            <option value="variance" ?selected=${statistic === 'variance'}>variance, from 1</option>
          </select>
        </label>
        ${
          statistic === 'variance'
            ? html`<label
                >Stored
                <select
                  @change=${(event: Event) =>
                    this.#change({ stored: (event.target as HTMLSelectElement).value as Settings['stored'] })}
                >
                  <option value="unbiased" ?selected=${stored === 'unbiased'}>unbiased (PyTorch)</option>
                  <option value="biased" ?selected=${stored === 'biased'}>biased (Keras, ONNX)</option>
                </select>
              </label>`
            : nothing
        }
      </div>
      <bn-moving-average
        .data=${{ ...this.result, conclusion: this.result.conclusion() }}
      ></bn-moving-average>
    `;
  }

  static override styles = [
    controls,
    block,
    css`
      .knobs {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--space-3) var(--space-5);
        margin-block-end: var(--space-4);
      }

      label {
        display: block;
      }

      input,
      select {
        display: block;
        width: 100%;
        min-height: var(--target);
      }

      label span {
        font-size: var(--size-s);
        color: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

const numberOf = (event: Event): number => Number((event.target as HTMLInputElement).value);

async function follow({ k, batches, statistic, stored }: Settings): Promise<Followed> {
  const client = await sharedClient();
  const { mean, var: variance } = await client.call('batch_norm_forward', {
    x: tensor(Float64Array.from(BATCH), [BATCH.length, 1]),
  });
  const same = (value: number) => tensor(new Float64Array(batches).fill(value), [batches, 1]);
  const count = new Float64Array(batches).fill(BATCH.length);
  const [fed, faded, once] = await Promise.all([
    client.call('running_statistics', {
      mean: same(mean.data[0]!),
      var: same(variance.data[0]!),
      count,
      initial_mean: Float64Array.of(0),
      initial_var: Float64Array.of(1),
      momentum: k,
      stored_variance: stored,
    }),
    // From 1 towards batches of 0: what is left is the weight of the start.
    client.call('running_statistics', {
      mean: same(0),
      var: same(0),
      count,
      initial_mean: Float64Array.of(1),
      initial_var: Float64Array.of(1),
      momentum: k,
    }),
    // With weight 1 the average is the batch itself, as it is stored.
    client.call('running_statistics', {
      mean: same(mean.data[0]!),
      var: same(variance.data[0]!),
      count,
      initial_mean: Float64Array.of(0),
      initial_var: Float64Array.of(1),
      momentum: 1,
      stored_variance: stored,
    }),
  ]);
  const [running, batch] =
    statistic === 'mean'
      ? [fed.running_mean.data, once.running_mean.data]
      : [fed.running_var.data, once.running_var.data];
  const start = faded.running_mean.data[batches]!;
  const from = statistic === 'mean' ? 0 : 1;
  const conclusion = () =>
    `After ${batches} batches the running ${statistic} is ${formatNumber(running[batches]!)}; that of the batches is ` +
    `${formatNumber(batch[batches]!)}. The ${from} it started from still has weight ${formatNumber(start)}.`;
  return { name: statistic, running: [...running], batch: Array.from(batch).slice(1), conclusion };
}

customElements.define('bn-running-average', RunningAverage);

declare global {
  interface HTMLElementTagNameMap {
    'bn-running-average': RunningAverage;
  }
}
