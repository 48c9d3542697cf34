import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LabValue } from '../../protocol/lab.ts';
import { hiddenLayers, normAt } from '../../protocol/lab-compile.ts';
import {
  armCount,
  type ArmName,
  armOf,
  armProperties,
  type LabArm,
  LETTERS,
  MAX_HIDDEN,
  type NormKind,
  sharedProperties,
} from '../../protocol/lab-properties.ts';
import { isRelevant } from '../../protocol/lab-relevance.ts';
import type { ChoiceProperty, Property } from '../../protocol/properties.ts';
import { controls } from '../../style/controls.ts';
import { addLayer, chooseData, followA, type LabChangeSet, newSeed, setArm } from './edits.ts';
import { LabEditEvent, LabSealEvent } from './events.ts';
import './field.ts';
import type { FieldEvent, FieldProperty } from './field.ts';
import { setWord } from './number-text.ts';
import { type Section, SECTIONS, type SharedName, SLIDERS } from './sections.ts';

type Name = SharedName | ArmName;
const isArmName = (name: Name): name is ArmName => name in armProperties;
const label = (name: Name): string => {
  const { label: text }: Property = isArmName(name) ? armProperties[name] : sharedProperties[name];
  // γ and ε stay as they are.
  return /^[a-z]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
};

/**
 * The experiment's settings: data, network, normalisation, learning, seeds. Each setting of the networks stands once, for A
 * and B together, until B is given its own. Few are shown at first; each section has more.
 */
export class LabSetupForms extends LitElement {
  static override properties = {
    value: { attribute: false },
    opened: { state: true },
    explained: { state: true },
  };

  declare value: LabValue;
  /** Sections that show all they have. */
  declare private opened: ReadonlySet<string>;
  declare private explained: boolean;

