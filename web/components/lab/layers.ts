import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import type { LabFrame } from '../../protocol/lab-session.ts';
import { controls } from '../../style/controls.ts';
import { LabFrames } from './frames.ts';
import { History } from './history.ts';
import './layer-histograms.ts';
import './layer-measures-view.ts';
import { blockNames, blocksOf, type Block } from './layer-names.ts';
import { heightsOf } from './layer-signals.ts';
import './layer-strips.ts';
import { BINS, type ArmLayers, type ChooseLayerEvent, type Snapshot } from './layer-view.ts';
import { panelStyles } from './panel-styles.ts';

const RANGES = [2, 5, 20, 100];

/**
 * `<bn-lab-layers>`: what each layer of A and B does to the signal and to the gradient, now and over the steps seen so
 * far: histograms on a fixed scale, and the numbers that tell a healthy layer from one that has stopped learning.
 */
export class LayersPanel extends LitElement {
  static override properties = {
    lab: { attribute: false },
    chosen: { state: true },
    range: { state: true },
  };

  declare lab: Lab | undefined;
  /** The block looked at, by its name. */
  declare private chosen: string;
  declare private range: number;

  readonly #frames = new LabFrames(this);
  #opened: Lab['opened'];
  #taken: LabFrame | undefined;
  #blocks: readonly (readonly Block[])[] = [];
  #names: readonly string[] = [];
  #histories: readonly History<Snapshot>[] = [];

  constructor() {
    super();
    this.chosen = '';
    this.range = 5;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('range')) {
      this.#frames.want({ layers: { bins: BINS, range: this.range } });
      // Counts on another scale cannot stand beside those before.
      for (const history of this.#histories) history.clear();
      if (changed.get('range') !== undefined) this.#taken = this.lab?.frame;
    }
    const { lab } = this;
    if (!lab) return;
    if (lab.opened !== this.#opened) this.#start(lab);
    if (lab.frame && lab.frame !== this.#taken) this.#take(lab.frame);
  }

  #start({ opened, setup }: Lab): void {
    this.#opened = opened;
    this.#blocks = (setup?.arms ?? []).map(({ model }) => blocksOf(model.layers));
    this.#names = blockNames(this.#blocks);
    this.#histories = this.#blocks.map(() => new History<Snapshot>());
    if (!this.#names.includes(this.chosen)) this.chosen = this.#names[0] ?? '';
  }

  #take(frame: LabFrame): void {
    this.#taken = frame;
    frame.arms.forEach(({ layers, step }, arm) => {
      // A frame from before this panel asked has no histograms, or others.
      if (layers?.output.shape[1] !== BINS) return;
      const { output, xhat, gradient, lr: _lr, ...numbers } = layers;
      const heights = {
        output: heightsOf(output.data, BINS),
        xhat: heightsOf(xhat.data, BINS),
        gradient: heightsOf(gradient.data, BINS),
      };
      this.#histories[arm]?.add(step, { numbers, heights });
    });
  }

  override render(): TemplateResult {
    const arms = this.#blocks.map((blocks, arm): ArmLayers => {
      const history = this.#histories[arm];
      return {
        arm,
        blocks,
        block: blocks.find(({ name }) => name === this.chosen),
        observed: this.lab?.frame?.arms[arm]?.layers,
        now: history?.last,
        entries: history?.entries ?? [],
      };
    });
    if (arms.every(({ now }) => !now))
      return html`<p class="note">
        What flows through each layer shows here after the first mini-batch: take a step, or run.
      </p>`;
    return html`
      <div class="choices">
        <label>
          Layer
          <select @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
            ${this.#names.map((name) => html`<option ?selected=${name === this.chosen}>${name}</option>`)}
          </select>
        </label>
        <label>
          Scale of values
          <select
            @change=${(event: Event) => (this.range = Number((event.target as HTMLSelectElement).value))}
          >
            ${RANGES.map((range) => html`<option value=${range} ?selected=${range === this.range}>±${range}</option>`)}
          </select>
        </label>
      </div>
      <div class="parts" @bn-choose-layer=${(event: ChooseLayerEvent) => (this.chosen = event.name)}>
        <bn-layer-histograms
          .arms=${arms}
          .names=${this.#names}
          .chosen=${this.chosen}
          .range=${this.range}
        ></bn-layer-histograms>
        <bn-layer-strips .arms=${arms} .chosen=${this.chosen} .range=${this.range}></bn-layer-strips>
        <bn-layer-measures .arms=${arms} .names=${this.#names} .chosen=${this.chosen}></bn-layer-measures>
      </div>
    `;
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-6);
      }
    `,
  ];
}

customElements.define('bn-lab-layers', LayersPanel);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-layers': LayersPanel;
  }
}
