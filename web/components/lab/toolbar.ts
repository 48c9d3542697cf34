import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type LabValue, sameLab } from '../../protocol/lab.ts';
import { type LabPresetName, labPresetNames, labPresets, presetLab } from '../../protocol/lab-presets.ts';
import { controls } from '../../style/controls.ts';
import { toolbar } from '../../style/parts.ts';
import { isPreset } from './attributes.ts';
import { type LabCommand, LabCommandEvent, LabLoadEvent } from './events.ts';

/** Which experiment this is and what to look at, undo and redo, and ways to share and keep it. */
export class LabToolbar extends LitElement {
  static override properties = {
    value: { attribute: false },
    canUndo: { type: Boolean, attribute: 'can-undo' },
    canRedo: { type: Boolean, attribute: 'can-redo' },
    place: { type: String },
    sharing: { state: true },
  };

  declare value: LabValue;
  declare canUndo: boolean;
  declare canRedo: boolean;
  declare place: string | null;
  declare private sharing: boolean;

  constructor() {
    super();
    this.sharing = false;
  }

  override render(): TemplateResult {
    const preset = labPresetNames.find((name) => sameExperiment(presetLab(name), this.value));
    return html`
      <div class="bar">
        <label>
          <span>Experiment</span>
          <select aria-label="Experiment" @change=${this.#choose}>
            ${preset === undefined ? html`<option value="" selected>Your own</option>` : nothing}
            ${labPresetNames.map((name) => html`<option value=${name} .selected=${name === preset}>${labPresets[name].name}</option>`)}
          </select>
        </label>
        <div class="group" role="group" aria-label="Undo">
          ${this.#button('undo', 'Undo', this.canUndo)} ${this.#button('redo', 'Redo', this.canRedo)}
        </div>
        <button class="quiet" aria-expanded=${this.sharing} @click=${this.#share}>
          <span aria-hidden="true">${this.sharing ? '▾' : '▸'}</span>Share and keep
        </button>
      </div>
      ${
        this.sharing
          ? html`<bn-lab-share
              .value=${this.value}
              .place=${this.place}
              .name=${this.value.title || (preset ? labPresets[preset].name : 'My experiment')}
            ></bn-lab-share>`
          : nothing
      }
      <p class="look">${preset === undefined ? nothing : labPresets[preset].look}</p>
    `;
  }

  #button(command: LabCommand, text: string, can: boolean): TemplateResult {
    return html`<button
      class="quiet"
      ?disabled=${!can}
      @click=${() => this.dispatchEvent(new LabCommandEvent(command))}
    >
      ${text}
    </button>`;
  }

  readonly #share = (): void => {
    this.sharing = !this.sharing;
    void import('./share.ts');
  };

  readonly #choose = (event: Event): void => {
    const { value: name } = event.target as HTMLSelectElement;
    if (!isPreset(name)) return;
    const { name: title, look } = labPresets[name];
    const value = { ...presetLab(name as LabPresetName), controls: this.value.controls };
    this.dispatchEvent(new LabLoadEvent(value, `${title}. ${look}`));
  };

  static override styles = [
    controls,
    toolbar,
    css`
      :host {
        display: block;
      }

      .group {
        gap: 0;
      }

      button.quiet {
        gap: 0.3em;
        padding-inline: var(--space-2);
      }

      .look {
        min-height: 1.45em;
        margin: var(--space-2) 0;
        max-width: 50rem;
        text-wrap: pretty;
      }

      @container (max-width: 34rem) {
        .bar {
          gap: var(--space-2);
        }

        label,
        select {
          width: 100%;
        }

        label span {
          flex-basis: 100%;
        }

        /* The longest text has three lines here. */
        .look {
          min-height: 4.35em;
        }
      }
    `,
  ];
}

/** Equal in what is trained, whatever is shown of it. */
function sameExperiment(a: LabValue, b: LabValue): boolean {
  const { controls: shown, panels, emphasis, speed, title } = b;
  return sameLab({ ...a, controls: shown, panels, emphasis, speed, title }, b);
}

customElements.define('bn-lab-toolbar', LabToolbar);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-toolbar': LabToolbar;
  }
}
