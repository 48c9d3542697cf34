import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type {
  BooleanProperty,
  ChoiceProperty,
  ListProperty,
  NumberProperty,
  Parsed,
  Property,
  ValueOf,
} from '../../protocol/properties.ts';
import { controls } from '../../style/controls.ts';
import { formatNumber, numberToInput, plainDecimal } from '../format-number.ts';
import { listText, readListField, readNumberField, sliderScale, stepNumber } from './number-text.ts';

/** A value a field was given. `final` is false while a slider moves or a number is being typed. */
export class FieldEvent extends Event {
  constructor(
    readonly value: ValueOf<Property>,
    readonly final: boolean,
  ) {
    super('bn-field', { bubbles: true });
  }
}

/** What a field can show; a per-layer setting has a field per layer. */
export type FieldProperty = NumberProperty | ChoiceProperty | BooleanProperty | ListProperty;

/**
 * One setting as a control: a number with a slider, a menu, a box to tick, or a list of numbers. What is not a value of the
 * property gets a sentence that says so, and the last valid value stays in force.
 */
export class LabField extends LitElement {
  static override properties = {
    property: { attribute: false },
    value: { attribute: false },
    slider: { attribute: false },
    label: { type: String },
    draft: { state: true },
    problem: { state: true },
  };

  declare property: FieldProperty;
  declare value: ValueOf<FieldProperty>;
  declare slider: { min: number; max: number; log?: number } | undefined;
  /** What it is called by assistive technology. */
  declare label: string;
  /** What was typed, while it is being typed or is not a value. */
  declare private draft: string | undefined;
  declare private problem: string | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Changed from elsewhere (undo, a preset): what was typed counts no more, unless it says just that.
    if (changed.has('value') && this.draft !== undefined) {
      const { value } = this.#read(this.draft);
      if (value === undefined || String(value) !== String(this.value)) this.#forget();
    }
  }

  #forget(): void {
    this.draft = undefined;
    this.problem = undefined;
  }

  #tell(value: ValueOf<FieldProperty>, final: boolean): void {
    this.dispatchEvent(new FieldEvent(value, final));
  }

  #read(text: string): Parsed<ValueOf<FieldProperty>> {
    const { property } = this;
    if (property.kind === 'number') return readNumberField(property, text);
    if (property.kind === 'list') return readListField(property, text);
    return { problem: 'expected another kind of setting' };
  }

  override render(): TemplateResult {
    const { property, value } = this;
    switch (property.kind) {
      case 'choice':
        return this.#choice(property, value as string);
      case 'boolean':
        return html`<input
          type="checkbox"
          aria-label=${this.label}
          .checked=${live(value as boolean)}
          @change=${(event: Event) => this.#tell((event.target as HTMLInputElement).checked, true)}
        />`;
      case 'list':
        return html`${this.#text(listText(value as readonly number[]))}${this.#message()}`;
      case 'number':
        return html`<div class="number">
            ${this.#slide(property, value as number)}${this.#number(property, value as number)}
          </div>
          ${this.#message()}`;
    }
  }

  #choice(property: ChoiceProperty, value: string): TemplateResult {
    return html`<select
      aria-label=${this.label}
      .value=${live(value)}
      @change=${(event: Event) => this.#tell((event.target as HTMLSelectElement).value, true)}
    >
      ${property.choices.map(
        (choice) =>
          html`<option value=${choice} ?selected=${choice === value}>
            ${property.names?.[choice] ?? choice}
          </option>`,
      )}
    </select>`;
  }

  #slide(property: NumberProperty, value: number): TemplateResult | typeof nothing {
    if (!this.slider) return nothing;
    const scale = sliderScale(this.slider, property.whole);
    return html`<input
      type="range"
      aria-label=${`${this.label}, slider`}
      min=${scale.min}
      max=${scale.max}
      step=${this.slider.log ?? property.step}
      aria-valuetext=${formatNumber(value)}
      .value=${live(String(scale.place(value)))}
      @input=${(event: Event) => this.#slid(scale.value((event.target as HTMLInputElement).valueAsNumber), false)}
      @change=${(event: Event) => this.#slid(scale.value((event.target as HTMLInputElement).valueAsNumber), true)}
    />`;
  }

  #slid(value: number, final: boolean): void {
    this.#forget();
    this.#tell(Number(value.toPrecision(12)), final);
  }

  #number(property: NumberProperty, value: number): TemplateResult {
    return html`<input
      class="value"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      role="spinbutton"
      aria-label=${this.label}
      aria-valuenow=${plainDecimal(value)}
      aria-valuetext=${formatNumber(value)}
      aria-valuemin=${plainDecimal(property.min)}
      aria-valuemax=${plainDecimal(property.max)}
      aria-invalid=${this.problem === undefined ? nothing : 'true'}
      aria-describedby=${this.problem === undefined ? nothing : 'problem'}
      .value=${live(this.draft ?? numberToInput(value))}
      @input=${this.#typed}
      @blur=${this.#left}
      @keydown=${this.#pressed}
    />`;
  }

  #text(shown: string): TemplateResult {
    return html`<input
      class="list"
      type="text"
      autocomplete="off"
      spellcheck="false"
      aria-label=${this.label}
      aria-invalid=${this.problem === undefined ? nothing : 'true'}
      aria-describedby=${this.problem === undefined ? nothing : 'problem'}
      .value=${live(this.draft ?? shown)}
      @input=${this.#typed}
      @blur=${this.#left}
      @keydown=${this.#pressed}
    />`;
  }

  #message(): TemplateResult | typeof nothing {
    if (this.problem === undefined) return nothing;
    const { value, property } = this;
    const stays =
      property.kind === 'number' ? formatNumber(value as number) : listText(value as readonly number[]);
    return html`<p class="problem" id="problem" role="alert">
      ${this.label}: ${this.problem}. ${stays === '' ? 'The last valid setting' : stays} stays.
    </p>`;
  }

  readonly #typed = (event: Event): void => {
    this.draft = (event.target as HTMLInputElement).value;
    const { value, problem } = this.#read(this.draft);
    // A list is taken over when it is complete; half of a number in it is another number.
    if (value !== undefined && this.property.kind === 'number') this.#tell(value, false);
    // Half-typed is not wrong yet, but what was said to be wrong is watched until it is right.
    if (problem === undefined || this.problem !== undefined) this.problem = problem;
  };

  readonly #left = (): void => {
    if (this.draft === undefined) return;
    const { value, problem } = this.#read(this.draft);
    this.problem = problem;
    if (value === undefined) return;
    this.draft = undefined;
    this.#tell(value, true);
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') this.#left();
    else if (event.key === 'Escape' && this.draft !== undefined) {
      event.stopPropagation();
      this.#forget();
    } else if (this.property.kind === 'number') {
      const steps = STEPS[event.key];
      if (steps === undefined) return;
      event.preventDefault();
      this.#slid(stepNumber(this.property, this.value as number, event.shiftKey ? 10 * steps : steps), false);
    }
  };

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .number {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }

      input[type='range'] {
        flex: 1;
        min-width: 4rem;
      }

      input.value {
        flex: none;
        width: 4.75rem;
        text-align: end;
        font-variant-numeric: tabular-nums lining-nums;
      }

      input.list,
      select {
        width: 100%;
      }

      input[type='checkbox'] {
        display: block;
        width: 1.5rem;
        height: 1.5rem;
      }

      .problem {
        margin: var(--space-1) 0 0;
        font-size: var(--size-s);
      }
    `,
  ];
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

customElements.define('bn-lab-field', LabField);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-field': LabField;
  }
  interface HTMLElementEventMap {
    'bn-field': FieldEvent;
  }
}
