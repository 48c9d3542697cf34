import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { toolbar } from '../../style/parts.ts';
import { embedEntry } from '../builder/entry.ts';
import '../copy-text.ts';
import './batch-tools.ts';
import { writeHash } from '../../protocol/hash.ts';
import { encodeWorkedExample, presetOf, type WorkedExample } from '../../protocol/worked-example.ts';
import { presetNames, presets, type PresetName } from '../../protocol/worked-example-presets.ts';
import { embedding } from '../embedded.ts';
import { siteLink } from '../site-link.ts';
import { applyPreset } from './edits.ts';
import { CommandEvent, EditEvent, SayEvent } from './events.ts';
import { toCsv, toLatexText, toPyTorch } from './export.ts';
import { presetCheck } from './preset-check.ts';
import { partStyles } from './styles.ts';
import type { FeatureView } from './walk.ts';

const COPIES = {
  CSV: (view: FeatureView) => toCsv(view.numbers),
  LaTeX: (view: FeatureView) => toLatexText(view.numbers),
  PyTorch: (view: FeatureView) => toPyTorch(view.numbers.state),
};

/** Which batch, what it teaches, and back and forth: presets, undo and redo, reset, copy. */
export class Toolbar extends LitElement {
  static override properties = {
    state: { attribute: false },
    view: { attribute: false },
    canUndo: { type: Boolean, attribute: 'can-undo' },
    canRedo: { type: Boolean, attribute: 'can-redo' },
    opened: { state: true },
  };

  declare state: WorkedExample;
  declare view: FeatureView | undefined;
  declare canUndo: boolean;
  declare canRedo: boolean;
  declare private opened: 'copy' | 'edit' | undefined;

  override render(): TemplateResult {
    const preset = presetOf(this.state);
    const command = (name: CommandEvent['command']) => () => this.dispatchEvent(new CommandEvent(name));
    return html`
      <div class="bar">
        <label data-changes>
          <span>Batch</span>
          <select @change=${this.#choose}>
            ${preset === undefined ? html`<option value="" selected>Your own numbers</option>` : nothing}
            ${presetNames.map((name) => html`<option value=${name} .selected=${name === preset}>${presets[name].name}</option>`)}
          </select>
        </label>
        <div class="group" role="group" aria-label="Undo and reset" data-changes>
          <button class="quiet" ?disabled=${!this.canUndo} @click=${command('undo')}>Undo</button>
          <button class="quiet" ?disabled=${!this.canRedo} @click=${command('redo')}>Redo</button>
          <button class="quiet" @click=${command('reset')}>Reset</button>
        </div>
        <div class="group">
          <span data-changes="more">${this.#disclosure('edit', 'Edit', ' the batch')}</span>
          ${this.#disclosure('copy', 'Copy', ' the numbers')}
        </div>
      </div>
      ${this.opened === 'edit' ? html`<div class="opened" id="opened"><bn-batch-tools .state=${this.state}></bn-batch-tools></div>` : nothing}
      ${this.opened === 'copy' ? this.#copies() : nothing}
      <p class="lesson">
        ${preset === undefined ? 'These are your own numbers.' : presets[preset].lesson}
        <span class="check">${this.view ? presetCheck(preset, this.view) : nothing}</span>
      </p>
    `;
  }

  #disclosure(name: 'copy' | 'edit', text: string, what: string): TemplateResult {
    const open = this.opened === name;
    return html`<button
      class="quiet"
      aria-expanded=${open}
      aria-controls=${open ? 'opened' : nothing}
      @click=${() => (this.opened = open ? undefined : name)}
    >
      <span class="arrow" aria-hidden="true">${open ? '▾' : '▸'}</span>${text}<span class="what"
        >${what}</span
      >
    </button>`;
  }

  #copies(): TemplateResult {
    const names = Object.keys(COPIES) as (keyof typeof COPIES)[];
    return html`<div class="opened" id="opened">
      <div class="group" role="group" aria-label="Copy the numbers">
        ${names.map((name) => html`<button ?disabled=${!this.view} @click=${() => this.#copy(name)}>${name}</button>`)}
        <button @click=${() => this.#put('Link', this.#link())}>Link</button>
        ${embedEntry({ figure: 'worked-example', attributes: {}, state: encodeWorkedExample(this.state) })}
        <bn-copy-text></bn-copy-text>
      </div>
    </div>`;
  }

  readonly #choose = (event: Event): void => {
    const name = (event.target as HTMLSelectElement).value as PresetName;
    if (!(name in presets)) return;
    this.dispatchEvent(new EditEvent(applyPreset(name)));
    this.dispatchEvent(new SayEvent(`${presets[name].name}. ${presets[name].lesson}`));
  };

  /** The address has the numbers, unless it is that of somebody else's page. */
  #link(): string {
    if (!embedding()?.isolate) return location.href;
    const place = writeHash('', 'we', encodeWorkedExample(this.state));
    return siteLink(`a-batch-normalised.html${place}`) ?? location.href;
  }

  #copy(name: keyof typeof COPIES): void {
    if (this.view) void this.#put(name, COPIES[name](this.view));
  }

  async #put(name: string, text: string): Promise<void> {
    const copied = await this.renderRoot.querySelector('bn-copy-text')?.copy(name, text);
    if (copied) this.dispatchEvent(new SayEvent(`${name} copied`));
  }

  static override styles = [
    controls,
    partStyles,
    toolbar,
    css`
      .group button.quiet {
        padding-inline: var(--space-2);
      }

      .group:has(.quiet) {
        gap: 0;
      }

      .group button {
        gap: 0;
      }

      .group a {
        color: inherit;
        font-size: var(--size-s);
        line-height: var(--target);
      }

      .what {
        white-space: pre;
      }

      .arrow {
        width: 1em;
        margin-inline-end: 0.2em;
      }

      .opened {
        margin-block: var(--space-3);
        padding-inline-start: var(--space-4);
        border-inline-start: 2px solid var(--hairline);
      }

      .lesson {
        min-height: 4.4em;
        margin: var(--space-3) 0;
        max-width: 46rem;
      }

      .check {
        display: block;
        color: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }

      @container (max-width: 34rem) {
        .bar {
          gap: var(--space-2) 0;
        }

        .bar > label {
          width: 100%;
        }

        .what {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];
}

customElements.define('bn-toolbar', Toolbar);
