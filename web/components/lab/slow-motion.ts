import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import { controls } from '../../style/controls.ts';
import { numberLine } from '../../style/number-line.ts';
import { formula } from '../math.ts';
import { partStyles } from '../worked-example/styles.ts';
import { LabSayEvent } from './events.ts';
import { LabFrames } from './frames.ts';
import { blockNames, blocksOf } from './layer-names.ts';
import { panelStyles } from './panel-styles.ts';
import { recordStep, type StepRecord } from './step-record.ts';
import { stagesOf } from './step-stages.ts';
import type { Stage, StageColumn } from './step-view.ts';
import { valueLine } from './value-line.ts';
import { armName, formatFloat } from './words.ts';

/** Rows of the table; a larger batch shows its first examples. */
const ROWS = 32;

/**
 * `<bn-lab-slow-motion>`: one mini-batch, stage by stage, with the numbers of one unit: drawn, forward, measured,
 * normalised, scaled, scored, backward, updated, remembered. The step itself is made when the batch is drawn; what it did
 * is then told at the reader's pace, for A and for B.
 */
export class SlowMotion extends LitElement {
  static override properties = {
    lab: { attribute: false },
    chosen: { state: true },
    arm: { state: true },
    unit: { state: true },
    example: { state: true },
    stage: { state: true },
    records: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare lab: Lab | undefined;
  declare private chosen: string;
  declare private arm: number;
  declare private unit: number;
  /** Whose numbers are put into the formulas, counted from 0. */
  declare private example: number;
  declare private stage: number;
  declare private records: readonly StepRecord[];
  declare private busy: boolean;
  declare private problem: string;

  protected readonly frames = new LabFrames(this);
  #opened: Lab['opened'];
  #names: readonly string[] = [];

  constructor() {
    super();
    this.chosen = '';
    this.arm = 0;
    this.unit = 0;
    this.example = 0;
    this.stage = 0;
    this.records = [];
    this.busy = false;
    this.problem = '';
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { lab } = this;
    if (!lab || lab.opened === this.#opened) return;
    this.#opened = lab.opened;
    this.#names = blockNames((lab.setup?.arms ?? []).map(({ model }) => blocksOf(model.layers)));
    if (!this.#names.includes(this.chosen)) this.chosen = this.#names[0] ?? '';
    this.#forget();
  }

  #forget(): void {
    this.records = [];
    this.stage = 0;
    this.problem = '';
  }

  get #record(): StepRecord | undefined {
    return this.records.find(({ arm }) => arm === this.arm) ?? this.records[0];
  }

  override render(): TemplateResult {
    const record = this.#record;
    const units = record?.pre.shape[1] ?? 1;
    const unit = Math.min(this.unit, units - 1);
    const examples = record?.members.length ?? 1;
    const example = Math.min(this.example, examples - 1);
    const stages = record ? stagesOf(record, unit, example) : [];
    return html`
      <div class="walk" @keydown=${this.#pressed}>
        ${this.#choices(units, unit, examples, example)}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${record ? this.#walk(record, stages, example) : this.#invitation()}
      </div>
    `;
  }

  #choices(units: number, unit: number, examples: number, example: number): TemplateResult {
    return html`<div class="choices">
      ${
        this.records.length > 1
          ? html`<fieldset class="segmented">
              <legend class="visually-hidden">Network</legend>
              ${this.records.map(
                ({ arm }) =>
                  html`<label
                    ><input
                      type="radio"
                      name="arm"
                      .checked=${arm === this.#record?.arm}
                      @change=${() => (this.arm = arm)}
                    /><span>${armName(arm)}</span></label
                  >`,
              )}
            </fieldset>`
          : nothing
      }
      <label>
        Layer
        <select
          @change=${(event: Event) => {
            this.chosen = (event.target as HTMLSelectElement).value;
            this.#forget();
          }}
        >
          ${this.#names.map((name) => html`<option ?selected=${name === this.chosen}>${name}</option>`)}
        </select>
      </label>
      ${
        this.records.length > 0
          ? html`<label>
                Unit
                <select
                  @change=${(event: Event) => (this.unit = Number((event.target as HTMLSelectElement).value))}
                >
                  ${Array.from({ length: units }, (_, at) => html`<option ?selected=${at === unit}>${at}</option>`)}
                </select>
              </label>
              <label>
                Example
                <select
                  @change=${(event: Event) => (this.example = Number((event.target as HTMLSelectElement).value) - 1)}
                >
                  ${Array.from({ length: examples }, (_, at) => html`<option ?selected=${at === example}>${at + 1}</option>`)}
                </select>
              </label>`
          : nothing
      }
    </div>`;
  }

