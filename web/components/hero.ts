import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { sharedClient } from '../client/engine-client.ts';
import { tensor } from '../protocol/tensor.ts';
import { controls } from '../style/controls.ts';
import { numberLine } from '../style/number-line.ts';
import { formatFixed } from './format-number.ts';
import { LatestWins } from './latest-wins.ts';

interface Batch {
  readonly x: readonly number[];
  readonly gamma: number;
  readonly beta: number;
}

/** One line of the picture and of the table: the values, their mean and standard deviation. */
interface Line {
  readonly name: 'x' | 'xhat' | 'y';
  readonly values: readonly number[];
  readonly mean: number;
  readonly std: number;
}

const START: Batch = { x: [2, 4, 6, 8], gamma: 2, beta: 0.5 };
const EPS = 1e-5;
/** What a point may be, and what the lines show: room for y at the ends of both sliders. */
const RANGE = { min: -8, max: 10 };
const VIEW = { min: -8.6, max: 10.6 };
const STEP = 0.1;

const LABELS = { x: 'x', xhat: 'x̂', y: 'y' };
const SPOKEN = { x: 'x', xhat: 'x hat', y: 'y' };
const ROW = { x: 40, xhat: 122, y: 204 };
const HEIGHT = 254;

/**
 * `<bn-hero>`: a batch of four on a number line, and where batch normalization puts each of them. Until the engine has
 * answered, and where it cannot start, the element shows its own content: the same table with fixed numbers.
 */
class Hero extends LitElement {
  static override properties = {
    batch: { state: true },
    lines: { state: true },
    problem: { state: true },
  };

  declare private batch: Batch;
  declare private lines: readonly Line[] | undefined;
  declare private problem: string | undefined;

  readonly #drag = new Map<number, { index: number; before: number; moved: boolean }>();
  #jobs: LatestWins<Batch, readonly Line[]> | undefined;

