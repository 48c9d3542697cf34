import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Lines } from '../../charts/lines.ts';
import type { Lab } from '../../client/lab.ts';
import type { LayerSpec } from '../../protocol/experiment.ts';
import type { LabFrame } from '../../protocol/lab-session.ts';
import { controls } from '../../style/controls.ts';
import { formatFixed } from '../format-number.ts';
import { scaleFor, type NumberScale } from '../worked-example/number-scale.ts';
import { ClosedTables } from './closed-tables.ts';
import { drawDots } from './dot-plot.ts';
import { LabSayEvent } from './events.ts';
import { LabFrames } from './frames.ts';
import { History } from './history.ts';
import { blockNames, blocksOf, kindName, type Block } from './layer-names.ts';
import './lines-figure.ts';
import { panelStyles } from './panel-styles.ts';
import {
  gapSentence,
  recalibrationSentence,
  spreadName,
  trackedLayer,
  type Recalibrated,
  type StatisticName,
  type Statistics,
} from './statistics-words.ts';
import { Theme } from './theme.ts';
import { armName, formatFloat, formatRough, listed } from './words.ts';

const BATCHES = [1, 4, 16, 64, 256];
const REMEMBERED = 120;
/** Lines of one chart; of more channels, so many evenly chosen ones are drawn. */
const MOST_LINES = 16;

interface Affine {
  gamma: ArrayLike<number>;
  beta: ArrayLike<number>;
}

/** One arm's layer, as it is shown. */
interface ArmStatistics {
  arm: number;
  layer: number | undefined;
  spec: LayerSpec | undefined;
  statistics: Statistics | undefined;
  affine: History<Affine>;
}

const SERIES = [
  { of: 'batch', label: 'last batch', mark: 'circle', color: '--training' },
  { of: 'running', label: 'running', mark: 'diamond', color: '--inference' },
  { of: 'recalibrated', label: 'recalibrated', mark: 'cross', color: '--text' },
] as const;

/**
 * `<bn-lab-statistics>`: the channels of one layer with batch statistics: what the last batch gave, what inference mode
 * uses, and what it would use if it were measured now; γ and β over the steps; and a button that measures it now.
 */
export class StatisticsPanel extends LitElement {
  static override properties = {
    lab: { attribute: false },
    chosen: { state: true },
    batches: { state: true },
    channel: { state: true },
    recalibrated: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare lab: Lab | undefined;
  declare private chosen: string;
  declare private batches: number;
  declare private channel: number;
  declare private recalibrated: readonly Recalibrated[];
  declare private busy: boolean;
  declare private problem: string;

  readonly #frames = new LabFrames(this);
  readonly #theme = new Theme(this);
  readonly #tables = new ClosedTables(this);
  #opened: Lab['opened'];
  #taken: LabFrame | undefined;
  #blocks: readonly (readonly Block[])[] = [];
  #names: readonly string[] = [];
  #arms: ArmStatistics[] = [];

  constructor() {
    super();
    this.chosen = '';
    this.batches = 16;
    this.channel = 0;
    this.recalibrated = [];
    this.busy = false;
    this.problem = '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { lab } = this;
    if (!lab) return;
    const started = lab.opened !== this.#opened;
    if (started) this.#start(lab);
    if (started || changed.has('chosen') || changed.has('batches')) this.#choose(lab);
    if (lab.frame && lab.frame !== this.#taken) this.#take(lab.frame);
  }

  #start({ opened, setup }: Lab): void {
    this.#opened = opened;
    this.recalibrated = [];
    this.problem = '';
    const arms = setup?.arms ?? [];
    this.#blocks = arms.map(({ model }) => blocksOf(model.layers));
    const tracked = arms.map(({ model }, arm) =>
      (this.#blocks[arm] ?? []).filter((block) => trackedLayer(model.layers, block) !== undefined),
    );
    this.#names = blockNames(tracked);
    if (!this.#names.includes(this.chosen)) this.chosen = this.#names[0] ?? '';
    this.#arms = [];
  }

  #choose({ setup }: Lab): void {
    this.#arms = (setup?.arms ?? []).map(({ model }, arm) => {
      const block = this.#blocks[arm]?.find(({ name }) => name === this.chosen);
      const layer = trackedLayer(model.layers, block);
      const before = this.#arms[arm];
      return {
        arm,
        layer,
        spec: layer === undefined ? undefined : model.layers[layer],
        statistics: before?.layer === layer ? before?.statistics : undefined,
        affine: before && before.layer === layer ? before.affine : new History<Affine>(REMEMBERED),
      };
    });
    this.#taken = undefined;
    const layers = this.#arms.map(({ layer }) => layer);
    const some = layers.some((layer) => layer !== undefined);
    this.#frames.want(some ? { statistics: { layers, batches: this.batches } } : undefined);
  }

