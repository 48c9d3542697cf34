import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { block, folded } from '../../style/parts.ts';
import { LabPredict } from '../lab/predict.ts';
import { Figure } from '../figure.ts';
import { LatestWins } from '../latest-wins.ts';
import { tellChange } from '../tell-change.ts';
import { readSettings, settingsText, type Settings, type Stops, stopSlider } from './stops.ts';

/**
 * A figure of one neuron: settings in, what the engine says of them out. With a `<bn-lab-predict slot="predict">` inside it
 * keeps its first settings until the question has been answered; “Run” shows those of `asked`, and then they may be changed.
 */
export abstract class NeuronFigure<Result> extends Figure {
  static override properties = {
    asked: { type: String },
    set: { type: String },
    settings: { state: true },
    result: { state: true },
    problem: { state: true },
    stage: { state: true },
  };

  /** The settings its question is about: `a=2;bias=0`. */
  declare asked: string;
  /** The settings it has, in the same way; it follows when the reader changes them. */
  declare set: string | null;
  /** Those asked for last. */
  declare protected settings: Settings;
  /** What is on show, and what it is of. */
  declare protected result: { readonly of: Settings; readonly is: Result } | undefined;
  declare protected problem: string | undefined;
  /** The question is open; it is answered and waits to be run; the controls are the reader's. */
  declare private stage: 'asks' | 'answered' | 'free';

  #jobs: LatestWins<Settings, Result> | undefined;

  protected abstract readonly stops: Readonly<Record<string, Stops>>;
  /** The settings before anything is touched. */
  protected abstract readonly first: Settings;
  protected abstract compute(settings: Settings): Promise<Result>;
  protected abstract show(result: Result, settings: Settings): TemplateResult;
  protected abstract sentence(result: Result, settings: Settings): string;

  constructor() {
    super();
    this.asked = '';
    this.stage = 'free';
    this.addEventListener('bn-predicted', () => {
      if (this.stage === 'asks') this.stage = 'answered';
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.settings ??= { ...this.first, ...this.#given() };
    const prediction = this.#prediction;
    if (prediction && !prediction.revealed) this.stage = prediction.predicted ? 'answered' : 'asks';
    this.#jobs = new LatestWins(
      (settings) => this.compute(settings),
      (of, is) => {
        this.result = { of, is };
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

  protected override willUpdate(changed: PropertyValues): void {
    // Set from outside; what the reader did is there already.
    if (!this.hasUpdated || !changed.has('set') || this.set === settingsText(this.settings, this.first))
      return;
    this.settings = { ...this.first, ...this.#given() };
    this.#jobs?.submit(this.settings);
  }

  get #prediction(): LabPredict | undefined {
    const found = this.querySelector(':scope > bn-lab-predict');
    return found instanceof LabPredict ? found : undefined;
  }

  /** What the attribute says; where that cannot be read, nothing. */
  #given(): Settings {
    try {
      this.refuse('set', undefined);
      return readSettings(this.getAttribute('set') ?? '', this.stops, 'set');
    } catch (error) {
      this.refuse('set', error instanceof Error ? error.message : String(error));
      return {};
    }
  }

  protected change(change: Settings): void {
    this.settings = { ...this.settings, ...change };
    this.#jobs?.submit(this.settings);
    tellChange(this, { set: settingsText(this.settings, this.first) });
  }

  #run(): void {
    this.change(readSettings(this.asked, this.stops));
    this.stage = 'free';
    const prediction = this.#prediction;
    if (prediction) prediction.revealed = true;
  }

  override render(): TemplateResult {
    const { result, problem } = this;
    return html`
      <slot name="predict"></slot>
      ${this.stage === 'free' ? this.controls() : this.#runRow()}
      ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      ${result ? this.show(result.is, result.of) : html`<slot></slot>`}
      <p class="visually-hidden" role="status">
        ${result && this.stage === 'free' ? this.sentence(result.is, result.of) : nothing}
      </p>
    `;
  }

  #runRow(): TemplateResult {
    const asks = this.stage === 'asks';
    return html`<div class="run">
      <button
        type="button"
        class=${asks ? nothing : 'primary'}
        ?disabled=${asks}
        aria-describedby=${asks ? 'why' : nothing}
        @click=${() => this.#run()}
      >
        Run
      </button>
      ${asks ? html`<span class="note" id="why">First choose what you expect; then the controls are yours.</span>` : nothing}
    </div>`;
  }

  /** A slider for each setting; a figure may have others. */
  protected controls(): TemplateResult {
    return html`<div class="knobs" data-changes>
      ${Object.entries(this.stops).map(([name, stops]) =>
        stopSlider(stops, this.settings[name]!, (value) => this.change({ [name]: value })),
      )}
      <button type="button" class="quiet" @click=${() => this.change(this.first)}>Start again</button>
    </div>`;
  }

  static override styles = [
    controls,
    block,
    folded,
    css`
      :host {
        max-width: 56rem;
      }

      .run {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 2.5rem;
        margin-block: var(--space-3);
      }

      .knobs {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        align-items: end;
        gap: var(--space-3) var(--space-5);
        margin-block: var(--space-3) var(--space-4);
      }

      .knobs button {
        justify-self: start;
      }

      .label {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
        font-variant-numeric: tabular-nums;
      }

      figure {
        margin: 0;
      }

      figcaption {
        min-height: 2.9em;
        max-width: var(--measure);
        margin-block: var(--space-2);
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      svg {
        display: block;
        width: 100%;
        height: auto;
      }
    `,
  ];
}
