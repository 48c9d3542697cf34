import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { plot } from '../style/parts.ts';
import { decadeAbove, decadeBelow } from '../charts/round-axis.ts';
import { formatNumber } from './format-number.ts';

export interface PlotLine {
  readonly name: string;
  /** A token: 'grad' for --grad. */
  readonly colour: string;
  /** Lines are told apart by these where colour does not. */
  readonly dash: 'solid' | 'dashed' | 'dotted';
  /** On each point; a line without is a theory or a guide. */
  readonly mark?: 'circle' | 'diamond';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LinePlotData {
  readonly x: { readonly label: string; readonly ticks: readonly number[] };
  readonly y: {
    readonly label: string;
    readonly log?: boolean;
    /** Of an axis that is not logarithmic. */
    readonly ticks?: readonly number[];
  };
  readonly lines: readonly PlotLine[];
  /** Points that stand out, with a word each. */
  readonly marks?: readonly {
    name: string;
    colour: string;
    mark: 'circle' | 'diamond';
    x: number;
    y: number;
  }[];
}

const LEFT = 56;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 42;
const HEIGHT = 280;
const MOST_DECADES = 6;

/** `<bn-line-plot>`: a few lines on one pair of axes; what they say stands in the figure around it. */
export class LinePlot extends LitElement {
  static override properties = {
    data: { attribute: false },
    name: { attribute: false },
    width: { state: true },
  };

  declare data: LinePlotData | undefined;
  /** What is shown, for who cannot see it. */
  declare name: string;
  declare private width: number;

  readonly #size = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });

  constructor() {
    super();
    this.name = '';
    this.width = 640;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  override render(): TemplateResult | typeof nothing {
    const { data, width } = this;
    if (!data) return nothing;
    const inner = { width: width - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
    const vertical = verticalAxis(data);
    const [first = 0, last = 1] = [data.x.ticks[0], data.x.ticks.at(-1)];
    const across = (x: number) => LEFT + (inner.width * (x - first)) / (last - first || 1);
    const up = (y: number) => TOP + inner.height * (1 - vertical.place(y));
    return html`
      <p class="y-label" aria-hidden="true">${data.y.label}</p>
      <svg role="img" aria-label=${this.name} viewBox=${`0 0 ${width} ${HEIGHT}`}>
        ${vertical.ticks.map(
          (tick) => svg`<g class="tick">
            <line x1=${LEFT} x2=${width - RIGHT} y1=${up(tick)} y2=${up(tick)} />
            <text x=${LEFT - 6} y=${up(tick)} text-anchor="end" dominant-baseline="middle">${vertical.format(tick)}</text>
          </g>`,
        )}
        ${thinned(data.x.ticks, inner.width).map(
          (tick) =>
            svg`<text x=${across(tick)} y=${HEIGHT - BOTTOM + 18} text-anchor="middle">${formatNumber(tick)}</text>`,
        )}
        <text class="label" x=${LEFT + inner.width / 2} y=${HEIGHT - 5} text-anchor="middle">
          ${data.x.label}
        </text>
        ${data.lines.map((line) => drawLine(line, across, up))}
        ${(data.marks ?? []).map(
          ({ colour, mark, x, y }) =>
            svg`<g class="mark" .style=${`color: var(--${colour})`}>${symbol(mark, across(x), up(y), 6)}</g>`,
        )}
      </svg>
      <p class="legend" aria-hidden="true">
        ${data.lines.map(
          ({ name, colour, dash, mark }) =>
            html`<span
              ><svg
                class="key"
                width="30"
                height="12"
                viewBox="0 0 30 12"
                .style=${`color: var(--${colour})`}
              >
                <path class="line ${dash}" d="M0 6H30" />
                ${mark ? symbol(mark, 15, 6, 3) : nothing}</svg
              >${name}</span
            >`,
        )}
      </p>
    `;
  }

  static override styles = [
    plot,
    css`
      svg {
        width: 100%;
        height: auto;
      }

      .label {
        fill: var(--text);
      }

      .line {
        fill: none;
        stroke: currentColor;
        stroke-width: 1.75;
        stroke-linejoin: round;
      }

      .dashed {
        stroke-dasharray: 7 4;
      }

      .dotted {
        stroke: var(--text-muted);
        stroke-width: 1.5;
        stroke-dasharray: 1.5 3.5;
      }

      .symbol {
        fill: currentColor;
      }

      .mark .symbol {
        stroke: var(--surface);
        stroke-width: 2;
      }

      .y-label,
      .legend {
        margin: 0;
        font-size: var(--size-s);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
      }

      .legend span {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
      }

      .key {
        flex: none;
        width: 30px;
      }
    `,
  ];
}

interface Axis {
  place(value: number): number;
  ticks: readonly number[];
  format(tick: number): string;
}

/** What lies beyond an end is drawn at it. */
function verticalAxis({ y, lines }: LinePlotData): Axis {
  if (!y.log) {
    const ticks = y.ticks ?? [0, 1];
    const [from = 0, to = 1] = [Math.min(...ticks), Math.max(...ticks)];
    return { place: (value) => clamp((value - from) / (to - from)), ticks, format: formatNumber };
  }
  const values = lines
    .flatMap(({ points }) => points.map(([, value]) => value))
    .filter((value) => value > 0 && Number.isFinite(value));
  const from = decadeBelow(Math.min(...values, 1));
  const to = Math.max(decadeAbove(Math.max(...values, 1)), 10 * from);
  const decades = Math.round(Math.log10(to / from));
  const every = Math.ceil(decades / MOST_DECADES);
  return {
    place: (value) => (value > 0 ? clamp(Math.log(value / from) / Math.log(to / from)) : 0),
    ticks: Array.from({ length: Math.floor(decades / every) + 1 }, (_, i) =>
      Number((from * 10 ** (i * every)).toPrecision(6)),
    ),
    format: (tick) => formatNumber(tick).replace(/^1·/, ''),
  };
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/** As many ticks as have room. */
function thinned(ticks: readonly number[], width: number): readonly number[] {
  const every = Math.ceil((ticks.length * 34) / Math.max(1, width));
  return ticks.filter((_, i) => i % every === 0);
}

function drawLine(
  { colour, dash, mark, points }: PlotLine,
  across: (x: number) => number,
  up: (y: number) => number,
): SVGTemplateResult {
  const places = points.filter(([, y]) => !Number.isNaN(y)).map(([x, y]) => [across(x), up(y)] as const);
  const d = places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return svg`<g .style=${`color: var(--${colour})`}>
    <path class="line ${dash}" d=${d} />
    ${mark ? places.map(([x, y]) => symbol(mark, x, y, 3)) : nothing}
  </g>`;
}

function symbol(mark: 'circle' | 'diamond', x: number, y: number, size: number): SVGTemplateResult {
  if (mark === 'circle') return svg`<circle class="symbol" cx=${x} cy=${y} r=${size} />`;
  const s = size + 1;
  return svg`<path class="symbol" d=${`M${x - s} ${y}l${s} ${-s}l${s} ${s}l${-s} ${s}z`} />`;
}

customElements.define('bn-line-plot', LinePlot);

declare global {
  interface HTMLElementTagNameMap {
    'bn-line-plot': LinePlot;
  }
}
