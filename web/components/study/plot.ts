import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { StudyChart } from './definition.ts';
import type { StudyOutcome } from './outcome.ts';
import { horizontalPlaces, verticalScale } from './plot-scale.ts';

const LEFT = 58;
const RIGHT = 10;
const TOP = 12;
const BOTTOM = 44;
const HEIGHT = 300;
const DOT = 3;
/** Between the dots of two seeds, at most. */
const SPREAD = 5;

/**
 * A dot for each seed, by condition; the mean with its 95 % interval; for conditions on an axis a line from mean to mean. Each
 * series has a colour, a shape and a dash of its own.
 */
export class StudyPlot extends LitElement {
  static override properties = {
    chart: { attribute: false },
    outcome: { attribute: false },
    name: { attribute: false },
    /** Changes when the outcome has grown, which is the same object. */
    version: { attribute: false },
    width: { state: true },
  };

  declare chart: StudyChart | undefined;
  declare outcome: StudyOutcome | undefined;
  /** What is shown, for who cannot see it. */
  declare name: string;
  declare version: number;
  declare private width: number;

  readonly #size = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });

  constructor() {
    super();
    this.name = '';
    this.version = 0;
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
    const { chart, outcome, width } = this;
    if (!chart || !outcome) return nothing;
    const { x, y, series, guides = [] } = chart;
    const conditions = x.names.map((_, condition) => condition);
    const all = series.flatMap(({ key }) =>
      conditions.flatMap((condition) => [...outcome.values(key, condition)]),
    );
    const scale = verticalScale(y, [...all, ...guides.map(({ at }) => at)]);
    const { places, room } = horizontalPlaces(x);
    const inner = { width: width - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
    const across = (share: number) => LEFT + inner.width * share;
    const up = (value: number) => TOP + inner.height * (1 - scale.place(value));
    // Series of a condition stand side by side, unless lines lead through them.
    const lane = x.at ? 0 : (1.4 * room) / series.length;
    const middle = (condition: number, index: number) =>
      across(places[condition]! + lane * (index - (series.length - 1) / 2));
    const half = inner.width * (x.at ? 0.7 * room : lane / 2);
    const spread = Math.min(SPREAD, (1.6 * half) / Math.max(1, outcome.seeds));
    const beside = (condition: number, index: number, seed: number) =>
      middle(condition, index) + spread * (seed - (outcome.seeds - 1) / 2);
    const seeds = Array.from({ length: outcome.seeds }, (_, seed) => seed);

    return html`<svg role="img" aria-label=${this.name} viewBox=${`0 0 ${width} ${HEIGHT}`}>
      ${scale.ticks.map(
        (tick) => svg`<g class="tick">
          <line x1=${LEFT} x2=${width - RIGHT} y1=${up(tick)} y2=${up(tick)} />
          <text x=${LEFT - 6} y=${up(tick)} text-anchor="end" dominant-baseline="middle">${y.format(tick)}</text>
        </g>`,
      )}
      ${guides.map(
        ({ name, at }) => svg`<g class="guide">
          <line x1=${LEFT} x2=${width - RIGHT} y1=${up(at)} y2=${up(at)} />
          <text x=${width - RIGHT} y=${up(at) - 4} text-anchor="end">${name}</text>
        </g>`,
      )}
      ${shownNames(x.names, inner.width).map(
        ({ name, condition }) => svg`<text x=${across(places[condition]!)} y=${HEIGHT - BOTTOM + 18}
          text-anchor="middle">${name}</text>`,
      )}
      <text class="label" x=${LEFT + inner.width / 2} y=${HEIGHT - 6} text-anchor="middle">${x.label}</text>
      ${
        chart.paired
          ? conditions.flatMap((condition) =>
              seeds.map((seed) => {
                const points = series
                  .map(({ key }, index) => ({ index, value: outcome.value(key, condition, seed) }))
                  .filter(({ value }) => !Number.isNaN(value));
                const d = points.map(
                  ({ index, value }, i) =>
                    `${i === 0 ? 'M' : 'L'}${beside(condition, index, seed).toFixed(1)} ${up(value).toFixed(1)}`,
                );
                return svg`<path class="pair" d=${d.join('')} />`;
              }),
            )
          : nothing
      }
      ${series.map(
        ({ key, colour }, index) => svg`<g .style=${`color: var(--${colour})`} class=${`series-${index}`}>
          ${conditions.flatMap((condition) =>
            seeds.map((seed) => {
              const value = outcome.value(key, condition, seed);
              if (Number.isNaN(value)) return nothing;
              return dot(index, beside(condition, index, seed), up(value), y.log === true && value <= 0);
            }),
          )}
          ${x.at ? meanLine(outcome, key, conditions, (c) => middle(c, index), up) : nothing}
          ${conditions.map((condition) =>
            meanMark(outcome, key, condition, middle(condition, index), Math.max(6, half * 0.8), up),
          )}
        </g>`,
      )}
    </svg>`;
  }

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }

