import { css, html, LitElement, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import { FIRST_SEED_MAX, isUnchanged, UNCHANGED } from '../../claims/link.ts';
import type { NumberProperty } from '../../protocol/properties.ts';
import type { ClaimSetting } from '../../protocol/claim-setting.ts';
import { formatSetting, MOST_SEEDS, type StudySetting } from '../../protocol/studies.ts';
import { controls } from '../../style/controls.ts';
import '../lab/field.ts';
import type { FieldEvent } from '../lab/field.ts';
import '../study/knobs.ts';
import type { StudySettingEvent } from '../study/knobs.ts';
import type { StudyPlan } from './runs.ts';

const SEEDS = { kind: 'number', label: 'How many', min: 2, max: MOST_SEEDS, whole: true, step: 1 } as const;
const FIRST = {
  kind: 'number',
  label: 'The first',
  default: 0,
  min: 0,
  max: FIRST_SEED_MAX,
  whole: true,
  step: 1,
} as const satisfies NumberProperty;

/** The reader wants the claim's studies run like this from now on. */
export class ClaimSettingEvent extends Event {
  constructor(readonly setting: ClaimSetting) {
    super('bn-claim-setting');
  }
}

/** `<bn-claim-knobs>`: what can be changed about the studies of a claim, and how many seeds they are run with. */
export class ClaimKnobs extends LitElement {
  static override properties = {
    plans: { attribute: false },
    setting: { attribute: false },
  };

  declare plans: readonly StudyPlan[];
  declare setting: ClaimSetting;

  constructor() {
    super();
    this.plans = [];
    this.setting = UNCHANGED;
  }

  #tell(setting: ClaimSetting): void {
    this.dispatchEvent(new ClaimSettingEvent(setting));
  }

  #set({ study }: StudyPlan, changed: StudySetting): void {
    const { [study.id]: _, ...others } = this.setting.studies;
    const text = formatSetting(study, changed);
    this.#tell({ ...this.setting, studies: text === '' ? others : { ...others, [study.id]: text } });
  }

  override render(): TemplateResult {
    const { setting } = this;
    const byDefault = Math.max(2, ...this.plans.map(({ study }) => study.seeds));
    return html`
      ${this.plans.map(
        (plan) =>
          html`<fieldset>
            <legend>${plan.study.id}. ${withDecimal(plan.study.title)}</legend>
            <p class="note">${withDecimal(plan.study.method)}</p>
            <bn-study-knobs
              .study=${plan.study}
              .setting=${plan.setting}
              @bn-study-setting=${(event: StudySettingEvent) => this.#set(plan, event.setting)}
            ></bn-study-knobs>
          </fieldset>`,
      )}
      <fieldset>
        <legend>Seeds</legend>
        <div class="seeds">
          ${this.#number({ ...SEEDS, default: byDefault }, setting.seeds ?? byDefault, (seeds) =>
            this.#tell({ ...setting, seeds }),
          )}
          ${this.#number(FIRST, setting.firstSeed, (firstSeed) => this.#tell({ ...setting, firstSeed }))}
        </div>
      </fieldset>
      <button type="button" ?disabled=${isUnchanged(setting)} @click=${() => this.#tell(UNCHANGED)}>
        Reset all
      </button>
    `;
  }

  #number(property: NumberProperty, value: number, take: (value: number) => void): TemplateResult {
    return html`<div>
      <span aria-hidden="true">${property.label}</span>
      <bn-lab-field
        .property=${property}
        .value=${value}
        .label=${property.label}
        @bn-field=${(event: FieldEvent) => take(event.value as number)}
      ></bn-lab-field>
    </div>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      fieldset {
        min-width: 0;
        margin: 0 0 var(--space-4);
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0;
        font-weight: 600;
      }

      .note {
        max-width: var(--measure);
        margin: 0 0 var(--space-2);
      }

      .seeds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-5);
      }
    `,
  ];
}

customElements.define('bn-claim-knobs', ClaimKnobs);

declare global {
  interface HTMLElementTagNameMap {
    'bn-claim-knobs': ClaimKnobs;
  }
  interface HTMLElementEventMap {
    'bn-claim-setting': ClaimSettingEvent;
  }
}
