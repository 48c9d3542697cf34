import { css, html, nothing, type TemplateResult } from 'lit';
import type { LabPoint } from '../../protocol/lab-session.ts';
import type { Mode } from '../../protocol/vocabulary.ts';
import {
  formatAccuracy,
  formatGap,
  formatLoss,
  formatStep,
  gapOf,
  type Line,
  lineName,
  type Measured,
  MEASURED,
  MODES,
  type Quantity,
  stepsOf,
  type Trace,
  valueOf,
} from './trace-lines.ts';
import { armName } from './words.ts';

/** What is measured on is told apart by how strong a line is. */
export const WIDTH: Record<Measured, number> = { test: 2.25, train: 1.25, batch: 0.75, steps: 0.75 };

const TWIN_ROWS = 40;

/** What the charts show: the lines, and of which of them the gap between modes. */
export interface Shown {
  trace: Trace;
  hasTest: boolean;
  quantities: readonly Quantity[];
  lines: readonly Line[];
  gaps: readonly Omit<Line, 'mode'>[];
}

/** The legend in words, with the values at a step. */
export function valuesTable(
  { trace, quantities, lines, gaps }: Shown,
  at: number | undefined,
): TemplateResult {
  const points = trace.map((arm) => lastUpTo(arm, at));
  const epoch = points.find((point) => point?.step === at)?.epoch;
  const when =
    at === undefined
      ? ''
      : `After step ${formatStep(at)}${epoch === undefined ? '' : `, epoch ${formatStep(epoch)}`}`;
  return html`<div class="scroll values" tabindex="0" role="group" aria-label="Values at a step">
    <table class="numbers">
      <thead>
        <tr>
          ${when === '' ? html`<td></td>` : html`<th scope="col">${when}</th>`}
          ${quantities.map((quantity) => html`<th scope="col">${quantity}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines.map((line) => {
          const point = points[line.arm];
          return html`<tr>
            <th scope="row">${swatch(line, line.mode)}${lineName(line)}</th>
            ${quantities.map((quantity) => html`<td>${point ? format(valueOf(point, line, quantity), quantity) : '–'}</td>`)}
          </tr>`;
        })}
        ${gaps.map((line) => {
          const point = points[line.arm];
          return html`<tr>
            <th scope="row">${swatch(line)}${armName(line.arm)}, ${MEASURED[line.measured]}, gap</th>
            ${quantities.map((quantity) => html`<td>${point ? formatGap(gapOf(point, line, quantity), quantity) : '–'}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** All lines over the steps, or as many steps as a table can hold. */
export function twinTable({ trace, quantities, lines }: Shown): TemplateResult {
  const steps = stepsOf(trace);
  const every = Math.ceil(steps.length / TWIN_ROWS);
  const rows = steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
  const at = trace.map((points) => new Map(points.map((point) => [point.step, point])));
  const columns = quantities.flatMap((quantity) =>
    lines
      .filter(({ measured }) => quantity === 'loss' || measured !== 'steps')
      .map((line) => ({ quantity, line })),
  );
  return html`<table class="numbers">
    ${
      every > 1
        ? html`<caption>
            ${rows.length} of ${steps.length} steps, evenly chosen
          </caption>`
        : nothing
    }
    <thead>
      <tr>
        <th scope="col">Step</th>
        ${columns.map(
          ({ quantity, line }) =>
            html`<th scope="col">
              ${armName(line.arm)} ${quantity}<br />${MEASURED[line.measured]}<br />${MODES[line.mode]}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (step) =>
          html`<tr>
            <th scope="row">${formatStep(step)}</th>
            ${columns.map(({ quantity, line }) => {
              const point = at[line.arm]?.get(step);
              return html`<td>${point ? format(valueOf(point, line, quantity), quantity) : '–'}</td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A piece of the line as it is drawn. */
function swatch({ arm, measured }: Omit<Line, 'mode'>, mode?: Mode): TemplateResult {
  return html`<svg class=${`swatch ${mode ?? ''}`} viewBox="0 0 28 8" aria-hidden="true">
    <line
      x2="28"
      y1="4"
      y2="4"
      stroke-width=${WIDTH[measured]}
      stroke-dasharray=${arm === 1 ? '6 4' : 'none'}
    ></line>
  </svg>`;
}

function format(value: number, quantity: Quantity): string {
  return quantity === 'loss' ? formatLoss(value) : formatAccuracy(value);
}

/** An arm that diverged stays at its last point. */
function lastUpTo(points: readonly LabPoint[], step: number | undefined): LabPoint | undefined {
  return step === undefined ? undefined : points.findLast((point) => point.step <= step);
}

/** What is read along a curve: the slider that says where, the values there in a table, and a conclusion beside it. */
export const readingStyles = css`
  .cursor {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) 5rem;
    align-items: center;
    gap: var(--space-2);
  }

  .value {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  .read {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-6);
  }

  figcaption {
    flex: 1 1 18rem;
  }

  .values {
    max-height: none;
  }

  .values :is(th, td) {
    padding-block: 0.15em;
    border-block-end-color: transparent;
  }

  .values thead :is(th, td) {
    border-block-end-color: var(--hairline);
  }

  .values th:first-child {
    white-space: normal;
  }

  .values td {
    min-width: 5.25em;
  }

  .values :is(th, td) {
    padding-inline: 0 min(0.75em, 1.5cqw);
  }

  .swatch.training {
    color: var(--training-line);
  }

  .swatch {
    width: 1.75rem;
    height: 0.5rem;
    margin-inline-end: var(--space-2);
    stroke: currentColor;
    vertical-align: middle;
  }
`;