  constructor() {
    super();
    this.batch = START;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#jobs = new LatestWins(
      normalise,
      (_, lines) => (this.lines = lines),
      (_, error) => (this.problem = error instanceof Error ? error.message : String(error)),
    );
    this.#jobs.submit(this.batch);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#jobs?.stop();
  }

  #show(batch: Batch): void {
    this.batch = batch;
    this.#jobs?.submit(batch);
  }

  #move(index: number, value: number): void {
    const clamped = Math.min(RANGE.max, Math.max(RANGE.min, Math.round(value / STEP) * STEP));
    this.#show({
      ...this.batch,
      x: this.batch.x.map((old, i) => (i === index ? Number(clamped.toFixed(1)) : old)),
    });
  }

  override render(): TemplateResult {
    if (this.problem)
      return html`<slot></slot>
        <p class="problem" role="alert">${this.problem}</p>`;
    if (!this.lines) return html`<slot></slot>`;
    return html`
      ${this.#picture(this.lines)}
      <p class="note">Bars: mean ± one standard deviation.</p>
      <div class="below">
        <div class="values">${this.#table(this.lines)}</div>
        <div class="knobs">
          ${this.#knob('gamma', 'γ', 'scale')} ${this.#knob('beta', 'β', 'shift')}
          <button
            type="button"
            class="quiet"
            ?disabled=${this.batch === START}
            @click=${() => this.#show(START)}
          >
            Reset
          </button>
        </div>
      </div>
    `;
  }

  #picture(lines: readonly Line[]): TemplateResult {
    const ticks = Array.from({ length: RANGE.max - RANGE.min + 1 }, (_, i) => RANGE.min + i);
    return html`<svg
      class="lines"
      height=${HEIGHT}
      role="group"
      aria-label="The batch on a number line. Each point x can be dragged, or moved with the arrow keys."
      @pointerdown=${this.#grab}
      @pointermove=${this.#pull}
      @pointerup=${this.#release}
      @pointercancel=${this.#release}
    >
      <g aria-hidden="true">
        <line class="zero" x1=${percent(0)} x2=${percent(0)} y1="6" y2=${ROW.y + 22}></line>
        ${lines.map((line) => this.#axis(line, ticks))}
        ${ticks
          .filter((at) => at % 2 === 0)
          .map(
            (at) =>
              svg`<text class="tick" x=${percent(at)} y=${HEIGHT - 8}>${at < 0 ? `−${-at}` : at}</text>`,
          )}
        ${this.batch.x.map((_, i) => this.#threads(lines, i))}
        ${lines.slice(1).map((line) => line.values.map((value, i) => marker(line.name, value, i)))}
      </g>
      <rect class="track" x="0" y=${ROW.x - 24} width="100%" height="48"></rect>
      ${this.batch.x.map((value, i) => this.#point(value, i, lines))}
    </svg>`;
  }

  #axis(line: Line, ticks: readonly number[]): TemplateResult {
    const y = ROW[line.name];
    return svg`
      <line class="axis" x1="0" x2="100%" y1=${y} y2=${y}></line>
      ${ticks.map((at) => svg`<line class="axis" x1=${percent(at)} x2=${percent(at)} y1=${y - 2} y2=${y + 2}></line>`)}
      <line class="bar ${line.name}" x1=${percent(line.mean - line.std)} x2=${percent(line.mean + line.std)}
        y1=${y + 15} y2=${y + 15}></line>
      <line class="bar ${line.name}" x1=${percent(line.mean)} x2=${percent(line.mean)} y1=${y + 11} y2=${y + 19}></line>
      <text class="name ${line.name}" x="2" y=${y - 8}>${LABELS[line.name]}</text>`;
  }

  /** From x down to x̂ and on to y: which point became which. */
  #threads(lines: readonly Line[], i: number): TemplateResult[] {
    return lines.slice(1).map((line, above) => {
      const from = lines[above] as Line;
      return svg`<line class="thread" x1=${percent(from.values[i] as number)} x2=${percent(line.values[i] as number)}
        y1=${ROW[from.name]} y2=${ROW[line.name]}></line>`;
    });
  }

  #point(value: number, i: number, lines: readonly Line[]): TemplateResult {
    const others = lines
      .slice(1)
      .map((line) => `${SPOKEN[line.name]} ${formatFixed(line.values[i] as number, 2)}`)
      .join(', ');
    return svg`<svg class="point" x=${percent(value)} y=${ROW.x} overflow="visible" tabindex="0" role="slider"
      aria-label="x ${i + 1}" aria-valuemin=${RANGE.min} aria-valuemax=${RANGE.max} aria-valuenow=${value}
      aria-valuetext="${formatFixed(value, 1)}; ${others}" @keydown=${(event: KeyboardEvent) => this.#key(event, i)}>
      <circle class="ring" r="13"></circle>
      <circle class="x dot" r="7"></circle>
      <text class="index x" y="-14">${i + 1}</text>
    </svg>`;
  }

  #table(lines: readonly Line[]): TemplateResult {
    return html`<table class="numbers">
      <thead>
        <tr>
          <td></td>
          ${this.batch.x.map((_, i) => html`<th scope="col">${i + 1}</th>`)}
          <th scope="col">mean</th>
          <th scope="col">std</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ({ name, values, mean, std }) =>
            html`<tr>
              <th scope="row" class=${name}>${LABELS[name]}</th>
              ${values.map((value) => html`<td class=${name}>${formatFixed(value, 2)}</td>`)}
              <td>${formatFixed(mean, 2)}</td>
              <td>${formatFixed(std, 2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #knob(name: 'gamma' | 'beta', symbol: string, meaning: string): TemplateResult {
    return html`<label class="knob">
      <span><i>${symbol}</i> ${meaning}</span>
      <input
        type="range"
        min="-3"
        max="3"
        step="0.1"
        .value=${String(this.batch[name])}
        @input=${(event: InputEvent) =>
          this.#show({ ...this.batch, [name]: (event.target as HTMLInputElement).valueAsNumber })}
      />
      <output>${formatFixed(this.batch[name], 1)}</output>
    </label>`;
  }

  #key(event: KeyboardEvent, index: number): void {
    const now = this.batch.x[index] as number;
    const to: Record<string, number> = {
      ArrowLeft: now - STEP,
      ArrowDown: now - STEP,
      ArrowRight: now + STEP,
      ArrowUp: now + STEP,
      PageDown: now - 1,
      PageUp: now + 1,
      Home: RANGE.min,
      End: RANGE.max,
    };
    const value = to[event.key];
    if (value === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#move(index, event.shiftKey && event.key.startsWith('Arrow') ? now + (value - now) * 10 : value);
  }

  /** The point nearest to where the pointer went down; a click without dragging brings it there. */
  #grab(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target as Element).closest('.point, .track')) return;
    const at = this.#valueAt(event);
    const distance = this.batch.x.map((value) => Math.abs(value - at));
    const index = distance.indexOf(Math.min(...distance));
    this.#drag.set(event.pointerId, { index, before: this.batch.x[index] as number, moved: false });
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.renderRoot.querySelectorAll<SVGElement>('.point')[index]?.focus({ preventScroll: true });
    // The browser would otherwise move the focus on to whatever lies under the pointer.
    event.preventDefault();
  }

  #pull(event: PointerEvent): void {
    const drag = this.#drag.get(event.pointerId);
    if (!drag) return;
    drag.moved = true;
    this.#move(drag.index, this.#valueAt(event));
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag.get(event.pointerId);
    this.#drag.delete(event.pointerId);
    if (!drag) return;
    // A cancelled pointer was the start of scrolling the page.
    if (event.type === 'pointercancel') this.#move(drag.index, drag.before);
    else if (!drag.moved) this.#move(drag.index, this.#valueAt(event));
  }

  #valueAt(event: PointerEvent): number {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return VIEW.min + ((event.clientX - box.left) / box.width) * (VIEW.max - VIEW.min);
  }

  static override styles = [
    controls,
    numberLine,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      svg.lines {
        display: block;
        width: 100%;
        overflow: visible;
        touch-action: pan-y;
        user-select: none;
      }

      .axis {
        stroke: var(--line);
      }

      .zero {
        stroke: var(--hairline);
      }

      .thread {
        stroke: var(--line);
        stroke-dasharray: 2 3;
      }

      .bar {
        stroke: currentColor;
        stroke-width: 2;
      }

      .track {
        cursor: ew-resize;
      }

      .below {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-4) var(--space-6);
        justify-content: space-between;
        margin-block-start: var(--space-4);
      }

      .note {
        margin: 0;
      }

      .values {
        flex: 3 1 17.5rem;
      }

      table {
        width: 100%;
        table-layout: fixed;
        font-size: var(--size-m);
      }

      tr > :first-child {
        width: 1.5rem;
      }

      table.numbers :is(th, td) {
        padding-inline: 0.2em;
      }

      thead th {
        color: var(--text-muted);
        font-weight: 400;
      }

      tbody th[scope='row'] {
        font: italic 600 var(--size-l) var(--font-serif);
      }

      .knobs {
        flex: 1 1 13rem;
        display: grid;
        align-content: start;
        gap: var(--space-1);
      }

      .knob {
        display: grid;
        grid-template-columns: 4.2rem 1fr 2.4rem;
        align-items: center;
        gap: var(--space-2);
        --thumb: var(--y);
      }

      .knob i {
        font: italic 600 var(--size-l) var(--font-serif);
      }

      .knob output {
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .knobs button {
        justify-self: end;
      }

      @media (max-width: 24rem) {
        table {
          font-size: var(--size-s);
        }
      }

      @media (forced-colors: active) {
        .mark,
        .dot {
          fill: CanvasText;
        }
      }
    `,
  ];
}

/** Circle, diamond, square: the shape says which of the three a point is, where colour does not. */
function marker(name: Line['name'], value: number, i: number): TemplateResult {
  const shape =
    name === 'xhat'
      ? svg`<path class="mark" d="M0 -7L7 0L0 7L-7 0Z"></path>`
      : svg`<rect class="mark" x="-6" y="-6" width="12" height="12"></rect>`;
  const end = i === 0 || i === 3 ? svg`<text class="index" y="-12">${i + 1}</text>` : nothing;
  return svg`<svg class=${name} x=${percent(value)} y=${ROW[name]} overflow="visible">${shape}${end}</svg>`;
}

function percent(value: number): string {
  return `${(((value - VIEW.min) / (VIEW.max - VIEW.min)) * 100).toFixed(3)}%`;
}

async function normalise({ x, gamma, beta }: Batch): Promise<readonly Line[]> {
  const engine = await sharedClient();
  const shape = [x.length, 1];
  const forward = await engine.call('batch_norm_forward', {
    x: tensor(Float64Array.from(x), shape),
    gamma: Float64Array.of(gamma),
    beta: Float64Array.of(beta),
    eps: EPS,
  });
  const columns = { x, xhat: [...forward.xhat.data], y: [...forward.y.data] };
  const names = ['x', 'xhat', 'y'] as const;
  const side = Float64Array.from(x.flatMap((_, i) => names.map((name) => columns[name][i] as number)));
  const { mean, std } = await engine.call('describe', { x: tensor(side, [x.length, names.length]) });
  return names.map((name, c) => ({
    name,
    values: columns[name],
    mean: mean.data[c] as number,
    std: std.data[c] as number,
  }));
}

customElements.define('bn-hero', Hero);
