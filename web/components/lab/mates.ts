import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { MapPainter } from '../../charts/map-painter.ts';
import type { Lab } from '../../client/lab.ts';
import type { LabOpened } from '../../protocol/lab-session.ts';
import type { LabExamples } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { classMark, classMarkStyles, className } from './class-mark.ts';
import { ClosedTables } from './closed-tables.ts';
import { LabSayEvent } from './events.ts';
import { LabFrames } from './frames.ts';
import { type Draw, drawMates, labelOf, pile, sayDraws } from './mates-draws.ts';
import { panelStyles } from './panel-styles.ts';
import { markedExamples, placesOf, rangeOf } from './plane.ts';
import { Theme } from './theme.ts';
import { formatLoss, formatTick } from './trace-lines.ts';
import { armName } from './words.ts';

/** So many draws are shown; older ones go. */
const KEPT = 50;
const MANY = 50;
const STRIP = { height: 64, dot: 3, pile: 48 };

/**
 * `<bn-lab-mates>`: in training mode BN normalises an example together with its batch-mates. Choose an example, draw others
 * into its batch again and again, and see its prediction move, while the one in inference mode stays. The weights stay too.
 */
export class LabMates extends LitElement {
  static override properties = {
    lab: { attribute: false },
    examples: { attribute: false },
    example: { state: true },
    size: { state: true },
    draws: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare lab: Lab | undefined;
  /** The reader's own examples, whose classes and features may have names. */
  declare examples: LabExamples | undefined;
  declare private example: number;
  /** Of the batch, the example included; undefined: as in training. */
  declare private size: number | undefined;
  declare private draws: readonly Draw[];
  declare private busy: boolean;
  declare private problem: string | undefined;

  protected readonly frames = new LabFrames(this);
  readonly #theme = new Theme(this);
  readonly #tables = new ClosedTables(this);
  readonly #painter = new MapPainter();
  readonly #resized = new ResizeObserver(() => this.#paint());
  #opened: LabOpened | undefined;
  /** What the draws were made with. */
  #step = 0;
  #total = 0;
  /** Only the newest job delivers. */
  #job = 0;

  constructor() {
    super();
    this.example = 0;
    this.draws = [];
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#job++;
  }

  protected override willUpdate(): void {
    const { lab } = this;
    if (lab?.opened !== this.#opened) {
      this.#opened = lab?.opened;
      this.example = 0;
      this.size = undefined;
      this.#clear();
    }
    // Other weights make the draws old. Once they hold still, the same batches are looked at again.
    const stale = this.draws.length > 0 && lab?.frame?.arms.some(({ step }) => step !== this.#step);
    if (stale && lab?.status === 'ready' && !this.busy) void this.#repeat();
  }

  #clear(): void {
    this.#job++;
    this.draws = [];
    this.#total = 0;
    this.busy = false;
    this.problem = undefined;
  }

  #count(): number {
    return this.#opened?.train.x.shape[0] ?? 0;
  }

