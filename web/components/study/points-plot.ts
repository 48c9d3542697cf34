import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { pointsOf } from '../../protocol/studies.ts';
import { axisScale, pointPlaces } from './axis-scale.ts';
import { armLook, beside, markPath } from './marks.ts';
import { intervalAt, type StudyOutcome, valuesAt } from './outcome.ts';
import { plotStyles } from './plot-styles.ts';
import { Sized } from './sized.ts';
import { numberText, valueText } from './value-text.ts';

const RIGHT = 10;
const TOP = 14;
const BOTTOM = 42;
/** Between the arms of a point, and between the outermost seeds of an arm, at most. */
const LANE = 10;
/** About as wide as a letter is. */
const LETTER = 6.6;

/**
 * `<bn-study-points>`: one metric over the points of a study. A mark for each seed of each arm, the mean with its 95 %
 * interval, and a line from mean to mean; each arm has a colour, a shape and a dash of its own.
 */
export class StudyPoints extends LitElement {
  static override properties = {
    outcome: { attribute: false },
    metric: { attribute: false },
    name: { attribute: false },
  };

  declare outcome: StudyOutcome | undefined;
  declare metric: number;
  /** What is shown, for who cannot see it. */
  declare name: string;

  readonly #size = new Sized(this);

  constructor() {
    super();
    this.metric = 0;
    this.name = '';
  }

  override render(): TemplateResult | typeof nothing {
    const { outcome, metric: at } = this;
    if (!outcome) return nothing;
    const { study, setting } = outcome;
    const metric = study.metrics[at]!;
    const points = pointsOf(study, setting);
    const arms = study.arms.map((arm, index) => ({
      ...armLook(index, arm.name),
      values: points.map((_, point) => valuesAt(outcome, [at, index, point])),
      intervals: points.map((_, point) => intervalAt(outcome, [at, index, point])),
    }));
    const scale = axisScale(
      [...arms.flatMap(({ values }) => values.flat()), metric.chance ?? NaN],
      metric.scale === 'log',
      { ends: arms.flatMap(({ intervals }) => intervals.flatMap(({ from, to }) => [from, to])) },
    );
    const texts = scale.ticks.map((tick) => valueText(metric.format, tick, true));
    const left = 14 + LETTER * Math.max(...texts.map((text) => text.length));
    const { width } = this.#size;
    const height = width < 480 ? 240 : 280;
    const inner = { width: width - left - RIGHT, height: height - TOP - BOTTOM };
    const up = (value: number) => TOP + inner.height * (1 - scale.place(value));
    const { places, room } = pointPlaces(points, study.axis?.scale === 'log');
    const lane = Math.min(LANE, (1.6 * room * inner.width) / arms.length);
    const across = (point: number, arm: number) =>
      left + inner.width * places[point]! + lane * (arm - (arms.length - 1) / 2);
    const label = withDecimal(study.axis?.label ?? '');

    return html`<svg role="img" aria-label=${this.name} viewBox=${`0 0 ${width} ${height}`}>
      ${scale.ticks.map(
        (tick, i) => svg`<g class="tick">
          <line x1=${left} x2=${width - RIGHT} y1=${up(tick)} y2=${up(tick)} />
          <text x=${left - 6} y=${up(tick)} text-anchor="end" dominant-baseline="middle">${texts[i]}</text>
        </g>`,
      )}
      ${
        metric.chance === undefined
          ? nothing
          : svg`<line class="guide" x1=${left} x2=${width - RIGHT} y1=${up(metric.chance)} y2=${up(metric.chance)} />
              <text x=${width - RIGHT} y=${up(metric.chance) - 4} text-anchor="end">chance</text>`
      }
      ${shownPoints(points, (point) => left + inner.width * places[point]!).map(
        ({ x, text }) =>
          svg`<line class="notch" x1=${x} x2=${x} y1=${height - BOTTOM} y2=${height - BOTTOM + 4} />
            <text x=${x} y=${height - BOTTOM + 17} text-anchor="middle">${text}</text>`,
      )}
      <text class="label" x=${left + inner.width / 2} y=${height - 5} text-anchor="middle">${label}</text>
      ${arms.map(({ colour, shape, dash, values, intervals }, arm) => {
        const seeds = values.flatMap((ofPoint, point) =>
          ofPoint.map((value, seed) => ({
            value,
            path: () =>
              markPath(shape, across(point, arm) + (lane / 2) * beside(seed, ofPoint.length), up(value)),
          })),
        );
        const lost = (value: number) => scale.log && value <= 0;
        const line = intervals
          .map(({ mean }, point) => ({ mean, point }))
          .filter(({ mean }) => Number.isFinite(mean))
          .toSorted((a, b) => places[a.point]! - places[b.point]!)
          .map(({ mean, point }) => `${across(point, arm).toFixed(1)} ${up(mean).toFixed(1)}`);
        return svg`<g .style=${`color: var(--${colour})`}>
          <path class="dots" d=${seeds.map(({ value, path }) => (lost(value) || Number.isNaN(value) ? '' : path())).join('')} />
          <path class="dots beyond" d=${seeds.map(({ value, path }) => (lost(value) ? path() : '')).join('')} />
          <path class="line" stroke-dasharray=${dash} d=${line.map((to, i) => `${i === 0 ? 'M' : 'L'}${to}`).join('')} />
          ${intervals.map((interval, point) => meanMark(interval, across(point, arm), Math.max(4, lane / 2), up))}
        </g>`;
      })}
    </svg>`;
  }

  static override styles = [
    plotStyles,
    css`
      svg {
        width: 100%;
      }

      .label {
        fill: var(--text);
      }

      .notch {
        stroke: var(--line);
      }

      .line {
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
      }
    `,
  ];
}

function meanMark(
  { mean, from, to }: ReturnType<typeof intervalAt>,
  x: number,
  half: number,
  up: (value: number) => number,
): SVGTemplateResult | typeof nothing {
  if (!Number.isFinite(mean)) return nothing;
  const whisker =
    from === undefined || to === undefined
      ? nothing
      : svg`<path class="whisker" d=${`M${x - 3} ${up(to)}h6M${x} ${up(to)}V${up(from)}M${x - 3} ${up(from)}h6`} />`;
  return svg`${whisker}<line class="mean" x1=${x - half} x2=${x + half} y1=${up(mean)} y2=${up(mean)} />`;
}

/** The points with their texts, from left to right, as far as the texts have room beside each other. */
function shownPoints(
  points: readonly number[],
  across: (point: number) => number,
): readonly { x: number; text: string }[] {
  const all = points
    .map((point, index) => ({ x: across(index), text: numberText(point) }))
    .toSorted((a, b) => a.x - b.x);
  let free = -Infinity;
  return all.map(({ x, text }) => {
    const half = (LETTER * text.length) / 2;
    if (x - half < free) return { x, text: '' };
    free = x + half + 5;
    return { x, text };
  });
}

customElements.define('bn-study-points', StudyPoints);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-points': StudyPoints;
  }
}
