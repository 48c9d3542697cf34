import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Lab, LabPool } from '../../client/lab.ts';
import { createLabPool } from '../../client/pool.ts';
import { taskOf } from '../../protocol/lab-compile.ts';
import { encodeLab, type LabExamples, type LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { awakeOf } from '../figure.ts';
import { formatNumber, parseNumber } from '../format-number.ts';
import { LabLoadEvent, LabSayEvent } from './events.ts';
import { type HeatScale, leadScale, valueScale } from './heat-scale.ts';
import { type Measure, measureName, MEASURES, type Outcome, runMany } from './many-runs.ts';
import { panelStyles } from './panel-styles.ts';
import { runFormStyles } from './run-form-styles.ts';
import {
  armsOf,
  bestCell,
  type Cell,
  cellOf,
  cellsOf,
  cellValue,
  defaultValues,
  describeCell,
  lead,
  MAX_VALUES,
  type Plan,
  propertyOf,
  readValues,
  runsOf,
  sweepNames,
  type SweepName,
} from './sweep-grid.ts';
import { cellText, formatLead, formatScore, numbersText, sweepConclusion } from './sweep-words.ts';
import { armName } from './words.ts';

const MAX_STEPS = 20_000;
const MAX_SEEDS = 20;

type AxisName = 'across' | 'down';
const START: Readonly<Record<AxisName, SweepName>> = { across: 'lr', down: 'batch' };

interface Map {
  title: string;
  scale: HeatScale;
  cells: readonly Cell[];
  format(value: number): string;
}

/**
 * `<bn-lab-sweep>`: the experiment run at every pair of values of two settings, over several seeds, on all cores; a heat map
 * for A, for B and for how far A is ahead. A cell loads its settings into the Lab.
 */
export class LabSweep extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    examples: { attribute: false },
    names: { state: true },
    texts: { state: true },
    steps: { state: true },
    seeds: { state: true },
    measure: { state: true },
    plan: { state: true },
    done: { state: true },
    running: { state: true },
    failure: { state: true },
    focused: { state: true },
  };

  declare lab: Lab | undefined;
  declare value: LabValue | undefined;
  declare examples: LabExamples | undefined;
  /** Another pool than that of all cores. */
  createPool: () => LabPool = createLabPool;

  declare private names: Readonly<Record<AxisName, SweepName>>;
  /** What was typed into the fields, right or wrong. */
  declare private texts: Readonly<Record<AxisName, string>>;
  declare private steps: string;
  declare private seeds: string;
  declare private measure: Measure;
  /** What was run, or is being. */
  declare private plan: Plan | undefined;
  declare private done: number;
  declare private running: boolean;
  declare private failure: string | undefined;
  /** The cell the keyboard is at, in each map. */
  declare private focused: number;

  /** By arm and cell, those of the seeds that are done. */
  #outcomes: Outcome[][][] = [];
  #pool: LabPool | undefined;
  #abort: AbortController | undefined;
  #asked = false;

  constructor() {
    super();
    this.names = START;
    this.texts = { across: numbersText(defaultValues('lr')), down: numbersText(defaultValues('batch')) };
    this.steps = '200';
    this.seeds = '3';
    this.measure = MEASURES[0]!;
    this.done = 0;
    this.running = false;
    this.focused = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
    this.#pool?.close();
    this.#pool = undefined;
  }

  /** What is wrong with the form, by field. */
  #problems(): Partial<Record<AxisName | 'steps' | 'seeds' | 'names', string>> {
    const whole = (text: string, max: number) => {
      const value = parseNumber(text);
      return value !== undefined && Number.isInteger(value) && value >= 1 && value <= max
        ? undefined
        : `expected a whole number from 1 to ${max}, got ${text.trim() === '' ? 'nothing' : `“${text.trim().slice(0, 24)}”`}`;
    };
    const list = (axis: AxisName) => {
      const read = readValues(this.names[axis], this.texts[axis]);
      return read.problem ?? (read.value.length === 0 ? 'expected at least one number, got none' : undefined);
    };
    const all = {
      across: list('across'),
      down: list('down'),
      steps: whole(this.steps, MAX_STEPS),
      seeds: whole(this.seeds, MAX_SEEDS),
      names:
        this.names.across === this.names.down
          ? 'expected two different settings, got the same twice'
          : undefined,
    };
    return Object.fromEntries(Object.entries(all).filter(([, problem]) => problem !== undefined));
  }

  #planned(): Plan | undefined {
    const { value } = this;
    if (!value || Object.keys(this.#problems()).length > 0) return undefined;
    const axis = (which: AxisName) => ({
      name: this.names[which],
      values: readValues(this.names[which], this.texts[which]).value ?? [],
    });
    let classes = 0;
    try {
      ({ classes } = taskOf(value, this.examples));
    } catch {
      // Without examples there is nothing to run; the runs will say so.
    }
    return {
      value,
      across: axis('across'),
      down: axis('down'),
      seeds: Number(parseNumber(this.seeds)),
      steps: Number(parseNumber(this.steps)),
      classes,
    };
  }

  #shownMeasure(plan: Plan): Measure {
    const { measure } = this;
    const quantity = plan.classes === 0 ? 'loss' : measure.quantity;
    const set = plan.value.test === 0 ? 'train' : measure.set;
    return { ...measure, quantity, set };
  }

  async #start(): Promise<void> {
    this.#asked = true;
    const plan = this.#planned();
    this.requestUpdate();
    if (!plan || this.running) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#outcomes = Array.from({ length: armsOf(plan) }, () =>
      Array.from({ length: cellsOf(plan) }, () => []),
    );
    this.plan = plan;
    this.done = 0;
    this.focused = 0;
    this.failure = undefined;
    this.running = true;
    const runs = runsOf(plan);
    this.dispatchEvent(new LabSayEvent(`Sweep started: ${runs.length} runs.`));
    try {
      this.#pool ??= this.createPool();
      await runMany(this.#pool, runs, {
        steps: plan.steps,
        every: 0,
        examples: this.examples,
        signal: abort.signal,
        ready: () => awakeOf(this),
        onOutcome: (index, outcome) => {
          const { arm, cell } = runs[index]!;
          this.#outcomes[arm]![cell]!.push(outcome);
          this.done++;
        },
      });
      this.dispatchEvent(new LabSayEvent(`Sweep finished. ${this.#conclusion(plan)}`));
    } catch (error) {
      if (abort.signal.aborted) this.dispatchEvent(new LabSayEvent('Sweep cancelled.'));
      else this.failure = error instanceof Error ? error.message : String(error);
    }
    // Begun again in the meantime, another run owns the state.
    if (this.#abort === abort) this.running = false;
  }

  #cells(plan: Plan): Cell[][] {
    const measure = this.#shownMeasure(plan);
    return this.#outcomes.map((cells) => cells.map((outcomes) => cellOf(outcomes, measure, plan.classes)));
  }

  #conclusion(plan: Plan): string {
    return sweepConclusion(plan, this.#cells(plan), this.#shownMeasure(plan));
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.value) return nothing;
    return html`${this.#form(this.value)} ${this.plan ? this.#result(this.plan) : nothing}`;
  }

  #form(value: LabValue): TemplateResult {
    const problems = this.#asked ? this.#problems() : {};
    const plan = this.#planned();
    const runs = plan ? cellsOf(plan) * plan.seeds * armsOf(plan) : 0;
    const said = Object.values(problems);
    return html`
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.#start();
        }}
      >
        ${this.#axis(value, 'across', problems)} ${this.#axis(value, 'down', problems)}
        <div class="row">
          ${this.#number('steps', 'Steps of each run', this.steps, problems.steps)}
          ${this.#number('seeds', 'Seeds averaged over', this.seeds, problems.seeds)}
        </div>
        ${said.length > 0 ? html`<p class="problem" role="alert">${said.join('; ')}.</p>` : nothing}
        <div class="row">
          ${
            this.running
              ? html`<button type="button" @click=${() => this.#abort?.abort()}>Cancel</button>
                  <progress max=${runsOf(this.plan!).length} value=${this.done} aria-label="Sweep"></progress>
                  <span>${this.done} of ${runsOf(this.plan!).length} runs</span>`
              : html`<button class="primary" type="submit">Run the sweep</button>
                  ${runs > 0 ? html`<span class="note">${grid(plan!)}${runs} runs</span>` : nothing}`
          }
        </div>
        ${this.failure === undefined ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      </form>
    `;
  }

  #axis(value: LabValue, axis: AxisName, problems: Partial<Record<string, string>>): TemplateResult {
    const name = this.names[axis];
    const title = axis === 'across' ? 'Across' : 'Down';
    const names = sweepNames(value);
    const choose = (event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value as SweepName;
      this.names = { ...this.names, [axis]: chosen };
      this.texts = { ...this.texts, [axis]: numbersText(defaultValues(chosen)) };
    };
    return html`<div class="row">
      <label
        >${title}
        <select aria-label=${`${title}: setting`} @change=${choose} ?disabled=${this.running}>
          ${(names.includes(name) ? names : [name, ...names]).map(
            (one) => html`<option value=${one} ?selected=${one === name}>${propertyOf(one).label}</option>`,
          )}
        </select>
      </label>
      <label class="values"
        >values
        <input
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-label=${`Values of ${propertyOf(name).label}, at most ${MAX_VALUES}`}
          aria-invalid=${problems[axis] === undefined ? nothing : 'true'}
          .value=${this.texts[axis]}
          ?disabled=${this.running}
          @input=${(event: Event) => {
            this.texts = { ...this.texts, [axis]: (event.target as HTMLInputElement).value };
          }}
        />
      </label>
    </div>`;
  }

  #number(
    field: 'steps' | 'seeds',
    label: string,
    text: string,
    problem: string | undefined,
  ): TemplateResult {
    return html`<label
      >${label}
      <input
        class="number"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        aria-invalid=${problem === undefined ? nothing : 'true'}
        .value=${text}
        ?disabled=${this.running}
        @input=${(event: Event) => (this[field] = (event.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  #result(plan: Plan): TemplateResult {
    const measure = this.#shownMeasure(plan);
    const cells = this.#cells(plan);
    const [a, b] = cells;
    const maps: Map[] = cells.map((own, arm) => ({
      title: `${armName(arm)}: ${measure.quantity === 'accuracy' ? 'accuracy in %' : 'loss'}`,
      scale: valueScale(measure.quantity),
      cells: own,
      format: (value) => formatScore(value, measure),
    }));
    if (a && b) {
      maps.push({
        title: measure.quantity === 'loss' ? 'B − A: how much less loss A has' : 'A − B: percentage points',
        scale: leadScale(measure.quantity),
        cells: a.map((cell, at) => differenceOf(cell, b[at]!, measure)),
        format: (value) => formatLead(value, measure),
      });
    }
    const complete = !this.running && this.done === runsOf(plan).length;
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
                : html`<option value=${index} ?selected=${sameMeasure(one, measure)}>
                    ${measureName(one)}
                  </option>`,
            )}
          </select>
        </label>
      </div>
      <figure>
        <div class="maps">
          ${maps.map((map, at) => this.#map(plan, map, at < cells.length ? bestCell(map.cells, measure) : undefined))}
        </div>
        <figcaption>
          ${complete ? sweepConclusion(plan, cells, measure) : `${this.done} of ${runsOf(plan).length} runs so far.`}
          ${
            old
              ? html`<span class="note"
                  >The experiment has been changed since; these runs are of what it was.</span
                >`
              : nothing
          }
        </figcaption>
      </figure>
      ${this.#legend(cells)}
    `;
  }

  #legend(cells: readonly (readonly Cell[])[]): TemplateResult {
    const all = cells.flat();
    const problems = [...new Set(all.flatMap(({ problem }) => (problem === undefined ? [] : [problem])))];
    return html`<p class="note">
        Each number is the mean over the seeds after the last step; ★ is the model’s best. A cell, clicked or
        entered, loads its settings into the Lab.
        ${
          all.some(({ diverged }) => diverged > 0)
            ? '✕ marks runs that diverged, and how many: their accuracy counts as that of chance, their loss as infinite.'
            : nothing
        }
      </p>
      ${problems.map((problem) => html`<p class="note">– was refused: ${problem}</p>`)}`;
  }

  #map(plan: Plan, { title, scale, cells, format }: Map, best: number | undefined): TemplateResult {
    const columns = plan.across.values.length;
    const across = propertyOf(plan.across.name).label;
    const down = propertyOf(plan.down.name).label;
    return html`<div class="map">
      <h4>${title}</h4>
      <div class="scroll">
        <table
          role="grid"
          aria-label=${`${title}: ${across} across, ${down} down`}
          @keydown=${(event: KeyboardEvent) => this.#move(event, plan)}
        >
          <thead>
            <tr>
              <td></td>
              <th scope="colgroup" colspan=${columns}>${across}</th>
            </tr>
            <tr>
              <th scope="col" class="down">${down}</th>
              ${plan.across.values.map((value) => html`<th scope="col">${formatNumber(value)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${plan.down.values.map(
              (value, row) =>
                html`<tr>
                  <th scope="row">${formatNumber(value)}</th>
                  ${plan.across.values.map((_, column) => {
                    const at = row * columns + column;
                    return this.#cell(plan, at, cells[at]!, format, scale, at === best);
                  })}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="scale" aria-hidden="true">
        <span>${format(scale.from)}</span><span class="bar" .style=${`background: ${scale.gradient}`}></span
        ><span>${format(scale.to)}</span>
      </p>
    </div>`;
  }

  #cell(
    plan: Plan,
    at: number,
    cell: Cell,
    format: (value: number) => string,
    scale: HeatScale,
    best: boolean,
  ): TemplateResult {
    const { value, diverged, problem, done } = cell;
    const known = !Number.isNaN(value);
    const shown = problem !== undefined ? '–' : known ? format(value) : done > 0 ? '✕' : '';
    const { background, text } = known ? scale.color(value) : { background: 'transparent', text: 'inherit' };
    const said = cellText(plan, at, shown === '' ? 'not run yet' : shown, cell);
    return html`<td
      role="gridcell"
      class=${best ? 'best' : ''}
      tabindex=${at === this.focused ? 0 : -1}
      data-cell=${at}
      aria-label=${`${said}${best ? ', the best' : ''}. Load into the Lab.`}
      title=${said}
      .style=${`background: ${background}; color: ${text}`}
      @focus=${() => (this.focused = at)}
      @click=${() => this.#load(plan, at)}
    >
      ${shown}${best ? html`<span class="mark">★</span>` : nothing}${
        diverged > 0 ? html`<span class="mark diverged">✕${done > 1 ? diverged : ''}</span>` : nothing
      }
    </td>`;
  }

  #move(event: KeyboardEvent, plan: Plan): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#load(plan, this.focused);
      return;
    }
    const columns = plan.across.values.length;
    const rows = plan.down.values.length;
    const [row, column] = [Math.floor(this.focused / columns), this.focused % columns];
    const [down, right] =
      {
        ArrowUp: [row - 1, column],
        ArrowDown: [row + 1, column],
        ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1],
        Home: [row, 0],
        End: [row, columns - 1],
      }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    this.focused = clamp(down, rows) * columns + clamp(right, columns);
    const table = event.currentTarget as HTMLElement;
    table.querySelector<HTMLElement>(`[data-cell="${this.focused}"]`)?.focus();
  }

  #load(plan: Plan, cell: number): void {
    const said = `Loaded ${describeCell(plan, cell)}.`;
    this.dispatchEvent(new LabLoadEvent(cellValue(plan, cell), said));
  }

  static override styles = [
    controls,
    panelStyles,
    runFormStyles,
    css`
      .values {
        flex: 1 1 16rem;
      }

      .values input {
        flex: 1;
        min-width: 6rem;
      }

      input.number {
        width: 5rem;
        text-align: end;
      }

      select {
        min-width: 0;
        max-width: 100%;
      }

      .maps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: var(--space-4) var(--space-5);
      }

      .map {
        min-width: 0;
      }

      .scroll {
        max-height: none;
      }

      table {
        font-size: var(--size-s);
      }

      table th,
      table td {
        padding: 0.2em 0.4em;
        text-align: center;
        vertical-align: middle;
        border: 0;
      }

      table thead th[scope='colgroup'],
      .down {
        font-weight: 400;
        color: var(--text-muted);
      }

      th[scope='row'],
      .down {
        text-align: end;
      }

      .down {
        max-width: 6.5rem;
        white-space: normal;
        line-height: 1.2;
      }

      td[role='gridcell'] {
        position: relative;
        min-width: 2.75rem;
        height: 2.25rem;
        white-space: nowrap;
        outline: 1px solid var(--surface);
        cursor: pointer;
      }

      td[role='gridcell']:hover {
        outline: 2px solid var(--text);
        z-index: 1;
      }

      td[role='gridcell']:focus-visible {
        outline: 3px solid var(--focus);
        outline-offset: -1px;
        z-index: 2;
      }

      .mark {
        position: absolute;
        inset: 1px 2px auto auto;
        font-size: 0.625rem;
        line-height: 1;
      }

      .mark.diverged {
        inset: auto 2px 1px auto;
      }

      .scale {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        max-width: 18rem;
        margin-block: var(--space-2) 0;
        color: var(--text-muted);
        font-size: var(--size-xs);
      }

      .bar {
        flex: 1;
        height: 0.6rem;
      }

      @media (forced-colors: active) {
        td[role='gridcell'],
        .bar {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

const grid = (plan: Plan) =>
  `${plan.across.values.length} × ${plan.down.values.length} cells, ${plan.seeds} ${plan.seeds === 1 ? 'seed' : 'seeds'}: `;

const sameMeasure = (a: Measure, b: Measure) =>
  a.set === b.set && a.mode === b.mode && a.quantity === b.quantity;

/** Of two cells as far as both are done; where both losses are infinite no one is ahead. */
function differenceOf(a: Cell, b: Cell, measure: Measure): Cell {
  return {
    value: lead(a.value, b.value, measure),
    done: Math.min(a.done, b.done),
    diverged: 0,
    problem: a.problem ?? b.problem,
  };
}

customElements.define('bn-lab-sweep', LabSweep);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-sweep': LabSweep;
  }
}