  #take(frame: LabFrame): void {
    this.#taken = frame;
    for (const shown of this.#arms) {
      const { statistics, step = 0 } = frame.arms[shown.arm] ?? {};
      shown.statistics = statistics;
      if (statistics?.gamma && statistics.beta)
        shown.affine.add(step, { gamma: statistics.gamma.data, beta: statistics.beta.data });
    }
    const channels = Math.max(
      ...this.#arms.map(({ statistics }) => statistics?.running_mean.data.length ?? 0),
    );
    if (channels > 0 && this.channel >= channels) this.channel = 0;
  }

  override render(): TemplateResult {
    const missing = this.#arms.filter(({ layer }) => layer === undefined).map(({ arm }) => armName(arm));
    if (this.#names.length === 0)
      return html`<p class="note">
        ${this.#arms.length > 1 ? 'Neither network has' : 'The network has no'} a layer with batch statistics,
        so both of its modes compute the same. Choose BatchNorm as the normalisation to see its statistics
        here.
      </p>`;
    const shown = this.#arms.filter(({ statistics }) => statistics);
    const channels = Math.max(0, ...shown.map(({ statistics }) => statistics?.running_mean.data.length ?? 0));
    return html`
      <div class="choices">
        <label>
          Layer
          <select @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
            ${this.#names.map((name) => html`<option ?selected=${name === this.chosen}>${name}</option>`)}
          </select>
        </label>
        ${
          channels === 0
            ? nothing
            : html`<label>
                Channel
                <select
                  @change=${(event: Event) => (this.channel = Number((event.target as HTMLSelectElement).value))}
                >
                  ${Array.from({ length: channels }, (_, at) => html`<option ?selected=${at === this.channel}>${at}</option>`)}
                </select>
              </label>`
        }
      </div>
      ${
        missing.length > 0
          ? html`<p class="note">
              ${listed(missing)} keeps no batch statistics in ${this.chosen}: there, its two modes compute the
              same.
            </p>`
          : nothing
      }
      ${
        shown.length === 0
          ? html`<p class="note">
              The statistics show here after the first mini-batch: take a step, or run.
            </p>`
          : html`${shown.map((one) => this.#channels(one))} ${this.#recalibration()}
            ${shown.map((one) => this.#affine(one))}`
      }
    `;
  }

  #channels({ arm, spec, statistics }: ArmStatistics): TemplateResult {
    if (!statistics || !spec) return html``;
    const spread = spreadName(spec);
    return html`<section>
      <h4>${armName(arm)}: ${this.chosen}, ${kindName(spec)}</h4>
      <p class="legend" aria-hidden="true">
        ${SERIES.map(
          ({ label, color, mark }) =>
            html`<span class=${mark} .style=${`color: var(${color})`}>${label}</span>`,
        )}
      </p>
      <figure>
        <div class="plots">
          ${(['mean', 'var'] as const).map(
            (name) =>
              html`<div>
                <span class="name">${name === 'mean' ? 'μ' : spread} of each channel</span>
                <canvas
                  role="img"
                  data-arm=${arm}
                  data-statistic=${name}
                  aria-label=${`${name === 'mean' ? 'Mean' : spread} of each channel: last batch, running, recalibrated`}
                ></canvas>
              </div>`,
          )}
        </div>
        <figcaption>
          ${gapSentence(armName(arm), statistics, spread)} ${this.#channelSentence(statistics, spread)}
        </figcaption>
      </figure>
      ${this.#tables.render(`The statistics of ${armName(arm)} as a table`, () => table(statistics, spread))}
    </section>`;
  }

  #channelSentence(statistics: Statistics, spread: string): string {
    const of = (name: StatisticName) =>
      SERIES.map(
        ({ of: which, label }) =>
          `${formatRough(statistics[`${which}_${name}`].data[this.channel] ?? NaN)} (${label})`,
      ).join(', ');
    return `Channel ${this.channel}: μ ${of('mean')}; ${spread} ${of('var')}.`;
  }

  #recalibration(): TemplateResult {
    return html`<section class="recalibration">
      <h4>Measure the running statistics anew</h4>
      <p>
        The running statistics average over batches seen with older weights. Recalibrating keeps the weights,
        runs some batches through the network and stores the plain average of their statistics instead.
      </p>
      <div class="choices">
        <label>
          Batches
          <select
            @change=${(event: Event) => (this.batches = Number((event.target as HTMLSelectElement).value))}
          >
            ${BATCHES.map((count) => html`<option ?selected=${count === this.batches}>${count}</option>`)}
          </select>
        </label>
        <button ?disabled=${this.busy} @click=${() => void this.#recalibrate()}>Recalibrate</button>
      </div>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${
        this.recalibrated.length > 0
          ? html`<table class="numbers">
                <caption>
                  In inference mode, on the ${this.recalibrated[0]?.set} set
                </caption>
                <thead>
                  <tr>
                    <td></td>
                    <th scope="col">before</th>
                    <th scope="col">after</th>
                  </tr>
                </thead>
                <tbody>
                  ${this.recalibrated.map(
                    ({ arm, before, after }) => html`
                      ${
                        Number.isNaN(before.accuracy)
                          ? nothing
                          : html`<tr>
                              <th scope="row">accuracy of ${arm}</th>
                              <td>${percent(before.accuracy)}</td>
                              <td>${percent(after.accuracy)}</td>
                            </tr>`
                      }
                      <tr>
                        <th scope="row">loss of ${arm}</th>
                        <td>${formatFloat(before.loss)}</td>
                        <td>${formatFloat(after.loss)}</td>
                      </tr>
                    `,
                  )}
                </tbody>
              </table>
              ${this.recalibrated.map((one) => html`<p>${recalibrationSentence(one)}</p>`)}`
          : nothing
      }
    </section>`;
  }

  async #recalibrate(): Promise<void> {
    const { lab, batches } = this;
    if (!lab || this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const set = lab.opened?.test ? 'test' : 'train';
      const arms = this.#arms.filter(({ layer }) => layer !== undefined);
      const results: Recalibrated[] = [];
      for (const { arm } of arms) {
        const before = await lab.call(arm, 'model_score', { mode: 'inference', set });
        await lab.call(arm, 'model_recalibrate', { batches });
        const after = await lab.call(arm, 'model_score', { mode: 'inference', set });
        results.push({ arm: armName(arm), set: set === 'test' ? 'test' : 'training', before, after });
      }
      this.recalibrated = results;
      this.dispatchEvent(new LabSayEvent(results.map(recalibrationSentence).join(' ')));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }

  #affine({ arm, spec, statistics, affine }: ArmStatistics): TemplateResult {
    const { entries } = affine;
    if (!spec) return html``;
    if (!statistics?.gamma)
      return html`<p class="note">${armName(arm)} has no γ and β in ${this.chosen}.</p>`;
    const channels = statistics.gamma.data.length;
    const every = Math.ceil(channels / MOST_LINES);
    const drawn = Array.from({ length: channels }, (_, at) => at).filter(
      (at) => at % every === 0 && at !== this.channel,
    );
    const lines = (name: keyof Affine): Lines => ({
      lines: [...drawn, this.channel].map((channel) => ({
        label: `channel ${channel}`,
        points: entries.map(({ step, value }) => ({ x: step, y: value[name][channel] ?? NaN })),
        color: '--y',
        dashed: false,
        faint: channel !== this.channel,
      })),
      x: { title: 'step' },
      y: { title: name === 'gamma' ? 'γ' : 'β', log: false, format: formatFloat },
    });
    const conclusion = (name: keyof Affine): string => {
      const now = Array.from(entries.at(-1)?.value[name] ?? []);
      const [first, last] = [entries[0], entries.at(-1)].map(
        (entry) => entry?.value[name][this.channel] ?? NaN,
      );
      const symbol = name === 'gamma' ? 'γ' : 'β';
      const way = entries.length > 1 ? `went from ${formatFloat(first ?? NaN)} to` : 'is';
      return `${symbol} of channel ${this.channel} ${way} ${formatFloat(last ?? NaN)}; over all ${channels} channels ${symbol} now lies between ${formatRough(Math.min(...now))} and ${formatRough(Math.max(...now))}.`;
    };
    return html`<section>
      <h4>${armName(arm)}: γ and β of ${this.chosen}</h4>
      <div class="plots">
        ${(['gamma', 'beta'] as const).map(
          (name) =>
            html`<bn-lab-lines
              .data=${lines(name)}
              .name=${`${name === 'gamma' ? 'γ' : 'β'} of each channel of ${this.chosen} in ${armName(arm)}`}
              .conclusion=${conclusion(name)}
            ></bn-lab-lines>`,
        )}
      </div>
      ${
        every > 1
          ? html`<p class="note">Every ${every}th channel is drawn, and the chosen one in front.</p>`
          : html`<p class="note">The chosen channel stands in front.</p>`
      }
    </section>`;
  }

  protected override updated(): void {
    for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas[data-statistic]')) {
      const name = canvas.dataset['statistic'] as StatisticName;
      const { statistics } = this.#arms[Number(canvas.dataset['arm'])] ?? {};
      if (!statistics) continue;
      const series = SERIES.map(({ of, mark, color }) => ({
        values: statistics[`${of}_${name}`].data,
        mark,
        color,
      }));
      const all = series.flatMap(({ values }) => Array.from(values));
      const scale = name === 'var' ? fromZero(scaleFor([0, ...all], 5)) : scaleFor(all, 5);
      drawDots(canvas, series, [1, 2], scale, this.channel, (token) => this.#theme.token(token));
    }
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .plots {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4) var(--space-5);
      }

      .plots canvas {
        height: 11rem;
      }

      .name {
        font-size: var(--size-s);
        font-weight: 600;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        font-size: var(--size-s);
      }

      .legend span::before {
        margin-inline-end: var(--space-2);
        font-weight: 700;
      }

      .legend .circle::before {
        content: '○';
      }

      .legend .diamond::before {
        content: '◆';
      }

      .legend .cross::before {
        content: '×';
      }

      .recalibration table {
        margin-block-end: var(--space-2);
      }

      @container (min-width: 44rem) {
        .plots {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];
}

/** A measure of spread is never below 0. */
function fromZero({ max, ticks }: NumberScale): NumberScale {
  return { min: 0, max, ticks: ticks.filter((tick) => tick >= 0) };
}

function percent(share: number): string {
  return `${formatFixed(share * 100, 1)} %`;
}

function table(statistics: Statistics, spread: string): TemplateResult {
  const columns = (['mean', 'var'] as const).flatMap((name) =>
    SERIES.map(({ of, label }) => ({
      name: `${name === 'mean' ? 'μ' : spread}, ${label}`,
      values: statistics[`${of}_${name}`].data,
    })),
  );
  if (statistics.gamma) columns.push({ name: 'γ', values: statistics.gamma.data as Float32Array });
  if (statistics.beta) columns.push({ name: 'β', values: statistics.beta.data as Float32Array });
  return html`<table class="numbers">
    <thead>
      <tr>
        <th scope="col">Channel</th>
        ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${Array.from(
        { length: statistics.running_mean.data.length },
        (_, channel) =>
          html`<tr>
            <th scope="row">${channel}</th>
            ${columns.map(({ values }) => html`<td>${formatFloat(values[channel] ?? NaN)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-lab-statistics', StatisticsPanel);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-statistics': StatisticsPanel;
  }
}
