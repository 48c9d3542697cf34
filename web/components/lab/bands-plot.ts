import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { plot } from '../../style/parts.ts';
import type { TraceAxis } from '../../charts/trace-chart.ts';
import type { Band } from './bands-summary.ts';
import { armName } from './words.ts';

export interface BandsDrawing {
  steps: readonly number[];
  bands: readonly Band[];
  y: TraceAxis;
  formatY(value: number): string;
  /** The token of the mode's colour. */
  colour: string;
}

const LEFT = 52;
const RIGHT = 26;
const TOP = 8;
const BOTTOM = 24;
const HEIGHT = 260;
const LETTER = 13;

/**
 * All runs as thin lines, the range they span, and their median: A solid on a plain band, B dashed on a hatched one. What
 * lies beyond the axis, an infinite loss for one, runs along its end.
 */
export class BandsPlot extends LitElement {
  static override properties = {
    drawing: { attribute: false },
    name: { attribute: false },
    width: { state: true },
  };

  declare drawing: BandsDrawing | undefined;
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
    const { drawing, width } = this;
    if (!drawing) return nothing;
    const { steps, bands, y, colour } = drawing;
    const last = steps.at(-1) ?? 1;
    const room = { width: width - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
    const across = (index: number) => LEFT + (room.width * (steps[index] ?? 0)) / Math.max(1, last);
    const share = y.log
      ? (value: number) => Math.log(value / y.min) / Math.log(y.max / y.min)
      : (value: number) => (value - y.min) / (y.max - y.min);
    const up = (value: number) => TOP + room.height * (1 - Math.min(1, Math.max(0, share(value))));
    const path = (values: readonly number[], from = 'M') =>
      values
        .map((value, index) =>
          Number.isNaN(value) ? undefined : `${across(index).toFixed(1)} ${up(value).toFixed(1)}`,
        )
        .filter((point) => point !== undefined)
        .map((point, index) => `${index === 0 ? from : 'L'}${point}`)
        .join('');
    const area = ({ min, max }: Band) =>
      `${path(max)}${[...min.keys()]
        .reverse()
        .map((index) => `L${across(index).toFixed(1)} ${up(min[index]!).toFixed(1)}`)
        .join('')}Z`;
    const ends = bands.map(({ median }) => up(median.at(-1) ?? NaN));
    const letters = apart(ends.map((end) => Math.max(end, TOP + LETTER)));
    return html`<svg
      role="img"
      aria-label=${this.name}
      viewBox=${`0 0 ${width} ${HEIGHT}`}
      .style=${`color: var(${colour})`}
    >
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="1.5" />
        </pattern>
      </defs>
      ${ticksOf(y).map(
        (tick) => svg`<g class="tick">
          <line x1=${LEFT} x2=${width - RIGHT} y1=${up(tick)} y2=${up(tick)} />
          <text x=${LEFT - 6} y=${up(tick)} text-anchor="end" dominant-baseline="middle">${drawing.formatY(tick)}</text>
        </g>`,
      )}
      ${[0, last / 2, last].map(
        (
          step,
          i,
        ) => svg`<text class="axis" x=${LEFT + (room.width * step) / Math.max(1, last)} y=${HEIGHT - 6}
          text-anchor=${['start', 'middle', 'end'][i]}>${Math.round(step)}${i === 2 ? ' steps' : ''}</text>`,
      )}
      ${bands.map((band, arm) =>
        band.runs.length === 0
          ? nothing
          : svg`<g class=${arm === 0 ? 'a' : 'b'}>
          <path class="band" d=${area(band)} />
          ${band.runs.map((run) => svg`<path class="run" d=${path(run)} />`)}
        </g>`,
      )}
      ${bands.map((band, arm) =>
        band.runs.length === 0
          ? nothing
          : svg`<g class=${arm === 0 ? 'a' : 'b'}>
          <path class="under" d=${path(band.median)} />
          <path class="median" d=${path(band.median)} />
          <text class="letter" x=${width - RIGHT + 6} y=${letters[arm]} dominant-baseline="middle">${armName(arm)}</text>
        </g>`,
      )}
    </svg>`;
  }

  static override styles = [
    plot,
    css`
      svg {
        width: 100%;
        height: auto;
      }

      .letter {
        fill: currentColor;
        font-weight: 600;
      }

      .band {
        stroke: none;
        fill: currentColor;
        fill-opacity: 0.12;
      }

      .b .band {
        fill: url('#hatch');
        fill-opacity: 0.28;
      }

      .run,
      .median,
      .under {
        fill: none;
        stroke: currentColor;
        stroke-linejoin: round;
      }

      .run {
        stroke-width: 1;
        stroke-opacity: 0.4;
      }

      .under {
        stroke: var(--surface);
        stroke-width: 5;
      }

      .median {
        stroke-width: 2.5;
      }

      .b .run {
        stroke-dasharray: 3 3;
      }

      .b .median {
        stroke-dasharray: 7 4;
      }
    `,
  ];
}

/** The ends of the axis and round places between. */
function ticksOf({ min, max, log }: TraceAxis): readonly number[] {
  if (!log) return [0, 0.25, 0.5, 0.75, 1].map((share) => min + share * (max - min));
  const decades = Math.max(1, Math.round(Math.log10(max / min)));
  const every = Math.ceil(decades / 5);
  return Array.from({ length: Math.floor(decades / every) + 1 }, (_, i) => max / 10 ** (i * every));
}

/** Two letters at the same height would cover each other. */
function apart(places: readonly number[]): readonly number[] {
  const [a, b] = places;
  if (a === undefined || b === undefined || !(Math.abs(a - b) < LETTER)) return places;
  const middle = (a + b) / 2;
  const side = a <= b ? 1 : -1;
  return [middle - (side * LETTER) / 2, middle + (side * LETTER) / 2];
}

customElements.define('bn-lab-bands-plot', BandsPlot);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-bands-plot': BandsPlot;
  }
}
