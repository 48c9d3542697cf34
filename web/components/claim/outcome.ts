import { html, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import type { ReportedCheck } from '../../claims/report.ts';
import type { StudyCheck } from '../../protocol/studies.ts';
import '../study/check-strip.ts';
import { valueText } from '../study/value-text.ts';

/** “at least 0.4”: what a check asks for. */
export function boundText({ format, low, high }: StudyCheck): string {
  if (low !== undefined && high !== undefined)
    return `between ${valueText(format, low)} and ${valueText(format, high)}`;
  return low === undefined
    ? `at most ${valueText(format, high ?? NaN)}`
    : `at least ${valueText(format, low)}`;
}

/** One check of a claim: every seed, mean and interval against what is asked for, and the engine's sentence. */
export function checkFigure({ ref, side, check, verdict, numbers }: ReportedCheck): TemplateResult {
  return html`<figure>
    <figcaption>${side === 'for' ? 'Speaks for it' : 'Speaks against it'}, if true (${ref}):</figcaption>
    <bn-check-strip .check=${check} .numbers=${numbers} .verdict=${verdict}></bn-check-strip>
  </figure>`;
}

/** The numbers of all checks of a claim, seed by seed. */
export function checkTable(checks: readonly ReportedCheck[]): TemplateResult {
  const seeds = [...new Set(checks.flatMap((check) => check.seeds))].toSorted((a, b) => a - b);
  const cell = ({ check, seeds: own, numbers }: ReportedCheck, seed: number) => {
    const number = numbers[own.indexOf(seed)];
    return number === undefined ? '–' : valueText(check.format, number);
  };
  const row = (name: string, text: (reported: ReportedCheck) => string) =>
    html`<tr>
      <th scope="row">${name}</th>
      ${checks.map((reported) => html`<td>${text(reported)}</td>`)}
    </tr>`;
  const value = ({ check }: ReportedCheck, number: number | null) =>
    number === null ? '–' : valueText(check.format, number);
  return html`<table class="numbers">
    <caption>
      What each check measured
    </caption>
    <thead>
      <tr>
        <th scope="col">Seed</th>
        ${checks.map(({ ref, check }) => html`<th scope="col" title=${withDecimal(check.quantity)}>${ref}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${seeds.map((seed) => row(`${seed}`, (reported) => cell(reported, seed)))}
    </tbody>
    <tfoot>
      ${row('Mean', (reported) => value(reported, reported.verdict.seeds > 0 ? reported.verdict.mean : null))}
      ${row('Interval from', (reported) => value(reported, reported.verdict.low))}
      ${row('to', (reported) => value(reported, reported.verdict.high))}
      ${row('Asked for', ({ check }) => boundText(check))}
    </tfoot>
  </table>`;
}
