import { html, nothing, svg, type TemplateResult } from 'lit';
import { formatNumber } from '../format-number.ts';
import { placeOn, scaleFor } from '../worked-example/number-scale.ts';
import type { Stage } from './step-view.ts';

const HEIGHT = 56;
const LINE = 26;

/** The values of a column on a number line, with the mean and one standard deviation to both sides where they are known. */
export function valueLine({ column, mean, variance }: NonNullable<Stage['line']>): TemplateResult {
  const around = mean === undefined ? [] : spread(mean, variance);
  const scale = scaleFor([...column.values, ...around], 6);
  const at = (value: number) => `${(4 + 92 * placeOn(scale, value)).toFixed(2)}%`;
  return html`<svg
    class="line ${column.role ?? ''}"
    width="100%"
    height=${HEIGHT}
    role="img"
    aria-label=${`${column.name} of each example on a number line from ${formatNumber(scale.min)} to ${formatNumber(scale.max)}`}
  >
    <line class="axis" x1=${at(scale.min)} x2=${at(scale.max)} y1=${LINE} y2=${LINE}></line>
    ${scale.ticks.map(
      (tick) =>
        svg`<line class="axis" x1=${at(tick)} x2=${at(tick)} y1=${LINE - 2} y2=${LINE + 3}></line>
          <text class="tick" x=${at(tick)} y=${HEIGHT - 6}>${formatNumber(tick)}</text>`,
    )}
    ${
      mean === undefined
        ? nothing
        : svg`<line class="bar" x1=${at(around[0] ?? mean)} x2=${at(around[1] ?? mean)} y1="10" y2="10"></line>
          <line class="bar" x1=${at(mean)} x2=${at(mean)} y1="4" y2=${LINE}></line>`
    }
    ${column.values.map((value) => svg`<circle class="value" cx=${at(value)} cy=${LINE} r="4.5"></circle>`)}
  </svg>`;
}

/** Only where to draw: the variance is the engine's. */
function spread(mean: number, variance: number | undefined): [number, number] | [] {
  if (variance === undefined) return [];
  const std = Math.sqrt(variance);
  return [mean - std, mean + std];
}
