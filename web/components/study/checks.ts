import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { StudyCheck, StudyDefinition, StudyRecord, StudyVerdict } from '../../protocol/studies.ts';
import { controls } from '../../style/controls.ts';
import { block } from '../../style/parts.ts';
import './check-strip.ts';

/** So many are shown unfolded, unless it is said which. */
const UNFOLDED = 4;

const KINDS: Readonly<Record<StudyCheck['kind'], string>> = {
  exact: 'Exact: follows from algebra.',
  robust: 'Robust: the tests of this engine hold it to it.',
  open: 'Open: shown for you to judge, held to by nobody.',
};
const COUNTED = {
  holds: 'hold',
  fails: 'fail',
  unsettled: 'unsettled',
  not_measured: 'not measured',
} as const;

/** `<bn-study-checks>`: what a study is held to, and what came of it; the most important first, the rest to unfold. */
export class StudyChecks extends LitElement {
  static override properties = {
    study: { attribute: false },
    records: { attribute: false },
    verdicts: { attribute: false },
    first: { attribute: false },
  };

  declare study: StudyDefinition | undefined;
  declare records: readonly StudyRecord[];
  /** In the order of the study's checks; empty before there are any. */
  declare verdicts: readonly StudyVerdict[];
  /** Names of checks to show unfolded; empty: the first few. */
  declare first: readonly string[];

  constructor() {
    super();
    this.records = [];
    this.verdicts = [];
    this.first = [];
  }

  override render(): TemplateResult | typeof nothing {
    const { study, verdicts } = this;
    if (!study) return nothing;
    const places = [...study.checks.keys()];
    const named = this.first.flatMap((name) => places.filter((at) => study.checks[at]!.name === name));
    // One alone is not worth a fold.
    const few = places.length <= UNFOLDED + 1 ? places : places.slice(0, UNFOLDED);
    const shown = named.length > 0 ? named : few;
    const rest = places.filter((at) => !shown.includes(at));
    return html`<h4>${verdicts.length > 0 ? 'What came out' : 'What it is held to'}</h4>
      ${this.#list(study, shown)}
      ${
        rest.length === 0
          ? nothing
          : html`<details>
              <summary>
                ${rest.length} more ${rest.length === 1 ? 'check' : 'checks'}${this.#counts(rest)}
              </summary>
              ${this.#list(study, rest)}
            </details>`
      }
      ${
        this.records.length === 0
          ? nothing
          : html`<p class="note">
              Shaded is what is asked for. A check holds where the whole interval lies within, and fails where
              the whole interval lies outside. ${kindsWords(study)}
            </p>`
      }`;
  }

  #list(study: StudyDefinition, places: readonly number[]): TemplateResult {
    return html`<ul>
      ${places.map(
        (at) =>
          html`<li>
            <bn-check-strip
              .check=${study.checks[at]}
              .numbers=${this.records.map(({ numbers }) => numbers[at]!)}
              .verdict=${this.verdicts[at]}
            ></bn-check-strip>
          </li>`,
      )}
    </ul>`;
  }

  /** “: 6 hold, 1 unsettled” */
  #counts(places: readonly number[]): string {
    const { verdicts } = this;
    if (verdicts.length === 0) return '';
    const counts = (['holds', 'fails', 'unsettled', 'not_measured'] as const)
      .map((decision) => ({
        decision,
        count: places.filter((at) => verdicts[at]!.decision === decision).length,
      }))
      .filter(({ count }) => count > 0);
    return `: ${counts.map(({ decision, count }) => `${count} ${COUNTED[decision]}`).join(', ')}`;
  }

  static override styles = [
    controls,
    block,
    css`
      h4 {
        margin: var(--space-4) 0 var(--space-2);
        font: 600 var(--size-m) / 1.3 var(--font-sans);
      }

      ul {
        display: grid;
        gap: var(--space-4);
        margin: 0 0 var(--space-3);
        padding: 0;
        list-style: none;
      }

      summary {
        padding-block: 0.4em;
        color: var(--text-muted);
        font-size: var(--size-s);
        cursor: pointer;
      }

      details ul {
        margin-block-start: var(--space-3);
      }

      .note {
        margin: 0;
        max-width: var(--measure);
        font-size: var(--size-s);
        color: var(--text-muted);
      }
    `,
  ];
}

function kindsWords({ checks }: StudyDefinition): string {
  const kinds = (['exact', 'robust', 'open'] as const).filter((kind) =>
    checks.some((check) => check.kind === kind),
  );
  return kinds.map((kind) => KINDS[kind]).join(' ');
}

customElements.define('bn-study-checks', StudyChecks);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-checks': StudyChecks;
  }
}
