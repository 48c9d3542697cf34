import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import type { LabValue } from '../../protocol/lab.ts';
import { viewProperties } from '../../protocol/lab-properties.ts';
import { controls } from '../../style/controls.ts';
import { newSeed } from './edits.ts';
import { type LabCommand, LabCommandEvent, LabEditEvent, LabSealEvent } from './events.ts';
import './field.ts';
import type { FieldEvent } from './field.ts';
import { LabFrames } from './frames.ts';

const SPEEDS = [0, 1, 2, 5, 10, 30, 100, 1000];

/** Digits in groups of three. */
const grouped = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');

/** Training's controls: run, pause, one batch, one epoch, rewind, and when to stop; and where training has got to. */
export class LabRunBar extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    locked: { type: String },
    opened: { state: true },
  };

  declare lab: Lab | undefined;
  declare value: LabValue;
  /** Why nothing can be run now; absent when it can. */
  declare locked: string | undefined;
  declare private opened: boolean;

  protected readonly frames = new LabFrames(this);

  constructor() {
    super();
    this.opened = false;
  }

  override render(): TemplateResult {
    const { lab } = this;
    const running = lab?.status === 'running';
    const ready = lab?.status === 'ready' || running;
    const can = ready && this.locked === undefined;
    const start = (lab?.frame?.arms[0]?.step ?? 0) === 0;
    const command = (name: LabCommand) => () => this.dispatchEvent(new LabCommandEvent(name));
    return html`
      <div class="bar" role="group" aria-label="Training">
        <button
          class="primary run"
          ?disabled=${!can}
          aria-describedby=${this.locked === undefined ? nothing : 'locked'}
          aria-keyshortcuts="Space"
          @click=${command(running ? 'pause' : 'run')}
        >
          <span aria-hidden="true">${running ? '❚❚' : '▶'}</span> ${running ? 'Pause' : 'Run'}
        </button>
        <button ?disabled=${!can} aria-keyshortcuts="S" @click=${command('batch')}>
          Step<span class="wide"> one batch</span>
        </button>
        <button ?disabled=${!can} aria-keyshortcuts="E" @click=${command('epoch')}>Epoch</button>
        <button
          ?disabled=${!ready || start}
          aria-keyshortcuts="R"
          title="The same initial weights and the same order again"
          @click=${command('rewind')}
        >
          <span aria-hidden="true">⏮</span><span class="wide">Rewind</span
          ><span class="narrow visually-hidden">Rewind</span>
        </button>
        <button
          class="quiet"
          aria-expanded=${this.opened}
          aria-controls=${this.opened ? 'more' : nothing}
          @click=${() => (this.opened = !this.opened)}
        >
          <span aria-hidden="true">${this.opened ? '▾' : '▸'}</span
          ><span><span class="wide">Speed, stop, </span>seeds</span>
        </button>
        <p class="status">${this.#status()}</p>
      </div>
      ${this.opened ? this.#more() : nothing}
      ${this.locked === undefined ? nothing : html`<p class="note" id="locked">${this.locked}</p>`}
    `;
  }

  #status(): TemplateResult | string {
    const { lab } = this;
    if (!lab || lab.status === 'empty' || lab.status === 'opening') return 'Preparing…';
    const arms = lab.frame?.arms ?? [];
    const [a, b] = arms;
    if (!a) return '';
    // Different batch sizes: the same number of steps is another number of epochs.
    const epochs = b && b.epoch !== a.epoch ? `epoch A ${a.epoch}, B ${b.epoch}` : `epoch ${a.epoch}`;
    const speed = lab.frame?.speed ?? 0;
    return html`<span>step <b>${grouped(a.step)}</b></span> <span>${epochs}</span>
      <span class="speed"
        >${lab.status === 'running' && speed > 0 ? `${grouped(speed)} steps/s` : nothing}</span
      >`;
  }

  #more(): TemplateResult {
    const { value } = this;
    return html`<div class="more" id="more">
      <label
        >Speed
        <select
          .value=${String(value.speed)}
          @change=${(event: Event) =>
            this.dispatchEvent(
              new LabEditEvent({ speed: Number((event.target as HTMLSelectElement).value) }),
            )}
        >
          ${[...new Set([...SPEEDS, value.speed])].map(
            (speed) =>
              html`<option value=${speed} ?selected=${speed === value.speed}>
                ${speed === 0 ? 'As fast as it goes' : `${grouped(speed)} ${speed === 1 ? 'step' : 'steps'} per second`}
              </option>`,
          )}
        </select>
      </label>
      ${this.#stop('stop_steps', 'Stop after', 'steps')}
      ${this.#stop('stop_loss', 'Stop when A’s batch loss reaches', '')}
      <div class="seeds" role="group" aria-label="New seeds">
        <span>New seed for</span>
        ${this.#seed('seed_data', 'data')} ${this.#seed('seed_init', 'initial weights')}
        ${this.#seed('seed_order', 'order')}
      </div>
      <p class="note keys">
        Keys, while the focus is in the figure: <kbd>Space</kbd> run or pause, <kbd>S</kbd> one batch,
        <kbd>E</kbd> one epoch, <kbd>R</kbd> rewind, <kbd>Ctrl</kbd> <kbd>Z</kbd> undo.
      </p>
    </div>`;
  }

  #stop(name: 'stop_steps' | 'stop_loss', text: string, unit: string): TemplateResult {
    return html`<div class="stop">
      <span aria-hidden="true">${text}</span>
      <bn-lab-field
        .property=${viewProperties[name]}
        .value=${this.value[name]}
        .label=${`${text}${unit === '' ? '' : `, ${unit}`}; 0: never`}
        @bn-field=${(event: FieldEvent) => {
          this.dispatchEvent(new LabEditEvent({ [name]: event.value as number }, name));
          if (event.final) this.dispatchEvent(new LabSealEvent());
        }}
      ></bn-lab-field>
      <span aria-hidden="true">${unit} <span class="note">(0: never)</span></span>
    </div>`;
  }

  #seed(name: 'seed_data' | 'seed_init' | 'seed_order', text: string): TemplateResult {
    const now = this.value[name];
    return html`<button
      title=${`Now ${now}. Training starts anew.`}
      @click=${() => this.dispatchEvent(new LabEditEvent({ [name]: newSeed(now) }))}
    >
      ${text} <span class="note">${now}</span>
    </button>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      .bar,
      .more,
      .seeds,
      .stop,
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }

      .run {
        min-width: 6rem;
        min-height: 2.25rem;
        font-weight: 600;
      }

      .bar button:not(.run) {
        min-height: 2.25rem;
      }

      button {
        gap: 0.35em;
      }

      .status {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        margin: 0 0 0 auto;
        font-variant-numeric: tabular-nums lining-nums;
      }

      .speed {
        min-width: 8.5em;
        color: var(--text-muted);
      }

      .more {
        gap: var(--space-2) var(--space-5);
        padding-block: var(--space-3);
        font-size: var(--size-s);
      }

      .keys {
        flex-basis: 100%;
        margin: 0;
      }

      .stop bn-lab-field {
        width: 4.75rem;
      }

      #locked {
        margin: var(--space-2) 0 0;
      }

      kbd {
        padding: 0.05em 0.35em;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        font: inherit;
      }

      @container (max-width: 40rem) {
        .wide {
          display: none;
        }

        .bar {
          gap: var(--space-1);
        }

        .run {
          min-width: 5.2rem;
        }

        .bar button {
          padding-inline: 0.55em;
        }

        .status {
          width: 100%;
          margin: var(--space-1) 0 0;
          font-size: var(--size-s);
        }
      }
    `,
  ];
}

customElements.define('bn-lab-run-bar', LabRunBar);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-run-bar': LabRunBar;
  }
}
