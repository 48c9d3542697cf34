import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { roundUp } from '../../charts/round-axis.ts';
import type { Lab, LabPool } from '../../client/lab.ts';
import { createLabPool } from '../../client/pool.ts';
import { taskOf } from '../../protocol/lab-compile.ts';
import { encodeLab, type LabExamples, type LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { legend } from '../../style/parts.ts';
import { awakeOf } from '../figure.ts';
import { parseNumber } from '../format-number.ts';
import './bands-plot.ts';
import {
  armsOf,
  type Band,
  bandOf,
  type BandPlan,
  everyOf,
  leadInterval,
  leadsOf,
  MAX_SEEDS,
  MIN_SEEDS,
  runsOf,
  stepsOf,
} from './bands-summary.ts';
import { bandsConclusion, formatDifference, formatValue } from './bands-words.ts';
import { ClosedTables } from './closed-tables.ts';
import { LabSayEvent } from './events.ts';
import {
  finalOf,
  hasDiverged,
  type Measure,
  measureName,
  MEASURES,
  type Outcome,
  runMany,
} from './many-runs.ts';
import { panelStyles } from './panel-styles.ts';
import { runFormStyles } from './run-form-styles.ts';
import { formatTick, lineColour, lossAxis } from './trace-lines.ts';
import { armName } from './words.ts';

const MAX_STEPS = 20_000;
const TABLE_ROWS = 30;
/** Height of a dot and the room above it, in rem. */
const DOT = 0.8;

/**
 * `<bn-lab-bands>`: the experiment with many seeds at once, on all cores. Every run, the band they span and their median for
 * each model, and A and B of each seed compared.
 */
export class LabBands extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    examples: { attribute: false },
    seeds: { state: true },
    steps: { state: true },
    measure: { state: true },
    logLoss: { state: true },
    plan: { state: true },
    done: { state: true },
    running: { state: true },
    failure: { state: true },
  };

  declare lab: Lab | undefined;
  declare value: LabValue | undefined;
  declare examples: LabExamples | undefined;
  /** Another pool than that of all cores. */
  createPool: () => LabPool = createLabPool;

  declare private seeds: string;
  declare private steps: string;
  declare private measure: Measure;
  declare private logLoss: boolean;
  declare private plan: BandPlan | undefined;
  declare private done: number;
  declare private running: boolean;
  declare private failure: string | undefined;

  /** By arm and seed. */
  #outcomes: (Outcome | undefined)[][] = [];
  #pool: LabPool | undefined;
  #abort: AbortController | undefined;
  #asked = false;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.seeds = '10';
    this.steps = '300';
    this.measure = MEASURES[0]!;
    this.logLoss = false;
    this.done = 0;
    this.running = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
    this.#pool?.close();
    this.#pool = undefined;
  }

  #problem(field: 'seeds' | 'steps'): string | undefined {
    const [min, max] = field === 'seeds' ? [MIN_SEEDS, MAX_SEEDS] : [1, MAX_STEPS];
    const text = this[field];
    const value = parseNumber(text);
    if (value !== undefined && Number.isInteger(value) && value >= min && value <= max) return undefined;
    const got = text.trim() === '' ? 'nothing' : `“${text.trim().slice(0, 24)}”`;
    return `${field}: expected a whole number from ${min} to ${max}, got ${got}`;
  }

  #planned(): BandPlan | undefined {
    const { value } = this;
    if (!value || this.#problem('seeds') !== undefined || this.#problem('steps') !== undefined)
      return undefined;
    let classes = 0;
    try {
      ({ classes } = taskOf(value, this.examples));
    } catch {
      // Without examples there is nothing to run; the runs will say so.
    }
    const steps = Number(parseNumber(this.steps));
    return { value, seeds: Number(parseNumber(this.seeds)), steps, every: everyOf(steps), classes };
  }

  #shownMeasure({ classes, value }: BandPlan): Measure {
    return {
      ...this.measure,
      quantity: classes === 0 ? 'loss' : this.measure.quantity,
      set: value.test === 0 ? 'train' : this.measure.set,
    };
  }

  async #start(): Promise<void> {
    this.#asked = true;
    const plan = this.#planned();
    this.requestUpdate();
    if (!plan || this.running) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#outcomes = Array.from({ length: armsOf(plan) }, () =>
      Array.from({ length: plan.seeds }, () => undefined),
    );
    this.plan = plan;
    this.done = 0;
    this.failure = undefined;
    this.running = true;
    const runs = runsOf(plan);
    this.dispatchEvent(new LabSayEvent(`${plan.seeds} seeds started.`));
    try {
      this.#pool ??= this.createPool();
      await runMany(this.#pool, runs, {
        steps: plan.steps,
        every: plan.every,
        examples: this.examples,
        signal: abort.signal,
        ready: () => awakeOf(this),
        onOutcome: (index, outcome) => {
          const { arm, seed } = runs[index]!;
          this.#outcomes[arm]![seed] = outcome;
          this.done++;
        },
      });
      this.dispatchEvent(new LabSayEvent(`All seeds are done. ${this.#conclusion(plan)}`));
    } catch (error) {
      if (abort.signal.aborted) this.dispatchEvent(new LabSayEvent('Cancelled.'));
      else this.failure = error instanceof Error ? error.message : String(error);
    }
    if (this.#abort === abort) this.running = false;
  }

  #bands(plan: BandPlan): Band[] {
    const measure = this.#shownMeasure(plan);
    return this.#outcomes.map((outcomes) =>
      bandOf(
        outcomes.filter((outcome) => outcome !== undefined),
        plan,
        measure,
      ),
    );
  }

  #conclusion(plan: BandPlan): string {
    const measure = this.#shownMeasure(plan);
    const leads = leadsOf(this.#outcomes, plan, measure);
    return bandsConclusion(plan, this.#bands(plan), this.#outcomes, leads, measure);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.value) return nothing;
    return html`${this.#form()} ${this.plan ? this.#result(this.plan) : nothing}`;
  }

  #form(): TemplateResult {
    const problems = this.#asked
      ? (['seeds', 'steps'] as const).map((field) => this.#problem(field)).filter((one) => one !== undefined)
      : [];
    const total = this.plan ? runsOf(this.plan).length : 0;
    return html`
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.#start();
        }}
      >
        <div class="row">
          ${this.#number('seeds', 'Seeds')} ${this.#number('steps', 'Steps of each run')}
          ${
            this.running
              ? html`<button type="button" @click=${() => this.#abort?.abort()}>Cancel</button>
                  <progress max=${total} value=${this.done} aria-label="Runs"></progress>
                  <span>${this.done} of ${total} runs</span>`
              : html`<button class="primary" type="submit">Run all seeds</button>`
          }
        </div>
        ${problems.length > 0 ? html`<p class="problem" role="alert">${problems.join('; ')}.</p>` : nothing}
        ${this.failure === undefined ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      </form>
    `;
  }

  #number(field: 'seeds' | 'steps', label: string): TemplateResult {
    return html`<label
      >${label}
      <input
        type="text"
        inputmode="numeric"
        autocomplete="off"
        aria-invalid=${this.#asked && this.#problem(field) !== undefined ? 'true' : nothing}
        .value=${this[field]}
        ?disabled=${this.running}
        @input=${(event: Event) => (this[field] = (event.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  #result(plan: BandPlan): TemplateResult {
    const measure = this.#shownMeasure(plan);
    const bands = this.#bands(plan);
    const leads = leadsOf(this.#outcomes, plan, measure);
    const complete = !this.running && this.done === runsOf(plan).length;
    const said = complete
      ? bandsConclusion(plan, bands, this.#outcomes, leads, measure)
      : `${this.done} of ${runsOf(plan).length} runs so far.`;
    const steps = stepsOf(plan);
    const finite = bands.flatMap(({ runs }) =>
      runs.map((run) => run.flatMap((y, i) => (Number.isFinite(y) ? [{ x: steps[i]!, y }] : []))),
    );
    const y =
      measure.quantity === 'accuracy'
        ? { min: 0, max: 1, log: false, above: false }
        : lossAxis(finite, this.logLoss);
    const problems = [
      ...new Set(this.#outcomes.flat().flatMap((one) => (one && 'problem' in one ? [one.problem] : []))),
    ];
    const old = this.value && encodeLab(this.value) !== encodeLab(plan.value);
    return html`
      <div class="row">
        <label
          >Shown
          <select
            @change=${(event: Event) => {
              this.measure = MEASURES[Number((event.target as HTMLSelectElement).value)]!;
            }}
          >
            ${MEASURES.map((one, index) =>
              (plan.classes === 0 && one.quantity === 'accuracy') ||
              (plan.value.test === 0 && one.set === 'test')
                ? nothing
                : html`<option value=${index} ?selected=${measureName(one) === measureName(measure)}>
                    ${measureName(one)}
                  </option>`,
            )}
          </select>
        </label>
        ${
          measure.quantity === 'loss'
            ? html`<label
                ><input
                  type="checkbox"
                  .checked=${this.logLoss}
                  @change=${(event: Event) => (this.logLoss = (event.target as HTMLInputElement).checked)}
                />log scale</label
              >`
            : nothing
        }
      </div>
      <figure>
        <p class="legend" aria-hidden="true">
          ${bands.map((_, arm) => html`<span class=${arm === 0 ? 'a' : 'b'} .style=${`color: var(${lineColour({ arm, measured: 'test', mode: measure.mode })})`}>${armName(arm)}: median, band from smallest to largest, every run</span>`)}
        </p>
        <bn-lab-bands-plot
          .drawing=${{
            steps,
            bands,
            y,
            colour: lineColour({ arm: 0, measured: 'test', mode: measure.mode }),
            formatY:
              measure.quantity === 'accuracy'
                ? (value: number) => `${Math.round(value * 100)} %`
                : formatTick,
          }}
          .name=${`${measureName(measure)} over the steps, every seed. ${said}`}
        ></bn-lab-bands-plot>
        ${y.above ? html`<p class="note">Values above ${formatTick(y.max)} run along the upper end.</p>` : nothing}
        ${bands.length > 1 ? this.#pairs(leads, measure) : nothing}
        <figcaption>
          ${said}
          ${old ? html`<span class="note">The experiment has been changed since; these runs are of what it was.</span>` : nothing}
        </figcaption>
      </figure>
      ${problems.map((problem) => html`<p class="note">Refused: ${problem}</p>`)}
      ${this.#tables.render('Each seed at the end, as a table', () => this.#seedTable(plan, leads, measure))}
      ${this.#tables.render('The bands as a table', () => bandTable(plan, bands, measure))}
    `;
  }

  /** The paired differences on a line, around 0, with their mean and its interval. */
  #pairs(leads: readonly number[], measure: Measure): TemplateResult | typeof nothing {
    const known = leads.filter((value) => Number.isFinite(value));
    const found = leadInterval(leads);
    if (known.length === 0 || !found) return nothing;
    const ends = [found.from, found.to].filter((value) => value !== undefined);
    const reach = roundUp(Math.max(0.01, ...[...known, ...ends].map(Math.abs)));
    const at = (value: number) => 50 + (48 * value) / reach;
    const accuracy = measure.quantity === 'accuracy';
    const tick = (value: number) => formatDifference(value, measure);
    const place = (value: number) => `inset-inline-start: ${at(value)}%`;
    const dots = stacked(leads, reach);
    const levels = Math.max(...dots.map(({ level }) => level)) + 1;
    return html`<div class="pairs">
      <h4>
        ${accuracy ? 'A − B of each seed, percentage points' : 'B − A of each seed: how much less loss A has'}
      </h4>
      <div
        class="strip"
        role="img"
        aria-label="A against B, seed by seed"
        .style=${`height: ${levels * DOT + 1.5}rem`}
      >
        <span class="zero"></span>
        ${dots.map(
          ({ value, seed, level }) =>
            html`<span
              class="dot"
              title=${`Seed ${seed + 1}: ${tick(value)}`}
              .style=${`${place(value)}; inset-block-end: ${level * DOT + 1.5}rem`}
            ></span>`,
        )}
        ${
          found.from === undefined || found.to === undefined
            ? nothing
            : html`<span
                class="interval"
                title=${`95 % interval: ${tick(found.from)} to ${tick(found.to)}`}
                .style=${`${place(found.from)}; width: ${at(found.to) - at(found.from)}%`}
              ></span>`
        }
        ${
          Number.isFinite(found.mean)
            ? html`<span
                class="mean"
                title=${`Mean: ${tick(found.mean)}`}
                .style=${place(found.mean)}
              ></span>`
            : nothing
        }
      </div>
      <p class="ends" aria-hidden="true">
        <span>${tick(-reach)}<br />B ahead</span><span>0</span><span>${tick(reach)}<br />A ahead</span>
      </p>
      <p class="note">○ a seed, ◆ their mean, bar: 95 % interval of the mean</p>
    </div>`;
  }

  #seedTable(plan: BandPlan, leads: readonly number[], measure: Measure): TemplateResult {
    const cell = (outcome: Outcome | undefined) => {
      if (!outcome) return '';
      if ('problem' in outcome) return 'refused';
      return `${formatValue(finalOf(outcome, measure, plan.classes), measure)}${hasDiverged(outcome) ? ' ✕ diverged' : ''}`;
    };
    return html`<table class="numbers">
      <thead>
        <tr>
          <th scope="col">Seed</th>
          ${this.#outcomes.map((_, arm) => html`<th scope="col">${armName(arm)}</th>`)}
          ${leads.length > 0 && this.#outcomes.length > 1 ? html`<th scope="col">A ahead by</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${leads.map(
          (value, seed) =>
            html`<tr>
              <th scope="row">${seed + 1}</th>
              ${this.#outcomes.map((outcomes) => html`<td>${cell(outcomes[seed])}</td>`)}
              ${
                this.#outcomes.length > 1
                  ? html`<td>${Number.isNaN(value) ? '' : formatDifference(value, measure)}</td>`
                  : nothing
              }
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  static override styles = [
    controls,
    panelStyles,
    runFormStyles,
    legend,
    css`
      input[type='text'] {
        width: 5rem;
        text-align: end;
      }

      select {
        min-width: 0;
        max-width: 100%;
      }

      .legend {
        max-width: none;
      }

      .legend span::before {
        border-block-start-width: 3px;
      }

      .legend .b::before {
        border-block-start-style: dashed;
      }

      .pairs {
        position: relative;
        max-width: 34rem;
        margin-block-start: var(--space-4);
      }

      .strip {
        position: relative;
        border-block-end: 1px solid var(--line);
      }

      .strip span {
        position: absolute;
      }

      .zero {
        inset: 0 auto 0 50%;
        border-inline-start: 1px dashed var(--line);
      }

      .dot {
        width: 0.7rem;
        height: 0.7rem;
        border: 2px solid var(--text);
        border-radius: 50%;
        translate: -50% 0;
      }

      .interval {
        inset-block-end: 0.6rem;
        height: 0.3rem;
        background: var(--accent);
      }

      .mean {
        inset-block-end: 0.35rem;
        width: 0.8rem;
        height: 0.8rem;
        border: 2px solid var(--surface);
        background: var(--accent);
        transform: translateX(-50%) rotate(45deg);
      }

      .ends {
        display: flex;
        justify-content: space-between;
        max-width: none;
        margin: 0;
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      .ends span:last-child {
        text-align: end;
      }
    `,
  ];
}

/** Finite differences, those that would cover each other on top of each other. */
function stacked(
  leads: readonly number[],
  reach: number,
): readonly { value: number; seed: number; level: number }[] {
  const taken = new Map<number, number>();
  return leads.flatMap((value, seed) => {
    if (!Number.isFinite(value)) return [];
    const column = Math.round((value / reach) * 20);
    const level = taken.get(column) ?? 0;
    taken.set(column, level + 1);
    return [{ value, seed, level }];
  });
}

function bandTable(plan: BandPlan, bands: readonly Band[], measure: Measure): TemplateResult {
  const steps = stepsOf(plan);
  const every = Math.ceil(steps.length / TABLE_ROWS);
  const rows = steps
    .map((step, at) => ({ step, at }))
    .filter(({ at }) => at % every === 0 || at === steps.length - 1);
  const cell = (value: number | undefined) =>
    html`<td>${value === undefined || Number.isNaN(value) ? '' : formatValue(value, measure)}</td>`;
  return html`<table class="numbers">
    <thead>
      <tr>
        <th scope="col">Step</th>
        ${bands.map((_, arm) => ['median', 'smallest', 'largest'].map((word) => html`<th scope="col">${armName(arm)}, ${word}</th>`))}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ step, at }) =>
          html`<tr>
            <th scope="row">${step}</th>
            ${bands.map(({ runs, median, min, max }) => (runs.length === 0 ? [cell(NaN), cell(NaN), cell(NaN)] : [cell(median[at]), cell(min[at]), cell(max[at])]))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-lab-bands', LabBands);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-bands': LabBands;
  }
}