  #invitation(): TemplateResult {
    return html`<p>
        One step of training, in nine stages, with the numbers of one unit of ${this.chosen || 'a layer'}. The
        step is made when the batch is drawn.
      </p>
      <button class="primary" ?disabled=${this.busy || !this.lab?.opened} @click=${this.#draw}>
        Draw a mini-batch
      </button>`;
  }

  #walk(record: StepRecord, stages: readonly Stage[], example: number): TemplateResult {
    const stage = stages[this.stage] as Stage;
    const last = this.stage === stages.length - 1;
    const now = this.lab?.frame?.arms[record.arm]?.step ?? record.step;
    return html`
      <ol class="stages" aria-label="Stages">
        ${stages.map(
          (each, at) =>
            html`<li class=${at === this.stage ? 'current' : at < this.stage ? 'past' : ''}>
              <button
                class="quiet"
                aria-current=${at === this.stage ? 'step' : nothing}
                @click=${() => this.#go(at)}
              >
                <span class="count" aria-hidden="true">${at + 1}</span
                ><span class=${each.skipped === undefined ? 'short' : 'short absent'}>${each.short}</span>
              </button>
            </li>`,
        )}
      </ol>
      <div class="turn">
        <button ?disabled=${this.stage === 0 || this.busy} @click=${() => this.#go(this.stage - 1)}>
          ‹ Back
        </button>
        <button class="primary" ?disabled=${this.busy} @click=${this.#next}>
          ${last ? 'Draw the next mini-batch' : 'Next ›'}
        </button>
        <span class="note"
          >Step ${record.step} of
          ${armName(record.arm)}${now > record.step ? html`; the Lab has gone on to step ${now}` : nothing}.
          Space and the arrow keys move too.</span
        >
      </div>
      <div class="parts">
        <div class="told">
          <section aria-label=${`Stage ${this.stage + 1}: ${stage.title}`}>
            <h4>${this.stage + 1}. ${stage.title}</h4>
            ${
              stage.skipped === undefined
                ? html`<p>${stage.text}</p>
                    ${stage.formulas.map((line) => html`<div class="formula">${formula([line])}</div>`)}
                    ${stage.line ? valueLine(stage.line) : nothing}
                    ${stage.moved ? moves(stage.moved) : nothing}`
                : html`<p><strong>Skipped.</strong> ${stage.skipped}</p>`
            }
            ${last ? this.#fullSpeed() : nothing}
          </section>
          ${this.#numbers(stages)}
        </div>
        ${this.#table(stages, example)}
      </div>
    `;
  }

  #fullSpeed(): TemplateResult {
    const running = this.lab?.status === 'running';
    return html`<p class="fast">
      That was one step. Training is this, over and over: the next batch starts from the weights this one
      left.
      <button @click=${() => void (running ? this.lab?.pause() : this.lab?.run())}>
        ${running ? 'Pause' : 'Now at full speed'}
      </button>
    </p>`;
  }

  /** The single numbers known so far; those of this stage stand out. */
  #numbers(stages: readonly Stage[]): TemplateResult | typeof nothing {
    const known = stages
      .slice(0, this.stage + 1)
      .flatMap(({ numbers }, at) => numbers.map((number) => ({ ...number, fresh: at === this.stage })));
    if (known.length === 0) return nothing;
    return html`<dl>
      ${known.map(
        ({ name, role, value, fresh }) =>
          html`<div class=${fresh ? 'fresh' : ''}>
            <dt>${name}</dt>
            <dd class=${role ?? ''}>${formatFloat(value)}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #table(stages: readonly Stage[], example: number): TemplateResult {
    const columns = stages
      .slice(0, this.stage + 1)
      .flatMap((stage, at) => stage.columns.map((column) => ({ column, fresh: at === this.stage })))
      .filter(({ column: { until = Infinity } }) => this.stage <= until);
    const examples = columns[0]?.column.values.length ?? 0;
    return html`<div class="scroll batch" tabindex="0" role="group" aria-label="The examples of the batch">
      <table class="numbers">
        <caption>
          The batch${examples > ROWS ? `, its first ${ROWS} of ${examples} examples` : ''}; the newest columns
          are marked
        </caption>
        <thead>
          <tr>
            <th scope="col">example</th>
            ${columns.map(
              ({ column, fresh }) =>
                html`<th scope="col" class=${`${column.role ?? ''} ${fresh ? 'fresh' : ''}`}>
                  ${column.name}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: Math.min(ROWS, examples) },
            (_, at) =>
              html`<tr class=${at === example ? 'chosen' : ''}>
                <th scope="row">${at + 1}</th>
                ${columns.map(({ column, fresh }) => html`<td class=${fresh ? 'fresh' : ''}>${cell(column, at)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    // What is new stands at the end of the table.
    const box = changed.has('stage') ? this.renderRoot.querySelector('.batch') : undefined;
    if (box) box.scrollLeft = box.scrollWidth;
  }

  readonly #next = (): void => {
    if (this.stage < 8) this.#go(this.stage + 1);
    else void this.#draw();
  };

  #go(stage: number): void {
    this.stage = stage;
    const record = this.#record;
    const opened = record && stagesOf(record, 0, 0)[stage];
    if (opened) this.dispatchEvent(new LabSayEvent(`Stage ${stage + 1}: ${opened.title}`));
  }

  readonly #draw = async (): Promise<void> => {
    const { lab } = this;
    if (!lab || this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const records = await recordStep(lab, this.chosen);
      if (records.length === 0) this.problem = 'This step left the numbers: no network has made it.';
      else {
        this.records = records;
        this.#go(0);
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
    // The button that was pressed may be gone; the keys go on from the one that takes its place.
    await this.updateComplete;
    if (!this.renderRoot.querySelector(':focus'))
      this.renderRoot.querySelector<HTMLElement>('.walk button.primary')?.focus({ preventScroll: true });
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || this.records.length === 0 || this.busy) return;
    const target = event.composedPath()[0] as Element;
    // A focused control keeps the keys that are its own.
    if (target.closest('select, input, .scroll')) return;
    if (event.key === ' ' && target.closest('button')) return;
    if (event.key === ' ' || event.key === 'ArrowRight') this.#next();
    else if (event.key === 'ArrowLeft' && this.stage > 0) this.#go(this.stage - 1);
    else return;
    event.preventDefault();
  };

  static override styles = [
    controls,
    numberLine,
    partStyles,
    panelStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .stages {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin: 0 0 var(--space-3);
        padding: 0;
        list-style: none;
      }

      .stages button {
        padding-inline: var(--space-2);
        border-block-end: 2px solid var(--hairline);
        border-radius: 0;
        font-size: var(--size-s);
      }

      .stages .past button {
        border-block-end-color: var(--line);
      }

      .stages .current button {
        border-block-end-color: var(--accent);
        font-weight: 600;
      }

      .count {
        color: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }

      .absent {
        color: var(--text-muted);
        text-decoration: line-through;
      }

      .turn {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-block-end: var(--space-4);
      }

      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4) var(--space-5);
      }

      .told {
        min-height: 20rem;
      }

      section {
        margin-block-end: var(--space-4);
      }

      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        margin: 0 0 var(--space-3);
        font-size: var(--size-s);
      }

      dl > div {
        padding-inline: var(--space-1);
      }

      dt {
        color: var(--text-muted);
      }

      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }

      .fresh {
        background: var(--surface-sunken);
        box-shadow: inset 0 2px var(--line);
      }

      td.fresh {
        box-shadow: none;
      }

      .scroll {
        max-height: 26rem;
      }

      table.numbers :is(th, td) {
        padding-inline: 0.5em;
      }

      .batch :is(th, td):first-child {
        position: sticky;
        inset-inline-start: 0;
        background: var(--surface);
      }

      .chosen > * {
        font-weight: 600;
        border-block: 1px solid var(--line);
      }

      .line {
        max-width: 40rem;
        color: var(--text);
      }

      .line.x {
        color: var(--x);
      }

      .line.xhat {
        color: var(--xhat);
      }

      .line.y {
        color: var(--y);
      }

      .line.grad {
        color: var(--grad);
      }

      .axis {
        stroke: var(--line);
      }

      .bar {
        stroke: var(--training);
        stroke-width: 2;
      }

      .value {
        fill: currentColor;
        fill-opacity: 0.55;
        stroke: currentColor;
      }

      .moves {
        margin-block: var(--space-2);
      }

      .fast {
        margin-block-start: var(--space-3);
      }

      @container (min-width: 56rem) {
        .parts {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }

      @container (max-width: 36rem) {
        .short {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        .current .short {
          position: static;
          width: auto;
          height: auto;
          clip-path: none;
        }
      }
    `,
  ];
}

function cell({ values, label }: StageColumn, at: number): string {
  const value = values[at] ?? NaN;
  return label ? String(value) : formatFloat(value);
}

function moves({ by, rows }: NonNullable<Stage['moved']>): TemplateResult {
  return html`<div class="scroll moves" tabindex="0" role="group" aria-label="What moved">
    <table class="numbers">
      <thead>
        <tr>
          <td></td>
          <th scope="col">before</th>
          <th scope="col">${by}</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${row.name}</th>
              <td>${formatFloat(row.before)}</td>
              <td>${formatFloat(row.by)}</td>
              <td class="fresh">${formatFloat(row.after)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

customElements.define('bn-lab-slow-motion', SlowMotion);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-slow-motion': SlowMotion;
  }
}
