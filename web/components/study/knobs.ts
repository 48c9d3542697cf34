import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { withDecimal } from '../../protocol/decimal.ts';
import {
  knobOf,
  MOST_POINTS,
  pointsOf,
  type StudyDefinition,
  type StudySetting,
} from '../../protocol/studies.ts';
import { controls } from '../../style/controls.ts';
import '../lab/field.ts';
import type { FieldEvent } from '../lab/field.ts';
import { knobProperty, knobSlider } from './knob-property.ts';

/** The reader has chosen a setting, all of whose values are within their ranges. */
export class StudySettingEvent extends Event {
  constructor(readonly setting: StudySetting) {
    super('bn-study-setting', { bubbles: true });
  }
}

/** `<bn-study-knobs>`: a study's knobs and points as a form; 'bn-study-setting' after each change. */
export class StudyKnobs extends LitElement {
  static override properties = { study: { attribute: false }, setting: { attribute: false } };

  declare study: StudyDefinition | undefined;
  declare setting: StudySetting;

  constructor() {
    super();
    this.setting = { knobs: {} };
  }

  #tell(setting: StudySetting): void {
    this.dispatchEvent(new StudySettingEvent(setting));
  }

  override render(): TemplateResult | typeof nothing {
    const { study, setting } = this;
    if (!study) return nothing;
    const { axis } = study;
    return html`<div class="knobs">
      ${study.knobs.map((knob) => {
        const property = knobProperty(knob);
        const value = knobOf(knob, setting);
        const slides = property.kind === 'number';
        return html`<div class="knob">
          <span class="label" aria-hidden="true">${property.label}</span>
          <bn-lab-field
            .property=${property}
            .value=${slides ? value : value !== 0}
            .slider=${slides ? knobSlider(knob) : undefined}
            .label=${property.label}
            @bn-field=${({ value: given }: FieldEvent) =>
              this.#tell({ ...setting, knobs: { ...setting.knobs, [knob.name]: Number(given) } })}
          ></bn-lab-field>
        </div>`;
      })}
      ${
        axis
          ? html`<div class="knob wide">
              <span class="label" aria-hidden="true">${withDecimal(axis.label)}: the points</span>
              <bn-lab-field
                .property=${{
                  kind: 'list',
                  label: withDecimal(axis.label),
                  default: axis.points,
                  min: axis.min,
                  max: axis.max,
                  whole: axis.whole,
                  maxLength: MOST_POINTS,
                }}
                .value=${pointsOf(study, setting)}
                .label=${`${withDecimal(axis.label)}: the points`}
                @bn-field=${({ value }: FieldEvent) =>
                  this.#tell({ ...setting, points: [...new Set(value as readonly number[])] })}
              ></bn-lab-field>
            </div>`
          : nothing
      }
    </div>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
        font-size: var(--size-s);
      }

      .knobs {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
        align-items: end;
        gap: var(--space-3) var(--space-5);
      }

      .wide {
        grid-column: 1 / -1;
      }

      .label {
        display: block;
        line-height: 1.35;
      }
    `,
  ];
}

customElements.define('bn-study-knobs', StudyKnobs);

declare global {
  interface HTMLElementTagNameMap {
    'bn-study-knobs': StudyKnobs;
  }
  interface HTMLElementEventMap {
    'bn-study-setting': StudySettingEvent;
  }
}
