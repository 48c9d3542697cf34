import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { folded } from '../../style/parts.ts';
import { numberLine } from '../../style/number-line.ts';
import { addStep, formatColumn, formatFixed, formatNumber } from '../format-number.ts';
import { workedExampleProperties, type WorkedExample } from '../../protocol/worked-example.ts';
import { setCell } from './edits.ts';
import { isFixed } from '../figure.ts';
import { EditEvent, SealEvent, ViewEvent } from './events.ts';
import { binsOf, placeOn, scalesFor, type NumberScale } from './number-scale.ts';
import { partStyles } from './styles.ts';
import type { FeatureView } from './walk.ts';

interface Line {
  name: 'x' | 'xhat' | 'y';
  label: string;
  values: readonly number[];
  mean: number;
  std: number;
  scale: NumberScale;
}

const HISTOGRAM_FROM = 16;
const BINS = 12;
const LABELS = { x: 'x', xhat: 'x̂', y: 'y' };
const LINE_GAP = 72;
const HISTOGRAM_GAP = 104;
const BAR = 40;
const MOST_LABELS = 12;

/**
 * x, x̂ and y on number lines, each with its mean and one standard deviation to both sides. A point of x can be dragged or
 * moved with the keyboard, the others follow; x̂ and y are results and stay put. Large batches get a histogram per line.
 */
export class Picture extends LitElement {
  static override properties = {
    view: { attribute: false },
    state: { attribute: false },
    frozen: { state: true },
  };

  declare view: FeatureView | undefined;
  /** The newest state; the view shows the engine's numbers, which may be a moment behind. */
  declare state: WorkedExample;
  /** The scales while a point is dragged: they must not move under the pointer. */
  declare private frozen: { x: NumberScale; others: NumberScale; shared: boolean } | undefined;

