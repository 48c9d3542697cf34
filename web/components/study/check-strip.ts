import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import type { StudyCheck, StudyDecision, StudyVerdict } from '../../protocol/studies.ts';
import { controls } from '../../style/controls.ts';
import { block } from '../../style/parts.ts';
import { checkScale } from './check-scale.ts';
import './seed-strip.ts';
import { valueText } from './value-text.ts';

const DECISIONS: Readonly<Record<StudyDecision, { word: string; path: string }>> = {
  holds: { word: 'Holds', path: 'M2.5 8.5l3.5 3.5 7.5-8' },
  fails: { word: 'Fails', path: 'M3.5 3.5l9 9m0-9l-9 9' },
  unsettled: { word: 'Unsettled', path: 'M2 9.5q3-4.5 6-1.5t6-1.5' },
  not_measured: { word: 'Not measured', path: 'M3.5 8h9' },
};

/**
 * `<bn-check-strip>`: one check of a study. Its statement; and once seeds have run, the number of each seed, their mean and
 * interval against the bound, the verdict in a word and a shape, and the sentence that says it with its numbers.
 */
export class CheckStrip extends LitElement {
  static override properties = {
    check: { attribute: false },
    numbers: { attribute: false },
    verdict: { attribute: false },
  };

  declare check: StudyCheck | undefined;
  /** The check's quantity, one of each seed; NaN where a seed did not measure it. */
  declare numbers: readonly number[];
  declare verdict: StudyVerdict | undefined;

  constructor() {
    super();
    this.numbers = [];
  }

  override render(): TemplateResult | typeof nothing {
    const { check, numbers, verdict } = this;
    if (!check) return nothing;
    const measured = numbers.some((number) => !Number.isNaN(number));
    return html`<div class="check ${verdict?.decision ?? 'waiting'}">
      <p class="statement">
        ${verdict ? decisionMark(verdict.decision) : nothing}<span
          >${together(check.statement)} <small>${check.kind}</small></span
        >
      </p>
      ${
        measured
          ? html`<bn-seed-strip
              .strip=${{
                scale: checkScale(check, numbers, verdict),
                values: numbers,
                mean: verdict?.mean,
                from: verdict?.low ?? undefined,
                to: verdict?.high ?? undefined,
                bound: check,
                tickText: (value: number) => valueText(check.format, value, true),
              }}
              .name=${verdict ? '' : withDecimal(check.quantity)}
            ></bn-seed-strip>`
          : nothing
      }
      ${verdict ? html`<p class="sentence">${together(verdict.sentence)}</p>` : nothing}
    </div>`;
  }

  static override styles = [
    controls,
    block,
    css`
      .check {
        padding-inline-start: var(--space-3);
        border-inline-start: 3px solid var(--line);
      }

      .holds {
        border-color: var(--good);
      }

      .fails {
        border-color: var(--bad);
      }

      .unsettled {
        border-inline-start-style: dashed;
      }

      .not_measured,
      .waiting {
        border-inline-start-style: dotted;
      }

      p {
        margin: 0;
        max-width: var(--measure);
        text-wrap: pretty;
      }

      .statement {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
      }

      .statement > span:last-child {
        flex: 1 1 16rem;
      }

      .decision {
        display: inline-flex;
        align-items: center;
        gap: 0.35em;
        font-weight: 600;
      }

      .decision svg {
        flex: none;
        fill: none;
        stroke: currentColor;
        stroke-width: 2.25;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      .holds .decision {
        color: var(--good);
      }

      .fails .decision {
        color: var(--bad);
      }

      small {
        color: var(--text-muted);
        font-size: var(--size-xs);
        white-space: nowrap;
      }

      bn-seed-strip {
        margin-block: var(--space-1);
      }

      .sentence {
        font-size: var(--size-s);
        color: var(--text-muted);
      }
    `,
  ];
}

/** A verdict in a word and a shape. */
export function decisionMark(decision: StudyDecision): TemplateResult {
  const { word, path } = DECISIONS[decision];
  return html`<span class="decision"
    ><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>${word}</span
  >`;
}

/** With the decimal sign chosen, and no line break between a number and its per cent. */
function together(text: string): string {
  return withDecimal(text).replaceAll(/(\d) %/g, '$1\u00a0%');
}

customElements.define('bn-check-strip', CheckStrip);

declare global {
  interface HTMLElementTagNameMap {
    'bn-check-strip': CheckStrip;
  }
}
