import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { axisScale } from './axis-scale.ts';
import { intervalAt, type StudyOutcome, valuesAt } from './outcome.ts';
import './seed-strip.ts';
import { valueText } from './value-text.ts';

/**
 * `<bn-study-arms>`: one metric of a study without points. A row for each arm, with its name, a mark for each seed along one
 * common axis, and the mean with its 95 % interval.
 */
export class StudyArms extends LitElement {
  static override properties = { outcome: { attribute: false }, metric: { attribute: false } };

  declare outcome: StudyOutcome | undefined;
  declare metric: number;

  constructor() {
    super();
    this.metric = 0;
  }

  override render(): TemplateResult | typeof nothing {
    const { outcome, metric: at } = this;
    if (!outcome) return nothing;
    const metric = outcome.study.metrics[at]!;
    const arms = outcome.study.arms
      .map(({ label }, arm) => ({
        label,
        values: valuesAt(outcome, [at, arm, 0]),
        interval: intervalAt(outcome, [at, arm, 0]),
      }))
      .filter(({ values }) => values.length === 0 || values.some((value) => !Number.isNaN(value)));
    const scale = axisScale(
      [...arms.flatMap(({ values }) => values), metric.chance ?? NaN],
      metric.scale === 'log',
      { ends: arms.flatMap(({ interval }) => [interval.from, interval.to]) },
    );
    return html`<div class="arms">
      ${arms.map(({ label, values, interval }, index) => {
        const mean = valueText(metric.format, interval.mean, true);
        return html`<span class="name">${withDecimal(label)}</span>
          <span class="value">${mean}</span>
          <bn-seed-strip
            .strip=${{
              scale,
              values,
              ...interval,
              guide: metric.chance,
              tickText:
                index === arms.length - 1
                  ? (value: number) => valueText(metric.format, value, true)
                  : undefined,
            }}
          ></bn-seed-strip>`;
      })}
    </div>`;
  }

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      container-type: inline-size;
      font-size: var(--size-s);
    }

    .arms {
      display: grid;
      grid-template-columns: fit-content(15rem) minmax(0, 1fr) max-content;
      grid-auto-flow: row dense;
      align-items: start;
      gap: 0 var(--space-3);
    }

    .name,
    .value {
      padding-block: 0.3rem;
      line-height: 1.35;
    }

    .value {
      grid-column: 3;
      text-align: end;
      font-variant-numeric: tabular-nums;
      font-weight: 600;
    }

    bn-seed-strip {
      grid-column: 2;
    }

    @container (max-width: 32rem) {
      .arms {
        grid-template-columns: minmax(0, 1fr) max-content;
        align-items: end;
      }

      .name,
      .value {
        padding-block-end: 0;
      }

      .value {
        grid-column: 2;
      }

      bn-seed-strip {
        grid-column: 1 / -1;
      }
    }
  `;
}

customElements.define('bn-study-arms', StudyArms);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-arms': StudyArms;
  }
}