  #batchSize(): number {
    const usual = this.lab?.setup?.arms[0]?.batch?.size ?? 32;
    return Math.max(2, Math.min(this.size ?? usual, this.#count()));
  }

  async #draw(count: number): Promise<void> {
    const seeds = Array.from({ length: count }, (_, i) => this.#total + i + 1);
    const before = this.#step === this.#now() ? this.draws : [];
    const made = await this.#ask(seeds);
    if (!made) return;
    this.#total += count;
    this.draws = [...before, ...made].slice(-KEPT);
    this.dispatchEvent(new LabSayEvent(this.#sentences().join(' ')));
  }

  async #repeat(): Promise<void> {
    const made = await this.#ask(this.draws.map(({ seed }) => seed));
    if (made) this.draws = made;
  }

  #now(): number {
    return Math.max(0, ...(this.lab?.frame?.arms ?? []).map(({ step }) => step));
  }

  async #ask(seeds: readonly number[]): Promise<Draw[] | undefined> {
    const { lab } = this;
    if (!lab) return undefined;
    const job = ++this.#job;
    const step = this.#now();
    this.busy = true;
    try {
      const made = await Promise.all(
        seeds.map((seed) => drawMates(lab, this.example, this.#batchSize(), seed)),
      );
      if (job !== this.#job) return undefined;
      this.#step = step;
      this.problem = undefined;
      return made;
    } catch (error) {
      if (job !== this.#job) return undefined;
      this.draws = [];
      this.problem = error instanceof Error ? error.message : String(error);
      return undefined;
    } finally {
      if (job === this.#job) this.busy = false;
    }
  }

  readonly #name = (label: number): string => className(this.examples?.classNames, label);

  #sentences(): string[] {
    return (this.lab?.frame?.arms ?? [])
      .map((_, arm) => sayDraws(this.draws, arm, this.#name))
      .filter(Boolean);
  }

  override render(): TemplateResult {
    const { lab, draws } = this;
    const opened = lab?.opened;
    if (!opened) return html`<p class="note">There are no models yet.</p>`;
    const label = labelOf(opened, this.example);
    return html`
      <div class="parts">
        ${opened.data.inputs === 2 && label !== undefined ? this.#plane() : nothing}
        <div class="draws">
          ${this.#choices(opened, label)}
          ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
          <figure>
            ${this.#strips(label === undefined)}
            <figcaption>${this.#caption(label)}</figcaption>
          </figure>
        </div>
      </div>
      ${draws.length > 0 ? this.#tables.render('The draws as a table', () => this.#table(label)) : nothing}
    `;
  }

  #choices({ train }: LabOpened, label: number | undefined): TemplateResult {
    const last = this.#count() - 1;
    const number = (text: string, value: number, min: number, max: number, set: (value: number) => void) =>
      html`<label
        >${text}
        <input
          type="number"
          min=${min}
          max=${max}
          .value=${String(value)}
          @change=${({ target }: Event) => {
            const input = target as HTMLInputElement;
            const asked = Math.round(input.valueAsNumber);
            if (asked >= min && asked <= max) set(asked);
            else input.value = String(value);
          }}
      /></label>`;
    return html`<div class="choices">
        ${number('Example', this.example, 0, last, (value) => this.#choose(value))}
        ${label === undefined ? nothing : html`<span>${classMark(label)}${this.#name(label)}</span>`}
        ${number('in a batch of', this.#batchSize(), 2, train.x.shape[0] ?? 2, (value) => {
          this.size = value;
          this.#clear();
        })}
      </div>
      <div class="choices">
        <button class="primary" ?disabled=${this.busy} @click=${() => this.#draw(1)}>Draw batch-mates</button>
        <button ?disabled=${this.busy} @click=${() => this.#draw(MANY)}>Draw ${MANY} times</button>
        <button class="quiet" ?disabled=${this.draws.length === 0} @click=${() => this.#clear()}>
          Clear
        </button>
      </div>`;
  }

  #choose(example: number): void {
    this.example = example;
    this.#clear();
  }

  #caption(label: number | undefined): TemplateResult {
    const { draws } = this;
    const what =
      label === undefined
        ? ''
        : 'The margin is the output of the example’s own class less the largest of the others: above 0 the prediction is right.';
    if (draws.length === 0)
      return html`Nothing drawn yet: the example’s prediction in training mode depends on who else is in its
        batch. <span class="note">${what}</span>`;
    const when =
      this.#step === this.#now()
        ? ''
        : ` These draws were made after step ${this.#step}; training has gone on.`;
    return html`In ${draws.length === 1 ? 'one draw' : `${draws.length} draws`} of ${this.#batchSize() - 1}
      batch-${this.#batchSize() === 2 ? 'mate' : 'mates'}: ${this.#sentences().join(' ')}${when}
      <span class="note">${what}</span>`;
  }

  #strips(regression: boolean): TemplateResult {
    const arms = this.lab?.frame?.arms.length ?? 0;
    const said = this.draws.flatMap((draw) => draw.arms);
    const others = said.map(({ inference }) => inference.value);
    const all = said.map(({ training }) => training.value);
    const { max } = pile(all, others);
    return html`<div class="strips">
      ${Array.from({ length: arms }, (_, arm) => {
        const own = this.draws.flatMap((draw) => draw.arms[arm] ?? []);
        const { dots } = pile(
          own.map(({ training }) => training.value),
          [...all, ...others],
        );
        const high = Math.max(1, ...dots.map(({ level }) => level));
        const up = (level: number) => STRIP.height - 6 - level * Math.min(2 * STRIP.dot, STRIP.pile / high);
        const inference = own.at(-1)?.inference.value;
        const across = (value: number) => `${(50 + (50 * value) / max).toFixed(2)}%`;
        return html`<div class="strip">
          <span class="arm">${armName(arm)}</span>
          <svg
            height=${STRIP.height + 8}
            role="img"
            aria-label=${sayDraws(this.draws, arm, this.#name) || 'Nothing drawn yet.'}
          >
            ${regression ? nothing : svg`<rect class="right" x="50%" width="50%" height=${STRIP.height}></rect>`}
            <line class="axis" x2="100%" y1=${STRIP.height} y2=${STRIP.height}></line>
            <line class="axis" x1="50%" x2="50%" y2=${STRIP.height}></line>
            ${
              inference === undefined || !Number.isFinite(inference)
                ? nothing
                : svg`<line class="inference" x1=${across(inference)} x2=${across(inference)} y2=${STRIP.height + 7}></line>`
            }
            ${dots.map(
              ({ x, level }, i) =>
                svg`<circle class=${i === dots.length - 1 ? 'training newest' : 'training'}
                  cx=${`${(100 * x).toFixed(2)}%`} cy=${up(level)} r=${i === dots.length - 1 ? STRIP.dot + 1.5 : STRIP.dot}></circle>`,
            )}
          </svg>
        </div>`;
      })}
      <div class="scale" aria-hidden="true">
        <span>${formatTick(-max)}</span>${
          regression
            ? html`<span>0</span>`
            : html`<span class="sides"><span>wrong</span><span>0</span><span>right</span></span>`
        }<span>${formatTick(max)}</span>
      </div>
      <p class="legend" aria-hidden="true">
        <span
          ><svg viewBox="0 0 10 10"><circle class="training" cx="5" cy="5" r="3"></circle></svg>in training
          mode, a dot for each draw, the newest larger</span
        >
        <span
          ><svg viewBox="0 0 10 10"><line class="inference" x1="5" x2="5" y2="10"></line></svg>in inference
          mode</span
        >
      </p>
    </div>`;
  }

  #plane(): TemplateResult {
    return html`<div class="plane">
      <canvas
        role="img"
        aria-label="The training examples; the chosen one has lines through it, its batch-mates of the newest draw have rings."
        @click=${this.#pick}
      ></canvas>
      <p class="note">
        Click an example to choose it, or type its number. Rings: its batch-mates in the newest draw.
      </p>
    </div>`;
  }

  #pick(event: MouseEvent): void {
    const opened = this.#opened;
    if (!opened) return;
    const { clientWidth: size } = event.target as HTMLCanvasElement;
    const [x0, x1, y0, y1] = rangeOf(opened);
    const { data } = opened.train.x;
    let [nearest, least] = [0, Infinity];
    for (let i = 0; i < this.#count(); i++) {
      const across = (((data[2 * i] as number) - x0) / (x1 - x0)) * size - event.offsetX;
      const down = (1 - ((data[2 * i + 1] as number) - y0) / (y1 - y0)) * size - event.offsetY;
      const distance = across ** 2 + down ** 2;
      if (distance < least) [nearest, least] = [i, distance];
    }
    this.#choose(nearest);
  }

  protected override updated(): void {
    this.#paint();
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const opened = this.#opened;
    if (!canvas || !opened) return;
    this.#painter.paint(
      canvas,
      {
        regions: undefined,
        hard: false,
        range: rangeOf(opened),
        examples: markedExamples(opened, { train: true, test: false }),
        ringed: placesOf(opened.train, this.draws.at(-1)?.mates ?? []),
        place: placesOf(opened.train, [this.example])[0],
      },
      this.#theme.token,
      this.#theme.version,
    );
  }

  #table(label: number | undefined): TemplateResult {
    const arms = this.lab?.frame?.arms ?? [];
    const what = label === undefined ? 'output' : 'margin';
    return html`<table class="numbers">
      <thead>
        <tr>
          <th scope="col">Draw</th>
          ${arms.map(
            (_, arm) =>
              html`<th scope="col">${armName(arm)}, ${what} in training mode</th>
                <th scope="col">${armName(arm)}, ${what} in inference mode</th>
                ${label === undefined ? nothing : html`<th scope="col">${armName(arm)} predicts in training mode</th>`}`,
          )}
        </tr>
      </thead>
      <tbody>
        ${this.draws.map(
          (draw) =>
            html`<tr>
              <th scope="row">${draw.seed}</th>
              ${draw.arms.map(
                ({ training, inference }) =>
                  html`<td>${formatLoss(training.value)}</td>
                    <td>${formatLoss(inference.value)}</td>
                    ${label === undefined ? nothing : html`<td>${training.label === undefined ? '–' : this.#name(training.label)}</td>`}`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  static override styles = [
    controls,
    panelStyles,
    classMarkStyles,
    css`
      .parts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-4) var(--space-5);
      }

      .plane {
        flex: 0 1 22rem;
      }

      .draws {
        flex: 1 1 24rem;
        min-width: 0;
      }

      canvas {
        aspect-ratio: 1;
        border: 1px solid var(--line);
        cursor: pointer;
      }

      .choices {
        margin-block-end: var(--space-3);
      }

      .strip {
        display: grid;
        grid-template-columns: 1.5rem minmax(0, 1fr);
        align-items: end;
      }

      .arm {
        align-self: center;
        font-weight: 600;
      }

      .strip svg {
        width: 100%;
        overflow: visible;
      }

      .right {
        fill: var(--surface-sunken);
      }

      .axis {
        stroke: var(--line);
      }

      line.inference {
        stroke: var(--inference);
        stroke-width: 3;
      }

      circle.training {
        fill: var(--training-line);
      }

      circle.newest {
        stroke: var(--text);
        stroke-width: 1.5;
      }

      .scale {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        margin-inline-start: 1.5rem;
        color: var(--text-muted);
        font-size: var(--size-s);
        font-variant-numeric: tabular-nums;
      }

      .scale > :last-child {
        text-align: end;
      }

      .sides {
        display: inline-flex;
        gap: var(--space-4);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        margin: var(--space-2) 0 0 1.5rem;
        max-width: none;
        font-size: var(--size-s);
      }

      .legend svg {
        width: 0.8rem;
        height: 0.8rem;
        margin-inline-end: var(--space-1);
        vertical-align: -0.1em;
      }
    `,
  ];
}

customElements.define('bn-lab-mates', LabMates);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-mates': LabMates;
  }
}
