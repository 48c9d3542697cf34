import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { loadStudy, sharedStudyPool, type StudyPool } from '../../client/studies.ts';
import {
  AS_DEFINED,
  formatSetting,
  MOST_SEEDS,
  parseNames,
  parseSetting,
  sameSetting,
  type StudyDefinition,
  type StudySetting,
  type StudyVerdict,
} from '../../protocol/studies.ts';
import type { EmbedLink } from '../../protocol/embed-link.ts';
import { controls } from '../../style/controls.ts';
import { block, row, words } from '../../style/parts.ts';
import { embedEntry } from '../builder/entry.ts';
import { Figure } from '../figure.ts';
import '../lab/field.ts';
import type { FieldEvent } from '../lab/field.ts';
import { LabPredict } from '../lab/predict.ts';
import { sentenceOf } from '../sentence-of.ts';
import './checks.ts';
import './knobs.ts';
import type { StudySettingEvent } from './knobs.ts';
import { answerThatCameTrue } from './prediction.ts';
import './results.ts';
import { StudyRunner } from './runner.ts';

/** Shown where a page asks for one there is not. */
const DEFAULT_STUDY = 'double-well';

/** The setting, or the number of seeds, was changed by the reader. */
export class StudyChangeEvent extends Event {
  constructor(
    readonly setting: StudySetting,
    readonly seeds: number,
  ) {
    super('bn-study-change', { bubbles: true, composed: true });
  }
}

/** A run has ended, and its checks have been judged. */
export class StudyJudgedEvent extends Event {
  constructor(readonly verdicts: readonly StudyVerdict[]) {
    super('bn-study-judged', { bubbles: true, composed: true });
  }
}

/**
 * `<bn-study name="…">`: any study there is, out of its definition. It runs over several seeds when the reader asks for it;
 * every seed is drawn, and each check is judged. `knobs="lr=0.5,steps=100"`, `points="1,2"` and `seeds="20"` set what differs
 * from the definition, and follow when the reader changes it.
 *
 * With a `<bn-lab-predict slot="predict">` inside, nothing runs before its question has been answered, and the checks, which
 * would tell, stay hidden. Which answer came true is for the first run to say. What else stands inside is what to read without
 * scripts.
 */
export class BnStudy extends Figure {
  static override properties = {
    name: { type: String },
    knobs: { type: String, reflect: true },
    points: { type: String, reflect: true },
    seeds: { type: String, reflect: true },
    checks: { type: String },
    metrics: { type: String },
    study: { state: true },
    asks: { state: true },
    problem: { state: true },
    said: { state: true },
  };

  /** A study's name or id. */
  declare name: string;
  declare knobs: string | null;
  declare points: string | null;
  declare seeds: string | null;
  /** Names of the checks to show unfolded; without, the first few. */
  declare checks: string | null;
  /** The same of what is measured. */
  declare metrics: string | null;
  /** Another pool than that of the page. */
  pool: () => StudyPool = sharedStudyPool;

  declare private study: StudyDefinition | undefined;
  /** The question is still open. */
  declare private asks: boolean;
  /** What is wrong with the attributes, or why there is no study. */
  declare private problem: string | undefined;
  declare private said: string;