  constructor() {
    super();
    this.opened = new Set();
    this.explained = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated && this.value.controls === 'all') {
      this.opened = new Set(SECTIONS.map(({ id }) => id));
    }
    if (changed.has('value') && this.hasUpdated && changed.get('value')?.controls !== this.value.controls) {
      this.opened = new Set(this.value.controls === 'all' ? SECTIONS.map(({ id }) => id) : []);
    }
  }

  /** Shows the value in force in every control, whatever was last chosen in it. */
  refresh(): void {
    for (const field of this.renderRoot.querySelectorAll('bn-lab-field')) field.requestUpdate();
  }

  #edit(change: LabChangeSet, group?: string): void {
    this.dispatchEvent(new LabEditEvent(change, group));
  }

  override render(): TemplateResult {
    return html`
      <label class="switch">
        <input
          type="checkbox"
          .checked=${this.value.compare}
          @change=${() => this.#edit({ compare: !this.value.compare })}
        />
        Train a second network, B, beside A
      </label>
      <div class=${this.explained ? 'sections explained' : 'sections'}>
        ${SECTIONS.map((section) => this.#section(section))}
      </div>
      <p class="note legend">
        <span aria-hidden="true">↺</span> Training starts anew when this is changed. All else changes while it
        runs.
      </p>
      <label class="switch">
        <input
          type="checkbox"
          .checked=${this.explained}
          @change=${() => (this.explained = !this.explained)}
        />
        Explain the settings
      </label>
    `;
  }

  #section(section: Section): TemplateResult {
    const { id, title } = section;
    const open = this.opened.has(id);
    const few = this.#shown(section.few);
    // What has been given another value than at first is never hidden, and neither is what B has for itself.
    const more = this.#shown(section.more);
    const kept = more.filter((name) => open || this.#isOwn(name));
    return html`<section aria-labelledby=${`title-${id}`}>
      <h3 id=${`title-${id}`}>${title}</h3>
      ${[...few, ...kept].map((name) => this.#row(name))}
      ${
        more.length === kept.length && !open
          ? nothing
          : html`<button class="quiet more" aria-expanded=${open} @click=${() => this.#toggle(id)}>
              <span aria-hidden="true">${open ? '▾' : '▸'}</span>
              ${open ? 'Fewer' : `More`}<span class="visually-hidden"> settings: ${title}</span>
            </button>`
      }
    </section>`;
  }

  #toggle(id: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(id)) opened.add(id);
    this.opened = opened;
  }

  #isOwn(name: Name): boolean {
    return isArmName(name) && this.value.compare && name in this.value.b;
  }

  #shown(names: readonly Name[]): Name[] {
    const { value } = this;
    const arms = Array.from({ length: armCount(value) }, (_, arm) => armOf(value, arm));
    const convolutional = ['glyphs', 'csv'].includes(value.data) || arms.some(({ net }) => net === 'conv');
    return names.filter(
      (name) => (name !== 'net' || convolutional) && arms.some((arm) => isRelevant(name, value, arm)),
    );
  }

  #row(name: Name): TemplateResult {
    const { live, help }: Property = isArmName(name) ? armProperties[name] : sharedProperties[name];
    const { kind } = isArmName(name) ? armProperties[name] : sharedProperties[name];
    return html`<div class=${kind === 'boolean' ? 'row ticks' : 'row'} data-name=${name}>
      <p class="name" title=${help ?? nothing}>
        ${label(name)}
        ${live ? nothing : html`<span class="mark" aria-hidden="true" title="Changing this starts training anew">↺</span>`}
      </p>
      ${isArmName(name) ? this.#armControls(name) : this.#sharedControl(name)}
      ${this.explained && help ? html`<p class="note">${help}</p>` : nothing}
    </div>`;
  }

  #field(
    name: Name,
    spoken: string,
    value: unknown,
    take: (value: never, group?: string) => void,
  ): TemplateResult {
    const property = (isArmName(name) ? armProperties[name] : sharedProperties[name]) as FieldProperty;
    const { live } = property;
    return html`<bn-lab-field
      .property=${property}
      .value=${value}
      .slider=${SLIDERS[name]}
      .label=${live ? spoken : `${spoken} (starts anew)`}
      @bn-field=${(event: FieldEvent) => {
        take(event.value as never, spoken);
        if (event.final) this.dispatchEvent(new LabSealEvent());
      }}
    ></bn-lab-field>`;
  }

  #sharedControl(name: SharedName): TemplateResult {
    const { value } = this;
    const seed = name === 'seed_data' || name === 'seed_init' || name === 'seed_order';
    return html`<div class="line">
      ${this.#field(name, label(name), value[name], (next: LabValue[SharedName], group) =>
        this.#edit(
          name === 'data' ? chooseData(value, next as LabValue['data']) : { [name]: next },
          name === 'data' ? undefined : group,
        ),
      )}
      ${
        seed
          ? html`<button class="quiet" @click=${() => this.#edit({ [name]: newSeed(value[name]) })}>
              New<span class="visually-hidden">: ${label(name)}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  #armControls(name: ArmName): TemplateResult {
    const { value } = this;
    const own = this.#isOwn(name);
    const letters = value.compare;
    const relevant = (arm: number) => isRelevant(name, value, armOf(value, arm));
    return html`
      ${!letters || own ? nothing : this.#armControl(name, 0, this.#differ(name), '')}
      ${
        own
          ? html`${relevant(0) ? this.#armControl(name, 0, html`<span class="tie"></span>`, 'A') : nothing}
            ${this.#armControl(name, 1, this.#same(name), 'B')}`
          : nothing
      }
      ${letters ? nothing : this.#armControl(name, 0, nothing, '')}
    `;
  }

  #armControl(
    name: ArmName,
    arm: number,
    after: TemplateResult | typeof nothing,
    letter: string,
  ): TemplateResult {
    return html`<div class="line">
      ${letter === '' ? nothing : html`<span class="letter" aria-hidden="true">${letter}</span>`}
      ${name === 'norms' ? this.#layerByLayer(arm) : this.#control(name, arm, letter)} ${after}
    </div>`;
  }

  #spoken(name: ArmName, letter: string): string {
    return letter === '' ? label(name) : `${label(name)} of ${letter}`;
  }

  #control(name: ArmName, arm: number, letter: string): TemplateResult {
    const setting = armOf(this.value, arm)[name];
    const field = this.#field(name, this.#spoken(name, letter), setting, (next: LabArm[ArmName], group) =>
      this.#edit(setArm(this.value, arm, name, next), group),
    );
    return name === 'hidden' ? html`${field}${this.#layerButtons(arm, setting as readonly number[])}` : field;
  }

  #layerButtons(arm: number, hidden: readonly number[]): TemplateResult {
    const of = this.value.compare && 'hidden' in this.value.b ? ` of ${LETTERS[arm]}` : '';
    const change = (by: 1 | -1) => () => this.#edit(setArm(this.value, arm, 'hidden', addLayer(hidden, by)));
    return html`<span class="pair">
      <button
        class="icon"
        aria-label=${`Remove the last hidden layer${of}`}
        ?disabled=${hidden.length === 0}
        @click=${change(-1)}
      >
        −</button
      ><button
        class="icon"
        aria-label=${`Add a hidden layer${of}`}
        ?disabled=${hidden.length === MAX_HIDDEN}
        @click=${change(1)}
      >
        +
      </button>
    </span>`;
  }

  #layerByLayer(arm: number): TemplateResult {
    const settings = armOf(this.value, arm);
    const property = { ...armProperties.norm, names: { ...armProperties.norm.names, none: 'None' } };
    return html`<div class="layers">
      ${Array.from({ length: hiddenLayers(settings) }, (_, layer) => {
        const now = normAt(settings, layer);
        return html`<div>
          <span class="note">${layer + 1}</span>
          <bn-lab-field
            .property=${property as ChoiceProperty}
            .value=${now}
            .label=${`Normalisation of hidden layer ${layer + 1}, ${LETTERS[arm]} (starts anew)`}
            @bn-field=${(event: FieldEvent) => {
              const words = setWord(
                armProperties.norms,
                settings.norms,
                layer,
                event.value as NormKind,
                settings.norm,
              );
              this.#edit(setArm(this.value, arm, 'norms', words));
            }}
          ></bn-lab-field>
        </div>`;
      })}
    </div>`;
  }

  #differ(name: ArmName): TemplateResult {
    return html`<button
      class="quiet tie"
      title="A and B have the same. Give B its own."
      aria-label=${`A = B: give B its own ${armProperties[name].label}`}
      @click=${() => this.#edit(setArm(this.value, 1, name, armOf(this.value, 1)[name]))}
    >
      A = B
    </button>`;
  }

  #same(name: ArmName): TemplateResult {
    return html`<button
      class="quiet tie"
      title="Make B the same as A again."
      aria-label=${`= A: make B the same as A in ${armProperties[name].label}`}
      @click=${() => this.#edit(followA(this.value, name))}
    >
      = A
    </button>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      /* Below the panels' place there is room for two sections beside each other. */
      @container (min-width: 36rem) and (max-width: 59.99rem) {
        .sections {
          columns: 2;
          column-gap: var(--space-6);
        }
      }

      section {
        break-inside: avoid;
        padding-block: var(--space-3);
        border-block-start: 1px solid var(--hairline);
      }

      h3 {
        margin: 0 0 var(--space-2);
        font: 600 var(--size-m) / 1.3 var(--font-sans);
      }

      .switch {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        margin-block-end: var(--space-2);
      }

      .row {
        margin-block-end: var(--space-2);
      }

      .name {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      .ticks {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-2);
      }

      .ticks > .name {
        flex: 1;
        min-width: 10rem;
      }

      .ticks > .note {
        flex-basis: 100%;
      }

      .ticks .line {
        align-items: center;
      }

      .mark {
        font-size: 0.9em;
      }

      .note {
        margin: 0;
        max-width: 30rem;
      }

      .explained .row {
        margin-block-end: var(--space-4);
      }

      .legend {
        margin-block: var(--space-3) var(--space-2);
      }

      .line {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
        margin-block-end: var(--space-1);
      }

      .line > bn-lab-field,
      .layers {
        flex: 1;
      }

      .letter {
        flex: none;
        width: 1rem;
        font-weight: 600;
        line-height: var(--target);
      }

      .tie {
        flex: none;
        width: 3.2rem;
        padding-inline: 0;
        color: var(--text-muted);
        font-size: var(--size-s);
        white-space: nowrap;
        word-spacing: -0.1em;
      }

      .pair {
        display: flex;
        flex: none;
      }

      .pair button + button {
        margin-inline-start: -1px;
      }

      .layers {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
        gap: var(--space-1) var(--space-2);
      }

      .layers > div {
        display: grid;
        grid-template-columns: 1.3rem 1fr;
        align-items: center;
      }

      .more {
        gap: var(--space-1);
        margin-inline-start: calc(-1 * var(--space-2));
        padding-inline: var(--space-2);
        color: var(--text-muted);
      }
    `,
  ];
}

customElements.define('bn-lab-setup', LabSetupForms);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-setup': LabSetupForms;
  }
}
