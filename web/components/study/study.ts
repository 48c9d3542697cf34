import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LabPool } from '../../client/lab.ts';
import {
  defaultsOf,
  type NumberProperty,
  type Property,
  type PropertyList,
  type ValueOf,
  type ValuesOf,
} from '../../protocol/properties.ts';
import { controls } from '../../style/controls.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import '../lab/field.ts';
import type { FieldEvent, FieldProperty } from '../lab/field.ts';
import { LabPredict } from '../lab/predict.ts';
import type { Study, StudyChart, StudyConclusion } from './definition.ts';
import { StudyOutcome } from './outcome.ts';
import './plot.ts';
import { dot } from './plot.ts';
import { callCount, runStudy, sharedPool, type StudyPlan } from './run-study.ts';
import { STUDIES } from './studies.ts';
import { studyTable } from './table.ts';
import { ANSWERS } from './verdict.ts';

/** The intervals of summary.ts are of 30 values at most, and of 2 at least. */
const SEEDS = { kind: 'number', default: 10, min: 2, max: 30, whole: true, step: 1 } as const;
const FIRST = {
  kind: 'number',
  label: 'First seed',
  default: 1,
  min: 0,
  max: 1_000_000,
  whole: true,
  step: 1,
} as const satisfies NumberProperty;

/**
 * `<bn-study name="…">`: one measured experiment, run over several seeds when the reader asks for it. Every seed is drawn, and
 * the sentence below says what came out. With a `<bn-lab-predict slot="predict">` inside, nothing runs before its question has
 * been answered; which answer came true is for the runs to say. What else stands inside is what to read without scripts.
 */
export class BnStudy extends LitElement {
  static override properties = {
    name: { type: String },
    study: { state: true },
    knobs: { state: true },
    seeds: { state: true },
    first: { state: true },
    asks: { state: true },
    plan: { state: true },
    chart: { state: true },
    conclusion: { state: true },
    done: { state: true },
    running: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  /** A name out of studies.ts. */
  declare name: string;
  /** Another pool than that of the page. */
  createPool: () => Pick<LabPool, 'call' | 'workers'> = sharedPool;

  declare private study: Study | undefined;
  declare private knobs: ValuesOf<PropertyList>;
  declare private seeds: number;
  declare private first: number;
  /** The question is still open. */
  declare private asks: boolean;
  /** What the results on show come from. */
  declare private plan: StudyPlan | undefined;
  declare private chart: StudyChart | undefined;
  declare private conclusion: StudyConclusion | undefined;
  declare private done: number;
  declare private running: boolean;
  declare private failure: string | undefined;
  declare private said: string;

  #outcome = new StudyOutcome(0);
  #abort: AbortController | undefined;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.name = '';
    this.knobs = {};
    this.seeds = SEEDS.default;
    this.first = FIRST.default;
    this.asks = false;
    this.done = 0;
    this.running = false;
    this.said = '';
    this.addEventListener('bn-predicted', () => (this.asks = false));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.asks = this.#prediction?.predicted === false;
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  get #prediction(): LabPredict | undefined {
    const found = this.querySelector(':scope > bn-lab-predict');
    return found instanceof LabPredict ? found : undefined;
  }

