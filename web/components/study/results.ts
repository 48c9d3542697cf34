import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { studyCsv } from '../../export/study-csv.ts';
import { pointsOf } from '../../protocol/studies.ts';
import { controls } from '../../style/controls.ts';
import { block, row } from '../../style/parts.ts';
import '../copy-text.ts';
import type { CopyText } from '../copy-text.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import './arms-plot.ts';
import { armLook, markPath } from './marks.ts';
import { hasMetric, intervalAt, type StudyOutcome } from './outcome.ts';
import './points-plot.ts';
import { studyTable } from './table.ts';
import { numberText, valueText } from './value-text.ts';

/** So many charts are shown unfolded, unless it is said which. */
const UNFOLDED = 2;

/**
 * `<bn-study-results>`: what the seeds of a study measured. A chart of each metric, over the points or arm by arm; the same
 * numbers as a table, and all of them to copy.
 */
export class StudyResults extends LitElement {
  static override properties = { outcome: { attribute: false }, first: { attribute: false } };

  declare outcome: StudyOutcome | undefined;
  /** Names of metrics to show unfolded; empty: the first few. */
  declare first: readonly string[];

  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.first = [];
  }

  override render(): TemplateResult | typeof nothing {
    const { outcome } = this;
    if (!outcome) return nothing;
    const { study } = outcome;
    const shown = study.metrics
      .map((metric, at) => ({ metric, at }))
      .filter(({ at }) => outcome.records.length === 0 || hasMetric(outcome, at));
    const many = pointsOf(study, outcome.setting).length > 1;
    const named = shown.filter(({ metric }) => this.first.includes(metric.name));
    // One alone is not worth a fold.
    const few = shown.length <= UNFOLDED + 1 ? shown : shown.slice(0, UNFOLDED);
    const unfolded = named.length > 0 ? named : few;
    const rest = shown.filter((one) => !unfolded.includes(one));
    const chart = ({ metric, at }: (typeof shown)[number]) =>
      html`<figure>
        <figcaption>${withDecimal(metric.label)}</figcaption>
        ${
          many
            ? html`<bn-study-points
                .outcome=${outcome}
                .metric=${at}
                .name=${pointsWords(outcome, at)}
              ></bn-study-points>`
            : html`<bn-study-arms .outcome=${outcome} .metric=${at}></bn-study-arms>`
        }
      </figure>`;
    return html`
      ${many ? this.#legend(outcome) : nothing}
      <div class="charts">${unfolded.map(chart)}</div>
      <p class="note">
        A mark for each seed; the bar is their mean, with its 95 %
        interval${
          shown.some(({ metric }) => metric.scale === 'log')
            ? ' (on a logarithmic axis of the geometric mean)'
            : ''
        }.${shown.some(({ metric }) => metric.chance !== undefined) ? ' Dotted: what guessing would give.' : ''}
      </p>
      ${
        rest.length === 0
          ? nothing
          : html`<details>
              <summary>
                ${rest.length} more ${rest.length === 1 ? 'measure' : 'measures'}:
                ${rest.map(({ metric }) => withDecimal(metric.label)).join('; ')}
              </summary>
              <div class="charts">${rest.map(chart)}</div>
            </details>`
      }
      ${this.#tables.render(
        shown.length > 1 ? 'Each seed, in tables' : 'Each seed, as a table',
        () => html`${shown.map(({ at }) => studyTable(outcome, at))}`,
        'tables',
      )}
      <div class="row">
        <button
          type="button"
          class="quiet"
          ?disabled=${outcome.records.length === 0}
          @click=${() => this.#copy(outcome)}
        >
          Copy all seeds as CSV
        </button>
        <bn-copy-text></bn-copy-text>
      </div>
    `;
  }

  #legend({ study }: StudyOutcome): TemplateResult | typeof nothing {
    if (study.arms.length < 2) return nothing;
    return html`<ul class="legend">
      ${study.arms.map(({ name, label }, index) => {
        const { colour, shape, dash } = armLook(index, name);
        return html`<li>
          <svg
            width="34"
            height="14"
            viewBox="0 0 34 14"
            aria-hidden="true"
            .style=${`color: var(--${colour})`}
          >
            <path class="line" stroke-dasharray=${dash} d="M1 7H33" />
            <path class="mark" d=${markPath(shape, 17, 7)} /></svg
          >${withDecimal(label)}
        </li>`;
      })}
    </ul>`;
  }

  #copy(outcome: StudyOutcome): void {
    const copier = this.renderRoot.querySelector<CopyText>('bn-copy-text');
    void copier?.copy(`${outcome.records.length} seeds`, studyCsv(outcome));
  }

  static override styles = [
    controls,
    block,
    row,
    css`
      :host {
        container-type: inline-size;
      }

      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
        gap: var(--space-4) var(--space-5);
      }

      figure {
        min-width: 0;
        margin: 0;
      }

      figcaption {
        margin-block-end: var(--space-1);
        font-size: var(--size-s);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        margin: 0 0 var(--space-3);
        padding: 0;
        list-style: none;
        font-size: var(--size-s);
      }

      .legend li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }

      .legend svg {
        flex: none;
      }

      .line {
        stroke: currentColor;
        stroke-width: 1.5;
      }

      .mark {
        fill: currentColor;
      }

      .note {
        margin-block: var(--space-2);
        font-size: var(--size-s);
        color: var(--text-muted);
      }

      details {
        font-size: var(--size-s);
      }

      summary {
        padding-block: 0.4em;
        color: var(--text-muted);
        cursor: pointer;
      }

      table + table {
        margin-block-start: var(--space-4);
      }

      .scroll {
        max-height: 20rem;
        overflow: auto;
      }

      th[scope='colgroup'] {
        text-align: start;
      }

      .row {
        gap: var(--space-2);
        font-size: var(--size-s);
      }

      .row button {
        margin-inline-start: calc(-1 * var(--space-3));
      }
    `,
  ];
}

/** The means of a metric at the first and the last point: what a chart over points says to who cannot see it. */
function pointsWords(outcome: StudyOutcome, at: number): string {
  const { study, setting, records } = outcome;
  const metric = study.metrics[at]!;
  const axis = withDecimal(study.axis?.label ?? '');
  const points = pointsOf(study, setting);
  const ends = [0, points.length - 1];
  const said = study.arms.map(({ label }, arm) => {
    const means = ends.map((point) => valueText(metric.format, intervalAt(outcome, [at, arm, point]).mean));
    return `${withDecimal(label)} from ${means[0]} to ${means[1]}`;
  });
  const seeds = `${records.length} ${records.length === 1 ? 'seed' : 'seeds'}`;
  const [first, last] = ends.map((point) => numberText(points[point]!));
  return `${withDecimal(metric.label)}, means of ${seeds}; ${axis} from ${first} to ${last}: ${said.join('; ')}.`;
}

customElements.define('bn-study-results', StudyResults);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-results': StudyResults;
  }
}
