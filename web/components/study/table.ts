import { html, nothing, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { pointsOf } from '../../protocol/studies.ts';
import { intervalAt, type Place, type StudyOutcome, valuesAt } from './outcome.ts';
import { numberText, valueText } from './value-text.ts';

/** One metric's numbers: a row for each seed, a column for each arm at each point, mean and interval below. */
export function studyTable(outcome: StudyOutcome, metric: number): TemplateResult {
  const { study, setting, records } = outcome;
  const { label, format } = study.metrics[metric]!;
  const points = pointsOf(study, setting);
  const places = points.flatMap((_, point) => study.arms.map((__, arm): Place => [metric, arm, point]));
  const columns = places.map((place) => valuesAt(outcome, place));
  const intervals = places.map((place) => intervalAt(outcome, place));
  const text = (value: number | undefined) => valueText(format, value ?? NaN, true);
  const { axis } = study;
  const armNames = study.arms.map((arm) => withDecimal(arm.label));
  return html`<table class="numbers">
    <caption>
      ${withDecimal(axis ? `${label}, by ${axis.label}` : label)}
    </caption>
    <thead>
      ${
        axis
          ? html`<tr>
              <td></td>
              ${points.map(
                (point) => html`<th scope="colgroup" colspan=${armNames.length}>${numberText(point)}</th>`,
              )}
            </tr>`
          : nothing
      }
      <tr>
        <th scope="col">Seed</th>
        ${points.map(() => armNames.map((name) => html`<th scope="col">${name}</th>`))}
      </tr>
    </thead>
    <tbody>
      ${records.map(
        ({ seed }, row) =>
          html`<tr>
            <th scope="row">${seed}</th>
            ${columns.map((values) => html`<td>${text(values[row])}</td>`)}
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">Mean</th>
        ${intervals.map(({ mean }) => html`<td>${text(mean)}</td>`)}
      </tr>
      <tr>
        <th scope="row">95 % from</th>
        ${intervals.map(({ from }) => html`<td>${text(from)}</td>`)}
      </tr>
      <tr>
        <th scope="row">to</th>
        ${intervals.map(({ to }) => html`<td>${text(to)}</td>`)}
      </tr>
    </tfoot>
  </table>`;
}