  async #load(): Promise<void> {
    if (this.study) return;
    const load = Object.hasOwn(STUDIES, this.name) ? STUDIES[this.name] : undefined;
    if (!load) {
      this.failure = `There is no study called “${this.name}”.`;
      return;
    }
    const { study } = await load();
    this.knobs = defaultsOf(study.knobs);
    this.seeds = study.seeds;
    this.study = study;
  }

  async #run(study: Study): Promise<void> {
    const { knobs, seeds, first } = this;
    const plan: StudyPlan = { knobs, seeds, first_seed: first };
    const abort = new AbortController();
    this.#abort = abort;
    this.#outcome = new StudyOutcome(seeds);
    this.plan = plan;
    this.chart = study.chart(knobs);
    this.conclusion = undefined;
    this.failure = undefined;
    this.done = 0;
    this.running = true;
    this.said = `${seeds} ${this.#unit(study)}s started.`;
    try {
      await runStudy(this.createPool(), study, plan, this.#outcome, {
        signal: abort.signal,
        onCall: () => this.done++,
      });
      const conclusion = study.conclude(this.#outcome, knobs);
      this.conclusion = conclusion;
      this.said = `Done. ${conclusion.sentence}`;
      this.#reveal(conclusion);
    } catch (error) {
      if (abort.signal.aborted) this.said = 'Cancelled.';
      else this.failure = error instanceof Error ? error.message : String(error);
    }
    if (this.#abort === abort) this.running = false;
  }

  /** The first run answers the question; what is tried afterwards leaves the answer as it was. */
  #reveal({ option }: StudyConclusion): void {
    const prediction = this.#prediction;
    if (!prediction || prediction.revealed) return;
    prediction.answer = option ?? null;
    prediction.revealed = true;
  }

  #unit({ unit = 'seed' }: Study): string {
    return unit;
  }

  override render(): TemplateResult {
    const { study } = this;
    return html`
      ${study ? html`<h3>${study.title}</h3>` : nothing}
      <slot name="predict"></slot>
      ${study ? this.#whole(study) : html`<slot></slot>`}
      ${this.failure === undefined ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  #whole(study: Study): TemplateResult {
    return html`
      ${this.asks ? nothing : html`<p><b>The claim.</b> ${study.claim}</p>`} ${this.#buttons(study)}
      ${this.#settings(study)} ${this.plan ? this.#result(study, this.plan) : nothing}
    `;
  }

  #buttons(study: Study): TemplateResult {
    const total = this.plan ? callCount(study, this.plan) : 0;
    const unit = this.#unit(study);
    return html`<div class="row">
      ${
        this.running
          ? html`<button type="button" @click=${() => this.#abort?.abort()}>Cancel</button>
              <progress max=${total} value=${this.done} aria-label="Runs"></progress>
              <span>${this.done} of ${total}</span>`
          : html`<button
              class=${this.asks ? nothing : 'primary'}
              type="button"
              ?disabled=${this.asks}
              aria-describedby=${this.asks ? 'first' : nothing}
              @click=${() => void this.#run(study)}
            >
              Run ${this.seeds} ${unit}s
            </button>`
      }
      ${this.asks ? html`<span class="note" id="first">First choose what you expect.</span>` : nothing}
    </div>`;
  }

  #settings(study: Study): TemplateResult {
    const unit = this.#unit(study);
    return html`<details>
      <summary>Settings</summary>
      <div class="knobs">
        ${Object.entries(study.knobs).map(([name, property]) =>
          this.#knob(property, this.knobs[name]!, (value) => (this.knobs = { ...this.knobs, [name]: value })),
        )}
        ${this.#knob(
          { ...SEEDS, label: `${unit[0]!.toUpperCase()}${unit.slice(1)}s` },
          this.seeds,
          (value) => (this.seeds = value as number),
        )}
        ${this.#knob(FIRST, this.first, (value) => (this.first = value as number))}
      </div>
    </details>`;
  }

  #knob(
    property: Property,
    value: ValueOf<Property>,
    take: (value: ValueOf<Property>) => void,
  ): TemplateResult {
    const { label, help } = property;
    return html`<div class="knob">
      <span aria-hidden="true">${label}</span>
      <bn-lab-field
        .property=${property as FieldProperty}
        .value=${value}
        .label=${label}
        @bn-field=${(event: FieldEvent) => take(event.value)}
      ></bn-lab-field>
      ${help ? html`<span class="note">${help}</span>` : nothing}
    </div>`;
  }

  #result(study: Study, plan: StudyPlan): TemplateResult {
    const { chart, conclusion, done } = this;
    const total = callCount(study, plan);
    const unit = this.#unit(study);
    const said = conclusion
      ? conclusion.sentence
      : `${done} of ${total} runs ${this.running ? 'so far' : 'before it was stopped'}.`;
    const old = plan.knobs !== this.knobs || plan.seeds !== this.seeds || plan.first_seed !== this.first;
    return html`<figure>
      <p class="y-label" aria-hidden="true">${chart!.y.label}</p>
      <bn-study-plot
        .chart=${chart}
        .outcome=${this.#outcome}
        .version=${done}
        .name=${`${study.title}: ${chart!.y.label} by ${chart!.x.label}. ${said}`}
      ></bn-study-plot>
      <p class="legend">
        ${
          chart!.series.length > 1
            ? chart!.series.map(
                ({ name, colour }, index) =>
                  html`<span class="key"
                    ><svg
                      width="14"
                      height="14"
                      viewBox="0 0 14 14"
                      aria-hidden="true"
                      .style=${`color: var(--${colour})`}
                    >
                      ${dot(index, 7, 7)}</svg
                    >${name}</span
                  >`,
              )
            : nothing
        }
        <span>A mark for each ${unit}; the bar is their mean, with its 95 % interval.</span>
      </p>
      <figcaption>
        <p>${said}</p>
        ${
          conclusion
            ? html`<p class="verdict ${conclusion.holds}">
                <b>Does the claim hold here?</b> ${ANSWERS[conclusion.holds]}
              </p>`
            : nothing
        }
        ${old ? html`<p class="note">The settings have been changed since; this is what came out before.</p>` : nothing}
      </figcaption>
      ${this.#tables.render(`Each ${unit}, as a table`, () =>
        studyTable(chart!, this.#outcome, plan.first_seed, unit),
      )}
    </figure>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
        margin-block: var(--space-5);
        padding: var(--space-4) var(--space-5);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        background: var(--surface-raised);
        font: var(--size-m) / 1.45 var(--font-sans);
      }

      h3 {
        margin: 0 0 var(--space-3);
        font: 600 var(--size-l) / 1.3 var(--font-sans);
      }

      p {
        margin: 0 0 var(--space-2);
        max-width: var(--measure);
        text-wrap: pretty;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 2.5rem;
        margin-block: var(--space-3);
        font-variant-numeric: tabular-nums;
      }

      progress {
        accent-color: var(--accent);
      }

      figure {
        margin: var(--space-4) 0 0;
      }

      figcaption {
        margin-block-start: var(--space-3);
      }

      .y-label {
        margin: 0 0 var(--space-1);
        font-size: var(--size-s);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        font-size: var(--size-s);
        color: var(--text-muted);
      }

      .key {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        color: var(--text);
      }

      .key svg * {
        fill: currentColor;
      }

      .verdict {
        padding: var(--space-2) var(--space-3);
        border-inline-start: 3px solid var(--line);
        background: var(--surface-sunken);
      }

      .verdict.yes {
        border-color: var(--good);
        background: var(--good-soft);
      }

      .verdict.no {
        border-color: var(--bad);
        background: var(--bad-soft);
      }

      details {
        font-size: var(--size-s);
      }

      summary {
        min-height: var(--target);
        line-height: var(--target);
        color: var(--text-muted);
        cursor: pointer;
      }

      .knobs {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
        gap: var(--space-3) var(--space-5);
        padding-block: var(--space-2) var(--space-3);
      }

      .knob .note {
        display: block;
      }

      .scroll {
        max-height: 20rem;
        overflow: auto;
      }

      @media (max-width: 40rem) {
        :host {
          margin-inline: calc(-1 * var(--space-2));
          padding: var(--space-3);
        }
      }
    `,
  ];
}

customElements.define('bn-study', BnStudy);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study': BnStudy;
  }
}
