import { html, type TemplateResult } from 'lit';
import type { StudyChart } from './definition.ts';
import type { StudyOutcome } from './outcome.ts';

/** The chart's numbers: a row for each seed, a column for each series of each condition, mean and interval below. */
export function studyTable(
  chart: StudyChart,
  outcome: StudyOutcome,
  first: number,
  unit: string,
): TemplateResult {
  const { x, y, series } = chart;
  const columns = x.names.flatMap((_, condition) => series.map(({ key }) => ({ key, condition })));
  const text = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '–' : y.format(value);
  const intervals = columns.map(({ key, condition }) => outcome.interval(key, condition));
  return html`<table class="numbers">
    <caption>
      ${y.label}, by ${x.label}
    </caption>
    <thead>
      <tr>
        <th scope="col" rowspan=${series.length > 1 ? 2 : 1}>${unit[0]!.toUpperCase()}${unit.slice(1)}</th>
        ${x.names.map((name) => html`<th scope="colgroup" colspan=${series.length}>${name}</th>`)}
      </tr>
      ${
        series.length > 1
          ? html`<tr>
              ${x.names.map(() => series.map(({ name }) => html`<th scope="col">${name}</th>`))}
            </tr>`
          : ''
      }
    </thead>
    <tbody>
      ${Array.from(
        { length: outcome.seeds },
        (_, seed) =>
          html`<tr>
            <th scope="row">${first + seed}</th>
            ${columns.map(({ key, condition }) => html`<td>${text(outcome.value(key, condition, seed))}</td>`)}
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