    svg {
      display: block;
      width: 100%;
      height: auto;
      font: 12px var(--font-sans);
    }

    text {
      fill: var(--text-muted);
      font-variant-numeric: tabular-nums;
    }

    .label {
      fill: var(--text);
    }

    .tick line {
      stroke: var(--hairline);
    }

    .guide line {
      stroke: var(--line);
      stroke-dasharray: 2 3;
    }

    .dot {
      fill: currentColor;
      fill-opacity: 0.45;
      stroke: currentColor;
      stroke-width: 0.75;
    }

    .dot.below {
      fill: none;
    }

    .pair {
      fill: none;
      stroke: var(--line);
      stroke-opacity: 0.55;
    }

    .mean-line {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
    }

    .series-1 .mean-line {
      stroke-dasharray: 7 4;
    }

    .series-2 .mean-line {
      stroke-dasharray: 2 3;
    }

    .mean {
      stroke: var(--text);
      stroke-width: 2.5;
    }

    .whisker {
      stroke: var(--text);
      stroke-width: 1.25;
    }
  `;
}

/** A circle, a diamond, a square: shapes that are told apart without colour. */
export function dot(series: number, x: number, y: number, below = false): SVGTemplateResult {
  const name = below ? 'dot below' : 'dot';
  const s = DOT + 0.5;
  switch (series % 3) {
    case 0:
      return svg`<circle class=${name} cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${DOT} />`;
    case 1:
      return svg`<path class=${name} d=${`M${x - s} ${y}l${s} ${-s}l${s} ${s}l${-s} ${s}z`} />`;
    default:
      return svg`<rect class=${name} x=${x - DOT} y=${y - DOT} width=${2 * DOT} height=${2 * DOT} />`;
  }
}

function meanLine(
  outcome: StudyOutcome,
  key: string,
  conditions: readonly number[],
  across: (condition: number) => number,
  up: (value: number) => number,
): SVGTemplateResult {
  const points = conditions
    .map((condition) => ({ condition, mean: outcome.interval(key, condition).mean }))
    .filter(({ mean }) => Number.isFinite(mean))
    .map(({ condition, mean }) => `${across(condition).toFixed(1)} ${up(mean).toFixed(1)}`);
  return svg`<path class="mean-line" d=${points.map((point, i) => `${i === 0 ? 'M' : 'L'}${point}`).join('')} />`;
}

function meanMark(
  outcome: StudyOutcome,
  key: string,
  condition: number,
  x: number,
  half: number,
  up: (value: number) => number,
): SVGTemplateResult | typeof nothing {
  const { mean, from, to } = outcome.interval(key, condition);
  if (!Number.isFinite(mean)) return nothing;
  const whisker =
    from === undefined || to === undefined
      ? nothing
      : svg`<path class="whisker" fill="none" d=${`M${x - 4} ${up(to)}h8M${x} ${up(to)}V${up(from)}M${x - 4} ${up(from)}h8`} />`;
  return svg`${whisker}<line class="mean" x1=${x - half} x2=${x + half} y1=${up(mean)} y2=${up(mean)} />`;
}

/** As many of the names as have room: about six pixels a letter. */
function shownNames(names: readonly string[], width: number): { name: string; condition: number }[] {
  const longest = Math.max(...names.map((name) => name.length));
  const every = Math.ceil((names.length * (6.5 * longest + 8)) / Math.max(1, width));
  return names
    .map((name, condition) => ({ name, condition }))
    .filter(({ condition }) => condition % every === 0);
}

customElements.define('bn-study-plot', StudyPlot);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-plot': StudyPlot;
  }
}