  #drag: { pointer: number; example: number; moved: boolean; before: number } | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drag = undefined;
    this.frozen = undefined;
  }

  #lines(view: FeatureView): { lines: Line[]; shared: boolean } {
    const { walk, numbers } = view;
    const [x, xhat, y] = [view.x, view.column(walk.xhat), view.column(walk.y)];
    // x̂ is counted in standard deviations; one to each side is always in sight.
    const scales = this.frozen ?? scalesFor(x, [-1, 1, ...xhat, ...y]);
    const { described } = numbers;
    const line = (name: Line['name'], values: readonly number[], scale: NumberScale): Line => ({
      name,
      label: LABELS[name],
      values,
      mean: view.number(described[name].mean),
      std: view.number(described[name].std),
      scale,
    });
    return {
      lines: [line('x', x, scales.x), line('xhat', xhat, scales.others), line('y', y, scales.others)],
      shared: scales.shared,
    };
  }

  override render(): TemplateResult {
    const { view } = this;
    if (!view) return html`<div class="empty"></div>`;
    const { lines, shared } = this.#lines(view);
    const histogram = view.examples >= HISTOGRAM_FROM;
    const gap = histogram ? HISTOGRAM_GAP : LINE_GAP;
    const top = histogram ? BAR + 26 : 34;
    const height = top + 2 * gap + 44;
    const at = (index: number) => top + index * gap;
    const { example: chosen } = view.state;
    // The chosen one last, so that its neighbours in a crowd do not cover it.
    const drawn = [...view.x.keys()].sort((a, b) => Number(a === chosen) - Number(b === chosen));
    return html`
      <figure>
        <svg
          height=${height}
          role="group"
          aria-label="The batch on number lines. Points of x can be dragged, or moved with the left and right arrow keys; up and down choose another example."
          @pointerdown=${this.#grab}
          @pointermove=${this.#pull}
          @pointerup=${this.#release}
          @pointercancel=${this.#release}
        >
          <g class=${histogram ? 'crowd' : nothing} aria-hidden="true">
            ${view.x.map((_, example) => threads(lines, example, at, example === chosen))}
            ${lines.map((line, index) => axis(line, at(index), histogram, !shared || index !== 1))}
            ${lines
              .slice(1)
              .map((line, index) =>
                drawn.map((example) =>
                  mark(line, line.values[example] ?? NaN, example, at(index + 1), example === chosen),
                ),
              )}
          </g>
          <rect class="track" x="0" y=${at(0) - 22} width="100%" height="44"></rect>
          ${view.x.map((value, example) => this.#point(view, lines, value, example, at(0)))}
        </svg>
        <figcaption>${this.#conclusion(view, shared)}</figcaption>
      </figure>
      ${this.#table(view, lines)} ${histogram ? histogramTable(lines) : nothing}
    `;
  }

  #conclusion(view: FeatureView, shared: boolean): string {
    const scale = shared ? '' : ' Here x has a scale of its own.';
    if (view.inference) {
      return `In inference mode M goes to 0 and one √(V + ε) to 1, wherever this batch lies. Bars: mean ± one standard deviation.${scale}`;
    }
    const mirrored = view.gamma < 0 ? ', mirrored because γ is negative' : '';
    return `The mean goes to 0 and one standard deviation to 1, then to β and γ; order and spacing stay${mirrored}. Bars: mean ± one standard deviation.${scale}`;
  }

  #point(
    view: FeatureView,
    lines: readonly Line[],
    value: number,
    example: number,
    y: number,
  ): TemplateResult {
    const [line, ...others] = lines;
    if (!line) return svg``;
    const chosen = example === view.state.example;
    const text = others
      .map(({ label, values }) => `${label} ${formatFixed(values[example] ?? NaN, 2)}`)
      .join(', ');
    const labelled = view.examples <= MOST_LABELS || (chosen && view.examples < HISTOGRAM_FROM);
    return svg`<svg class=${chosen ? 'point chosen' : 'point'} x=${percent(line.scale, value)} y=${y} overflow="visible"
      tabindex=${chosen ? 0 : -1} role="slider" aria-readonly=${isFixed(this) ? 'true' : nothing} data-example=${example}
      aria-label=${`x, example ${example + 1}`} aria-valuemin=${workedExampleProperties.x.min} aria-valuemax=${workedExampleProperties.x.max}
      aria-valuenow=${value} aria-valuetext=${`${formatNumber(value)}; ${text}`} @keydown=${this.#key} @focus=${this.#choose}>
      <circle class="ring" r="13"></circle>
      <circle class="dot x" r=${view.examples > HISTOGRAM_FROM ? 5 : 7}></circle>
      ${labelled ? svg`<text class="index x" y="-12">${example + 1}</text>` : nothing}
    </svg>`;
  }

  #table(view: FeatureView, lines: readonly Line[]): TemplateResult {
    const columns = lines.map((line) => formatColumn(line.values));
    return html`<details>
      <summary>The picture as a table</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="x, x̂ and y of each example">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Example</th>
              ${lines.map((line) => html`<th scope="col" class=${line.name}>${line.label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${view.x.map(
              (_, row) =>
                html`<tr>
                  <th scope="row">${row + 1}</th>
                  ${columns.map((texts) => html`<td>${texts[row]}</td>`)}
                </tr>`,
            )}
            <tr>
              <th scope="row">Mean</th>
              ${lines.map((line) => html`<td>${formatNumber(line.mean, Math.max(...line.values.map(Math.abs)))}</td>`)}
            </tr>
            <tr>
              <th scope="row">Standard deviation</th>
              ${lines.map((line) => html`<td>${formatNumber(line.std)}</td>`)}
            </tr>
          </tbody>
        </table>
      </div>
    </details>`;
  }

  #move(example: number, value: number, group: string): void {
    const { view } = this;
    const { min, max } = workedExampleProperties.x;
    if (!view || isFixed(this)) return;
    const next = Math.min(max, Math.max(min, value));
    if (next === this.#valueOf(example)) return;
    this.dispatchEvent(new EditEvent(setCell('x', example, view.feature, next), group));
  }

  #valueOf(example: number): number {
    return this.state.x[example]?.[this.state.feature] ?? 0;
  }

  /** A round step that is small on the scale shown. */
  #stepOf(scale: NumberScale): number {
    return 10 ** Math.floor(Math.log10((scale.max - scale.min) / 60));
  }

  readonly #choose = (event: Event): void => {
    const example = Number((event.currentTarget as SVGElement).dataset['example']);
    if (example !== this.view?.state.example) this.dispatchEvent(new ViewEvent({ example }));
  };

  readonly #key = (event: KeyboardEvent): void => {
    const { view } = this;
    if (!view || event.altKey || event.ctrlKey || event.metaKey) return;
    const example = Number((event.currentTarget as SVGElement).dataset['example']);
    const step = this.#stepOf(this.#lines(view).lines[0]?.scale ?? { min: 0, max: 1, ticks: [] });
    const by: Record<string, number> = {
      ArrowLeft: event.shiftKey ? -10 : -1,
      ArrowRight: event.shiftKey ? 10 : 1,
      PageDown: -10,
      PageUp: 10,
    };
    const other = { ArrowUp: example - 1, ArrowDown: example + 1 }[event.key];
    const steps = by[event.key];
    if (steps !== undefined)
      this.#move(example, addStep(this.#valueOf(example), steps * step), `picture.${example}`);
    else if (other !== undefined) this.#focusPoint(Math.max(0, Math.min(view.examples - 1, other)));
    else return;
    event.preventDefault();
  };

  #focusPoint(example: number): void {
    this.renderRoot
      .querySelector<SVGElement>(`.point[data-example="${example}"]`)
      ?.focus({ preventScroll: true });
  }

  /** The point of x nearest to where the pointer went down. */
  readonly #grab = (event: PointerEvent): void => {
    const { view } = this;
    if (!view || event.button !== 0 || !(event.target as Element).closest('.point, .track')) return;
    const { lines, shared } = this.#lines(view);
    const [x, xhat] = lines;
    if (!x || !xhat) return;
    const at = valueAt(x.scale, event);
    const distances = view.x.map((value) => Math.abs(value - at));
    const example = distances.indexOf(Math.min(...distances));
    // Far from every point, a touch is the beginning of scrolling, and a click is nothing.
    if ((distances[example] ?? 0) / (x.scale.max - x.scale.min) > 0.06) return;
    this.frozen = { x: x.scale, others: xhat.scale, shared };
    this.#drag = { pointer: event.pointerId, example, moved: false, before: this.#valueOf(example) };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#focusPoint(example);
    // The browser would otherwise move the focus on to whatever lies under the pointer.
    event.preventDefault();
  };

  readonly #pull = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.pointer !== event.pointerId || !this.frozen) return;
    const { x } = this.frozen;
    drag.moved = true;
    const step = this.#stepOf(x);
    const value = Math.min(x.max, Math.max(x.min, valueAt(x, event)));
    this.#move(drag.example, addStep(Math.round(value / step) * step, 0), `picture.${drag.example}`);
  };

  readonly #release = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    this.#drag = undefined;
    // A pointer is cancelled when the browser takes it for scrolling the page.
    if (event.type === 'pointercancel' && drag.moved)
      this.#move(drag.example, drag.before, `picture.${drag.example}`);
    this.frozen = undefined;
    this.dispatchEvent(new SealEvent());
  };

  static override styles = [
    controls,
    numberLine,
    partStyles,
    folded,
    css`
      figure {
        margin: 0;
      }

      svg[role='group'] {
        display: block;
        width: 100%;
        overflow: visible;
        touch-action: pan-y;
        user-select: none;
      }

      figcaption {
        margin-block-start: var(--space-2);
        max-width: var(--measure);
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      .axis {
        stroke: var(--line);
      }

      .thread {
        stroke: var(--hairline);
        stroke-dasharray: 2 3;
      }

      .thread.chosen {
        stroke: var(--text-muted);
        stroke-dasharray: none;
      }

      .spread,
      .mean {
        stroke: currentColor;
        stroke-width: 2;
      }

      .bar {
        fill: currentColor;
        fill-opacity: 0.22;
        stroke: currentColor;
      }

      .mark,
      .dot {
        stroke-width: 1.5;
      }

      /* Outlined in the page's colour, close neighbours would erase each other. */
      .crowd .mark:not(.chosen) {
        fill-opacity: 0.6;
        stroke: none;
      }

      .mark.chosen,
      .point.chosen .dot {
        stroke: var(--text);
        stroke-width: 2;
      }

      details {
        margin-block-start: var(--space-3);
      }

      .scroll {
        max-height: 16rem;
        overflow: auto;
      }

      .empty {
        height: 15rem;
      }

      @media (forced-colors: active) {
        :is(.x, .xhat, .y) {
          color: CanvasText;
        }

        .tick {
          fill: CanvasText;
        }

        :is(.axis, .thread.chosen) {
          stroke: CanvasText;
        }

        .thread {
          stroke: GrayText;
        }

        .point:focus-visible .ring {
          stroke: Highlight;
        }
      }
    `,
  ];
}

function percent(scale: NumberScale, value: number): string {
  return `${(placeOn(scale, value) * 100).toFixed(3)}%`;
}

function valueAt(scale: NumberScale, event: PointerEvent): number {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return scale.min + ((event.clientX - box.left) / box.width) * (scale.max - scale.min);
}

/** From x down to x̂ and on to y: which point became which. */
function threads(
  lines: readonly Line[],
  example: number,
  at: (index: number) => number,
  chosen: boolean,
): TemplateResult[] {
  return lines.slice(1).map((line, above) => {
    const from = lines[above] as Line;
    return svg`<line class=${chosen ? 'thread chosen' : 'thread'} x1=${percent(from.scale, from.values[example] ?? 0)}
      x2=${percent(line.scale, line.values[example] ?? 0)} y1=${at(above)} y2=${at(above + 1)}></line>`;
  });
}

/** The bars in words: which values each covers, and how many there are. */
function histogramTable(lines: readonly Line[]): TemplateResult {
  const columns = lines.map(({ name, label, values }) => {
    const cells = binsOf(values, BINS).map(({ from, to, count }) => ({
      range: `${formatNumber(from)} to ${formatNumber(to)}`,
      count,
    }));
    return { name, label, cells };
  });
  const rows = Math.max(...columns.map(({ cells }) => cells.length));
  return html`<details>
    <summary>The histograms as a table</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="How many values of x, x̂ and y lie in each bin">
      <table class="numbers">
        <thead>
          <tr>
            ${columns.map(
              ({ name, label }) =>
                html`<th scope="col" class=${name}>${label}</th>
                  <th scope="col">examples</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: rows },
            (_, row) =>
              html`<tr>
                ${columns.map(
                  ({ cells }) =>
                    html`<td>${cells[row]?.range}</td>
                      <td>${cells[row]?.count}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function axis(line: Line, y: number, histogram: boolean, numbered: boolean): TemplateResult {
  const { scale, mean, std, name } = line;
  const bins = histogram ? binsOf(line.values, BINS) : [];
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  return svg`
    ${bins.map((bin) => {
      const width = placeOn(scale, bin.to) - placeOn(scale, bin.from);
      const height = (bin.count / most) * BAR;
      return svg`<rect class="bar ${name}" x=${percent(scale, bin.from)} width=${`${(width * 100).toFixed(3)}%`}
        y=${y - 9 - height} height=${height}></rect>`;
    })}
    <line class="axis" x1="0" x2="100%" y1=${y} y2=${y}></line>
    ${scale.ticks.map(
      (
        tick,
      ) => svg`<line class="axis" x1=${percent(scale, tick)} x2=${percent(scale, tick)} y1=${y - 2} y2=${y + 2}></line>
        ${numbered ? svg`<text class="tick" x=${percent(scale, tick)} y=${y + 32}>${formatNumber(tick)}</text>` : nothing}`,
    )}
    <line class="spread ${name}" x1=${percent(scale, mean - std)} x2=${percent(scale, mean + std)} y1=${y + 14} y2=${y + 14}></line>
    <line class="mean ${name}" x1=${percent(scale, mean)} x2=${percent(scale, mean)} y1=${y + 9} y2=${y + 19}></line>
    <text class="name ${name}" x="2" y=${y - (histogram ? 14 : 10)}>${line.label}</text>`;
}

/** Circle, diamond, square: the shape says which of the three a point is, where colour does not. */
function mark(line: Line, value: number, example: number, y: number, chosen: boolean): TemplateResult {
  const classes = `mark ${chosen ? 'chosen' : ''}`;
  const size = line.values.length > HISTOGRAM_FROM ? 4.5 : 6.5;
  const shape =
    line.name === 'xhat'
      ? svg`<path class=${classes} d=${`M0 ${-size}L${size} 0L0 ${size}L${-size} 0Z`}></path>`
      : svg`<rect class=${classes} x=${-size + 0.5} y=${-size + 0.5} width=${2 * size - 1} height=${2 * size - 1}></rect>`;
  const label =
    chosen && line.values.length < HISTOGRAM_FROM
      ? svg`<text class="index" y="-11">${example + 1}</text>`
      : nothing;
  return svg`<svg class=${line.name} x=${percent(line.scale, value)} y=${y} overflow="visible">${shape}${label}</svg>`;
}

customElements.define('bn-picture', Picture);