  #setting: StudySetting = AS_DEFINED;
  #count = 0;
  /** What `checks` and `metrics` name. */
  readonly #first: Record<'checks' | 'metrics', readonly string[]> = { checks: [], metrics: [] };
  readonly #runner = new StudyRunner(
    this,
    () => this.pool(),
    () => this.awake(),
  );

  constructor() {
    super();
    this.name = '';
    this.knobs = this.points = this.seeds = this.checks = this.metrics = null;
    this.asks = false;
    this.said = '';
    this.addEventListener('bn-predicted', () => (this.asks = false));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.asks = this.#prediction?.predicted === false;
  }

  get #prediction(): LabPredict | undefined {
    const found = this.querySelector(':scope > bn-lab-predict');
    return found instanceof LabPredict ? found : undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('name')) void this.#load();
    if (['knobs', 'points', 'seeds', 'checks', 'metrics'].some((name) => changed.has(name as keyof BnStudy)))
      this.#read();
  }

  async #load(): Promise<void> {
    const { name } = this;
    this.study = undefined;
    this.problem = undefined;
    try {
      const study = await this.#find(name);
      if (name !== this.name) return;
      this.study = study;
      // What another study was set to says nothing about this one.
      this.#setting = AS_DEFINED;
      this.#count = study.seeds;
      this.#first.checks = this.#first.metrics = [];
      this.#read();
    } catch (error) {
      if (name === this.name) this.problem = sentenceOf(error);
    }
  }

  /** A study there is not is said to be none, and another one shown. */
  async #find(name: string): Promise<StudyDefinition> {
    try {
      this.refuse('name', undefined);
      return await loadStudy(name, this.pool());
    } catch (error) {
      if (!(error instanceof RangeError) || name !== this.name) throw error;
      this.refuse('name', `name: ${error.message} Here is ${DEFAULT_STUDY}.`);
      return await loadStudy(DEFAULT_STUDY, this.pool());
    }
  }

  /** Takes over what the attributes say; where they say nothing that can be, the last that could stays. */
  #read(): void {
    const { study } = this;
    if (!study) return;
    try {
      const points = this.points === null ? '' : `points=${this.points}`;
      const setting = parseSetting(study, [this.knobs ?? '', points].filter(Boolean).join(';'));
      this.#count = readSeeds(this.seeds, study);
      this.#setting = setting;
      this.problem = undefined;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
    this.#readNames(study, 'checks');
    this.#readNames(study, 'metrics');
  }

  #readNames(study: StudyDefinition, what: 'checks' | 'metrics'): void {
    try {
      this.#first[what] = parseNames(study, what, this[what] ?? '');
      this.refuse(what, undefined);
    } catch (error) {
      this.refuse(what, `${what}: ${sentenceOf(error)}`);
    }
  }

  #change(study: StudyDefinition, setting: StudySetting, count: number): void {
    const knobs = formatSetting(study, { knobs: setting.knobs });
    const points = formatSetting(study, { ...setting, knobs: {} }).replace('points=', '');
    this.knobs = knobs || null;
    this.points = points || null;
    this.seeds = count === study.seeds ? null : String(count);
    this.dispatchEvent(new StudyChangeEvent(setting, count));
  }

  async #run(study: StudyDefinition): Promise<void> {
    const seeds = this.#count;
    this.said = `${seeds} ${wordOf(study, seeds)} started.`;
    const end = await this.#runner.run({ study, setting: this.#setting }, seeds);
    const { verdicts, done } = this.#runner;
    if (end === 'failed') return;
    const results = withDecimal(verdicts.map(({ sentence }) => sentence).join(' '));
    this.said = end === 'done' ? `Done. ${results}` : `Cancelled after ${done} of ${seeds}.`;
    if (verdicts.length === 0) return;
    if (end === 'done') this.#reveal(verdicts);
    this.dispatchEvent(new StudyJudgedEvent(verdicts));
  }

  /** The first run answers the question; what is tried afterwards leaves the answer as it was. */
  #reveal(verdicts: readonly StudyVerdict[]): void {
    const prediction = this.#prediction;
    if (!prediction || prediction.revealed) return;
    const options = [...prediction.querySelectorAll(':scope > ul > li, :scope > ol > li')];
    const answer = answerThatCameTrue(
      options.map((option) => option.getAttribute('data-when')),
      verdicts,
    );
    prediction.answer = answer === undefined ? null : answer + 1;
    prediction.revealed = true;
  }

  override render(): TemplateResult {
    const { study, problem } = this;
    const { failure } = this.#runner;
    return html`
      ${
        study
          ? html`<h3>${withDecimal(study.title)}</h3>
              <p>${withDecimal(study.question)}</p>`
          : nothing
      }
      <slot name="predict"></slot>
      ${study ? this.#whole(study) : html`<slot></slot>`}
      ${[problem, failure].map((text) =>
        text === undefined ? nothing : html`<p class="problem" role="alert">${text}</p>`,
      )}
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  #whole(study: StudyDefinition): TemplateResult {
    return html`
      ${this.#buttons(study)}
      <details>
        <summary>How it is measured, and who says so</summary>
        <div class="unfolded">
          <p>${withDecimal(study.method)}</p>
          <p>Source: ${study.source}.</p>
          <p class="note">Experiment ${study.id}. ${embedEntry(this.#link())}</p>
        </div>
      </details>
      ${this.#settings(study)} ${this.#results(study)} ${this.asks ? nothing : this.#checks(study)}
    `;
  }

  /** With the settings that the reader chose, and what its page shows of it first. */
  #link(): EmbedLink {
    const { name, knobs, points, seeds, checks, metrics } = this;
    const given = Object.entries({ name, knobs, points, seeds, checks, metrics });
    const attributes = given.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
    return { figure: 'study', attributes: Object.fromEntries(attributes) };
  }

  #buttons(study: StudyDefinition): TemplateResult {
    const { running, done, total } = this.#runner;
    return html`<div class="row">
      ${
        running
          ? html`<button type="button" @click=${() => this.#runner.cancel()}>Cancel</button>
              <progress max=${total} value=${done} aria-label="Runs"></progress>
              <span>${done} of ${total}</span>`
          : html`<button
              class=${this.asks ? nothing : 'primary'}
              type="button"
              ?disabled=${this.asks}
              aria-describedby=${this.asks ? 'first' : nothing}
              @click=${() => void this.#run(study)}
            >
              Run ${this.#count} ${wordOf(study, this.#count)}
            </button>`
      }
      ${this.asks ? html`<span class="note" id="first">First choose what you expect.</span>` : nothing}
    </div>`;
  }

  #settings(study: StudyDefinition): TemplateResult {
    const setting = this.#setting;
    const asDefined = sameSetting(study, setting, AS_DEFINED) && this.#count === study.seeds;
    const [first, ...rest] = wordOf(study, 2);
    const label = `${first!.toUpperCase()}${rest.join('')}`;
    return html`<details data-changes="more">
      <summary>Settings${asDefined ? nothing : html` <b>(changed)</b>`}</summary>
      <div class="unfolded">
        <bn-study-knobs
          .study=${study}
          .setting=${setting}
          @bn-study-setting=${(event: StudySettingEvent) => this.#change(study, event.setting, this.#count)}
        ></bn-study-knobs>
        <div class="row">
          <span aria-hidden="true">${label}</span>
          <bn-lab-field
            .property=${{ kind: 'number', label, default: study.seeds, min: 1, max: MOST_SEEDS, whole: true, step: 1 }}
            .value=${this.#count}
            .label=${label}
            @bn-field=${({ value }: FieldEvent) => this.#change(study, setting, value as number)}
          ></bn-lab-field>
          <button
            type="button"
            ?disabled=${asDefined}
            @click=${() => this.#change(study, AS_DEFINED, study.seeds)}
          >
            Back to the first settings
          </button>
        </div>
      </div>
    </details>`;
  }

  #results(study: StudyDefinition): TemplateResult | typeof nothing {
    const { outcome, running, done, total } = this.#runner;
    if (outcome?.study !== study) return nothing;
    const stopped = !running && done < total;
    const changed =
      !sameSetting(study, outcome.setting, this.#setting) || (!running && total !== this.#count);
    return html`<bn-study-results .outcome=${outcome} .first=${this.#first.metrics}></bn-study-results>
      ${stopped ? html`<p class="note">${done} of ${total} ran before it was stopped.</p>` : nothing}
      ${changed ? html`<p class="note">The settings have been changed since; this is what came out before.</p>` : nothing}`;
  }

  #checks(study: StudyDefinition): TemplateResult {
    const { outcome, verdicts } = this.#runner;
    return html`<bn-study-checks
      .study=${study}
      .records=${outcome?.study === study ? outcome.records : []}
      .verdicts=${outcome?.study === study ? verdicts : []}
      .first=${this.#first.checks}
    ></bn-study-checks>`;
  }

  static override styles = [
    controls,
    block,
    row,
    words,
    css`
      :host {
        margin-block: var(--space-5);
        padding: var(--space-4) var(--space-5);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        background: var(--surface-raised);
      }

      h3 {
        margin: 0 0 var(--space-3);
        font: 600 var(--size-l) / 1.3 var(--font-sans);
      }

      .row {
        min-height: 2.5rem;
        margin-block: var(--space-3);
        font-variant-numeric: tabular-nums;
      }

      progress {
        accent-color: var(--accent);
      }

      details {
        font-size: var(--size-s);
      }

      summary {
        padding-block: 0.4em;
        color: var(--text-muted);
        cursor: pointer;
      }

      .unfolded {
        padding-block: var(--space-2) var(--space-3);
      }

      bn-study-results {
        margin-block-start: var(--space-4);
      }

      .note {
        font-size: var(--size-s);
        color: var(--text-muted);
      }

      .note a {
        color: inherit;
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

function readSeeds(text: string | null, study: StudyDefinition): number {
  if (text === null) return study.seeds;
  const count = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
  if (count >= 1 && count <= MOST_SEEDS) return count;
  throw new RangeError(
    `Seeds: a whole number from 1 to ${MOST_SEEDS} was expected, not “${text.slice(0, 40)}”.`,
  );
}

/** What is timed is repeated; all else is drawn anew from a seed. */
function wordOf({ timed }: StudyDefinition, count: number): string {
  const word = timed ? 'repetition' : 'seed';
  return count === 1 ? word : `${word}s`;
}

customElements.define('bn-study', BnStudy);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study': BnStudy;
  }
  interface HTMLElementEventMap {
    'bn-study-change': StudyChangeEvent;
    'bn-study-judged': StudyJudgedEvent;
  }
}
